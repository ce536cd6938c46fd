"""Says in time that the disk of the data directory fills up, and what that means."""

import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Literal

from metrics.store.space import MIB, Space

LOOK_SECONDS = 5.0
Level = Literal["enough", "low", "full"]


class DiskWatch:
    """Tells a person each change between enough room, little and none. `tell` takes a sentence."""

    def __init__(
        self,
        folder: Path,
        tell: Callable[[str], None],
        clock: Callable[[], float] = monotonic,
        space: Callable[[Path], Space] | None = None,
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._clock = clock
        self._space = space or space_of
        self._next = clock()
        self._level: Level = "enough"

    def look(self) -> None:
        """Called every round of the supervisor; cheap unless its time has come."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + LOOK_SECONDS
        try:
            space = self._space(self._folder)
        except OSError:
            return  # the next look may tell more
        level: Level = "full" if space.is_full else "low" if space.is_low else "enough"
        if level != self._level:
            self._level = level
            self._tell(sentence(level, self._folder, space))


def sentence(level: Level, folder: Path, space: Space) -> str:
    """What a person is told when it comes to this."""
    left = f"{space.free // MIB:,} MiB of {space.total // MIB:,} are left on the disk of {folder}"
    if level == "enough":
        return f"there is room again: {left}"
    if level == "low":
        return f"the disk fills up: {left}"
    return f"the disk is full: {left}. Nothing is stored until there is room; what comes in waits in the broker"


def space_of(folder: Path) -> Space:
    """The room on a folder's disk. Raises OSError."""
    usage = shutil.disk_usage(folder)
    return Space(usage.free, usage.total)
