"""What an agent receives: the records of one partition of one fetch, as one value."""

import msgspec
from faust.types import TP

Headers = list[tuple[str, bytes | None]]
# offset, timestamp (ms since 1970 UTC), key, value, headers: a plain tuple, because one is made per record.
Record = tuple[int, int, bytes | None, bytes | None, Headers]


class RecordBatch(msgspec.Struct, frozen=True, gc=False):
    """Consecutive records of one partition, in offset order; never empty.

    Offsets may have gaps (compaction, control records): to commit everything in a batch, commit `last_offset + 1`.
    ``high_water`` is the partition's end offset (next record to come) as the fetch saw it; ``size`` counts bytes of
    keys and values. ``generation`` numbers this worker's assignments from 1: after a rebalance it is another, and a
    batch of an older one is stale. (It is not the number the broker gives to the group's generation: that one starts
    again when the embedded broker does, and could make a stale batch look current.) ``urgent``: a backlog that matters
    less is held back until this is committed, so it should be flushed soon.
    """

    topic: str
    partition: int
    first_offset: int
    last_offset: int
    records: list[Record]
    high_water: int
    generation: int
    size: int
    urgent: bool = False

    @property
    def tp(self) -> TP:
        return TP(self.topic, self.partition)

    def __len__(self) -> int:
        return len(self.records)


class Limits(msgspec.Struct, frozen=True):
    """How much one batch may hold, and how many batches of one partition may be on their way to the agent.

    A batch closes at `records` or once it holds `size` bytes or more, whichever comes first (so a single large
    record is a batch of its own). `in_flight` counts the batch being worked on and those waiting behind it.
    Small batches keep the partitions of a history abreast, so that few events reach a case after later ones; at 1,000
    records Faust's 80 us a message are 0.08 us a record.
    """

    records: int = 1_000
    size: int = 8 << 20
    in_flight: int = 2


class NotOwner(RuntimeError):
    """A commit was refused: the group has moved on, and the partitions may belong to another worker.

    What the caller holds of them is stale: drop it; whoever owns them now reads from the committed offsets.
    """
