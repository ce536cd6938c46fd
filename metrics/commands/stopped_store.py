"""The store of an embedded stack that is not running, opened for one command."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metrics.store.errors import StoreUnavailable

STORE_FOLDER = "store"
_STOP_SECONDS = 15


def has_store(data_dir: Path) -> bool:
    """Whether an embedded stack has ever stored anything there."""
    return (data_dir / STORE_FOLDER).is_dir()


@contextmanager
def opened(data_dir: Path) -> Iterator[str]:
    """The URL of a front on a data directory's store, for as long as it is needed. Raises StoreUnavailable."""
    command = [sys.executable, "-m", "metrics.store.front", "--path", str(data_dir / STORE_FOLDER), "--port", "0"]
    front = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        line = front.stdout.readline() if front.stdout is not None else ""
        if not line.startswith("ready "):
            raise StoreUnavailable(f"the store in {data_dir} can't be opened; its reason is above")
        yield line.split()[1]
    finally:
        front.terminate()
        try:
            front.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            front.kill()
            front.wait()
        if front.stdout is not None:
            front.stdout.close()
