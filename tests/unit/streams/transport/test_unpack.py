"""Cutting fetched bytes into batches: nothing twice, nothing skipped, whatever the limits."""

import gc
import itertools
import weakref
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_UNCOMMITTED, FetchResult, PartitionRecords
from aiokafka.errors import CorruptRecordException, OffsetOutOfRangeError
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from streams.transport.batch import Limits, Record
from streams.transport.unpack import drain

TP = TopicPartition("t", 0)


class Position:
    """The consumer's position in one partition, as aiokafka's assignment keeps it."""

    active = True
    paused = False

    def __init__(self, position: int) -> None:
        self.position = position

    def state_value(self, _: TopicPartition) -> "Position":
        return self

    def consumed_to(self, position: int) -> None:
        self.position = position


class Fetched:
    """Stands in for aiokafka's fetcher: what was fetched, and whether more was asked for."""

    def __init__(self, result: Any) -> None:
        self._records = {TP: result}
        self._wait_consume_future = None
        self.asked = 0

    def _notify(self, _: object) -> None:
        self.asked += 1


def log_of(*sizes: int, value: bytes = b"0123456789") -> bytes:
    """Producer batches of `sizes` records each, one after the other from offset 0."""
    whole, base = b"", 0
    for size in sizes:
        builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, 0, 1 << 20)
        for n in range(size):
            builder.append(n, 1_700_000_000_000 + base + n, b"k", value, [("h", b"v")])
        one = bytearray(builder.build())
        one[0:8] = base.to_bytes(8, "big")  # a broker writes the base offset; the checksum leaves it out
        whole += bytes(one)
        base += size
    return whole


def fetched(data: bytes, start: int = 0) -> tuple[Fetched, Position]:
    position = Position(start)
    records = PartitionRecords(TP, MemoryRecords(data), [], start, None, None, True, READ_UNCOMMITTED)
    return Fetched(FetchResult(TP, assignment=position, partition_records=records, backoff=0)), position


def all_batches(fetcher: Fetched, position: Position, limits: Limits) -> list[list[Record]]:
    batches = []
    while TP in fetcher._records:
        for records, size in drain(fetcher, [TP], limits).values():
            batches.append(records)
            assert position.position == records[-1][0] + 1
            assert size == sum(len(r[2] or b"") + len(r[3] or b"") for r in records)
    return batches


@pytest.mark.parametrize(("most", "size"), itertools.product([1, 3, 7, 10, 1_000], [1, 25, 110, 1 << 20]))
@pytest.mark.parametrize("start", [0, 1, 9, 10, 16])
def test_every_record_comes_once_and_in_order(most: int, size: int, start: int) -> None:
    fetcher, position = fetched(log_of(10, 1, 7, 30), start)
    batches = all_batches(fetcher, position, Limits(records=most, size=size))
    assert [record[0] for batch in batches for record in batch] == list(range(start, 48))
    assert max(map(len, batches)) <= most
    assert fetcher.asked == 1


def test_a_record_keeps_its_fields() -> None:
    fetcher, _ = fetched(log_of(2))
    [(records, size)] = drain(fetcher, [TP], Limits()).values()
    assert records[1] == (1, 1_700_000_000_001, b"k", b"0123456789", [("h", b"v")])
    assert size == 22


def test_a_seek_drops_what_was_not_handed_on() -> None:
    fetcher, position = fetched(log_of(10))
    drain(fetcher, [TP], Limits(records=4))
    position.position = 0
    assert drain(fetcher, [TP], Limits()) == {}
    assert TP not in fetcher._records


def test_a_damaged_batch_is_an_error() -> None:
    damaged = bytearray(log_of(5))
    damaged[-1] ^= 1
    fetcher, _ = fetched(bytes(damaged))
    with pytest.raises(CorruptRecordException):
        drain(fetcher, [TP], Limits())


def test_a_failed_fetch_raises_its_error_and_can_be_repeated() -> None:
    class Failed:
        def check_raise(self) -> None:
            raise OffsetOutOfRangeError({TP: 5})

    fetcher = Fetched(Failed())
    with pytest.raises(OffsetOutOfRangeError):
        drain(fetcher, [TP], Limits())
    assert TP not in fetcher._records


@pytest.mark.parametrize("most", [3, 1_000])
def test_what_was_fetched_is_freed_without_the_collector(most: int) -> None:
    fetcher, position = fetched(log_of(10, 5))
    held = weakref.ref(fetcher._records[TP]._partition_records)
    gc.disable()  # as after a flush, which puts all that is alive out of its sight
    try:
        all_batches(fetcher, position, Limits(records=most))
        assert held() is None
    finally:
        gc.enable()
