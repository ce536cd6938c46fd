"""How a command finds the stack it is about: the environment, else the note that a running `flowglass up` left.

The note wins only where the environment names neither store nor broker: half a stack from each could read one
installation and write to another.
"""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from metrics.settings import SettingError, Settings, read_settings

NOTE = "run.json"
STORE, BROKER = "FLOWGLASS_STORE_URL", "FLOWGLASS_BROKER_URL"
_ANSWER_SECONDS = 0.5


class NotRunning(SettingError):
    """No stack can be found; the message says what to do."""


class Note(msgspec.Struct, frozen=True):
    """Where the programs of a running stack listen: `broker` as host:port, the others as URLs."""

    broker: str
    store: str
    dashboards: str = ""
    gateway: str = ""


def find_stack(
    environment: Mapping[str, str] | None = None,
    *,
    broker: bool = False,
    listens: Callable[[str], bool] | None = None,
) -> Settings:
    """The settings with the addresses of the stack that this command is about.

    `broker`: the command needs the broker too, not only the store. `listens` tells whether anything accepts
    connections at a URL. Raises NotRunning.
    """
    source = os.environ if environment is None else environment
    settings = read_settings(source)
    given = [name for name in (STORE, BROKER) if source.get(name, "").strip()]
    if given:
        _refuse_half(given, broker)
        return settings
    note = read_note(settings.data_dir)
    if note is None:
        raise NotRunning(f"no stack runs on {settings.data_dir.resolve()}. {_ADVICE}")
    if not (listens or accepts)(note.store):
        raise NotRunning(
            f"the stack on {settings.data_dir.resolve()} is not running any more (nothing listens at {note.store}). "
            f"{_ADVICE}"
        )
    return msgspec.structs.replace(settings, store_url=note.store, broker=note.broker)


def read_note(data_dir: Path) -> Note | None:
    """What the stack on a data directory noted; None without one. Raises NotRunning for a note nobody can read."""
    path = data_dir / NOTE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise NotRunning(f"{path} can't be read ({error}). Stop the stack, delete the file and start again.") from None


def accepts(url: str) -> bool:
    """Whether something accepts connections at a URL's host and port."""
    where = urlsplit(url)
    try:
        with socket.create_connection((where.hostname or "", where.port or 80), timeout=_ANSWER_SECONDS):
            return True
    except OSError:
        return False


_ADVICE = (
    "Start one with `flowglass up`, name its directory with FLOWGLASS_DATA_DIR, "
    f"or set {STORE} (and {BROKER}) to servers of your own."
)


def _refuse_half(given: list[str], broker: bool) -> None:
    if STORE not in given:
        raise NotRunning(f"{BROKER} is set and {STORE} is not: set both, so that they belong together.")
    if broker and BROKER not in given:
        raise NotRunning(f"{STORE} is set and {BROKER} is not: this command needs both.")
