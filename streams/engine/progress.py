"""How far a worker has read: positions since the last flush, and whether the backlog found at start is through."""

from collections.abc import Mapping

from streams.engine.backlog import Backlog, Standing
from streams.engine.feeds import NEVER
from streams.engine.flush import Partition, Position, Positions
from streams.engine.ports import Reader


class Progress:
    """Positions of the partitions one worker owns, since its assignment."""

    def __init__(self, ends: Mapping[Partition, int]) -> None:
        self._ends = ends
        self._behind = {partition: end for partition, end in ends.items() if end > 0}
        self._backlog = Backlog()
        self._watermarks: dict[Partition, int] = {}
        self._fresh: Positions = {}
        self._read: dict[Partition, int] = {}
        self.records = 0
        self.standing = Standing(0, 0, 0)

    def start_at(self, committed: Mapping[Partition, int]) -> None:
        """What was committed before the assignment needs no reading."""
        for partition, offset in committed.items():
            if offset >= self._behind.get(partition, 0):
                self._behind.pop(partition, None)
        self._backlog.start_at(self._ends, committed)

    def goes_back(self, partition: Partition, first_offset: int) -> bool:
        """Whether a batch lies before what was read already: offsets of one log never do."""
        return first_offset < self._read.get(partition, 0)

    def advance(
        self, partition: Partition, next_offset: int, high_water: int, newest: int, records: int, came: int = 0
    ) -> None:
        """A batch was taken in; microseconds: `newest` is its newest event time, `came` when its last record came."""
        watermark = max(newest, self._watermarks.get(partition, NEVER))
        self._watermarks[partition] = watermark
        self._read[partition] = next_offset
        self._fresh[partition] = Position(next_offset, high_water, watermark, came)
        self._backlog.advance(partition, next_offset, high_water, came)
        self.records += records
        if next_offset >= self._behind.get(partition, 0):
            self._behind.pop(partition, None)

    @property
    def caught_up(self) -> bool:
        """Whether everything that was there at the assignment has been read."""
        return not self._behind

    @property
    def backlog(self) -> int:
        """Records that wait to be read; all of a partition of which nothing was committed or read yet."""
        return self._backlog.at_most(self._ends)

    def take(self) -> Positions:
        """Positions since the last call, to be committed with what was harvested at the same moment."""
        fresh, self._fresh = self._fresh, {}
        self.records = 0
        self.standing = self._backlog.look()
        return {partition: at._replace(left_us=self.standing.left_us) for partition, at in fresh.items()}


def committed(reader: Reader, incarnation: str, worker: str) -> dict[Partition, int]:
    """The next offset to read of each partition, as last flushed under this incarnation of the log."""
    sql = """SELECT topic, partition, committed FROM v_checkpoints
             WHERE worker = %(worker)s AND incarnation = %(incarnation)s"""
    rows = reader.rows(sql, {"worker": worker, "incarnation": incarnation})
    return {(row["topic"], row["partition"]): row["committed"] for row in rows}
