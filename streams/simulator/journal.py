"""What a run remembers on disk: how far it has sent, and the truth."""

from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from metrics.steady_log import is_disk_full
from streams.simulator.plan import LONGEST_DAYS, SimulationPlan

STATE_FILE = "state.json"
TRUTH_FILE = "truth.jsonl"
_TOGETHER = 1 << 18


class Progress(msgspec.Struct, kw_only=True):
    """How far a run has come. `sent` counts outputs since the start of history; `counts` as in `BrokerSink`.

    `native`: the products speak for themselves, of what began `native_days` before the anchor or later. `history_sent`:
    the live markers are out. `heard`: the wall clock at the last write, microseconds UTC.
    """

    seed: int
    anchor: int
    days: int
    load: float
    speed: float
    disorder: str
    native: bool = False
    native_days: int = LONGEST_DAYS
    sent: int = 0
    history_sent: bool = False
    heard: int = 0
    counts: dict[str, list[int]] = {}


class OtherRunError(ValueError):
    """The directory holds the progress of a run with other settings."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """Reads and replaces the progress of a run, whole or not at all."""

    directory: Path

    def read(self) -> Progress | None:
        """The progress on disk, or None where there is none."""
        path = self.directory / STATE_FILE
        return msgspec.json.decode(path.read_bytes(), type=Progress) if path.exists() else None

    def write(self, progress: Progress) -> None:
        """Replace the progress on disk. Raises OSError; the one before is then as it was."""
        self.directory.mkdir(parents=True, exist_ok=True)
        fresh = self.directory / (STATE_FILE + ".new")
        fresh.write_bytes(msgspec.json.encode(progress))
        fresh.replace(self.directory / STATE_FILE)


class Unbuffered(Protocol):
    """Takes as many bytes as it has room for; raises OSError when it has none."""

    def write(self, data: bytearray, /) -> int: ...
    def close(self) -> None: ...


class TruthFile:
    """Writes records of truth as JSON lines. A restarted run writes the same file again from its first line.

    What the disk has no room for waits in memory, in order: a truth with a hole in it would be none.
    """

    def __init__(self, directory: Path, file: Unbuffered | None = None) -> None:
        """`file`: another one than the directory's."""
        directory.mkdir(parents=True, exist_ok=True)
        self._file: Unbuffered = file or (directory / TRUTH_FILE).open("wb", buffering=0)
        self._encoder = msgspec.json.Encoder()
        self._waiting = bytearray()
        self._next = _TOGETHER

    def __call__(self, record: dict[str, Any]) -> None:
        self._waiting += self._encoder.encode(record) + b"\n"
        if len(self._waiting) >= self._next:
            self.flush()

    def flush(self) -> None:
        """Hand what was written to the operating system, as far as the disk has room."""
        try:
            while self._waiting:
                del self._waiting[: self._file.write(self._waiting)]
        except OSError as error:
            if not is_disk_full(error):
                raise
        self._next = len(self._waiting) + _TOGETHER

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None) -> None:
        self.flush()
        self._file.close()


def plan_record(plan: SimulationPlan) -> dict[str, Any]:
    """The plan as the first line of the truth file."""
    return {"record": "plan", **asdict(plan)}
