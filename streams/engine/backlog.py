"""What a worker has still to read, how old it is, and how long it will take at the pace of the last half minute."""

from collections import deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import NamedTuple

from streams.engine.flush import Partition

WINDOW_SECONDS = 30.0
"""The pace is taken over so long at most: longer than a slow flush, short enough to follow a change."""
UNKNOWN = -1


class Standing(NamedTuple):
    """What is still to be read, in microseconds and records.

    `read_to`: when the newest record came that was read of the partition furthest back in time, 0 for none yet;
    `left_us`: until all is read at the present pace, UNKNOWN when the backlog does not get shorter.
    """

    records: int
    read_to: int
    left_us: int


class Reach(NamedTuple):
    """How far one partition is read: the next offset, the end of its log, when the newest record read came."""

    next_offset: int
    end: int
    came: int

    @property
    def behind(self) -> int:
        return max(0, self.end - self.next_offset)


class Backlog:
    """Looks at all partitions of one assignment, those included of which nothing was read yet."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._reached: dict[Partition, Reach] = {}
        self._looks: deque[tuple[float, int]] = deque()

    def start_at(self, ends: Mapping[Partition, int], committed: Mapping[Partition, int]) -> None:
        """Where a partition was committed its backlog is known before it is read."""
        for partition, end in ends.items():
            if partition in committed:
                self._reached[partition] = Reach(committed[partition], end, 0)
        self.look()

    def advance(self, partition: Partition, next_offset: int, end: int, came: int) -> None:
        """A batch was read; its newest record came at `came`, in microseconds."""
        self._reached[partition] = Reach(next_offset, end, came)

    def at_most(self, ends: Mapping[Partition, int]) -> int:
        """Records still to be read; partitions of which nothing is known but their end count whole."""
        untouched = (end for partition, end in ends.items() if partition not in self._reached)
        return self._records() + sum(untouched)

    def look(self) -> Standing:
        """The present standing; the pace is that between looks."""
        now, records = self._clock(), self._records()
        while len(self._looks) > 1 and now - self._looks[1][0] >= WINDOW_SECONDS:
            self._looks.popleft()
        self._looks.append((now, records))
        waiting = [one.came for one in self._reached.values() if one.behind and one.came]
        return Standing(records, min(waiting, default=0), self._left_us(records))

    def _records(self) -> int:
        return sum(one.behind for one in self._reached.values())

    def _left_us(self, records: int) -> int:
        if not records:
            return 0
        (began, then), (now, _) = self._looks[0], self._looks[-1]
        shrunk, seconds = then - records, now - began
        return round(records * seconds / shrunk * 1e6) if shrunk > 0 and seconds > 0 else UNKNOWN
