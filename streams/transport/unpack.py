"""From aiokafka's fetched bytes to plain tuples, without an object per record.

aiokafka builds an eleven-field ConsumerRecord for each record; unpacking a producer's batch in one go into tuples of
five took 0.6 us a record (300-byte values, checksums included). The fetcher's results are not public API, so all that
reaches into them is in this file.
"""

from collections.abc import Iterable
from typing import Any

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult
from aiokafka.errors import CorruptRecordException

from streams.transport.batch import Limits, Record

Drained = dict[TopicPartition, tuple[list[Record], int]]


def drain(fetcher: Fetcher, partitions: Iterable[TopicPartition], limits: Limits) -> Drained:
    """Take at most one batch per partition of what is already fetched: partition -> (records, bytes).

    A partition with nothing fetched is absent. Raises the fetch error of a partition, or CorruptRecordException.
    Must run on the consumer's own event loop.
    """
    taken: Drained = {}
    for partition in partitions:
        result = fetcher._records.get(partition)
        if result is None:
            continue
        if isinstance(result, FetchResult):
            records, size = _take(result, partition, limits)
            if records:
                taken[partition] = (records, size)
            if result.has_more():
                continue
        elif taken:
            continue  # hand on what there is; the error comes up again with the next call
        del fetcher._records[partition]
        fetcher._notify(fetcher._wait_consume_future)
        if not isinstance(result, FetchResult):
            result.check_raise()
    return taken


def _take(result: FetchResult, partition: TopicPartition, limits: Limits) -> tuple[list[Record], int]:
    """Records up to the limits; the position then says what comes next, so a seek or rebalance drops the rest."""
    if not result.check_assignment(partition) or not result.has_more():
        return [], 0
    unpacked = result._partition_records
    unpacked._records_iterator = None  # a cycle, which the collector would not see again after a flush (`collector.py`)
    records: list[Record] = []
    size = 0
    while len(records) < limits.records and size < limits.size:
        found, end = vars(unpacked).pop("_left_over", None) or _next_records(unpacked, partition)
        if not found:
            result._update_position()
            result._partition_records = None
            return records, size
        fitting, bytes_of = _fitting(found, limits.records - len(records), limits.size - size)
        if fitting < len(found):
            unpacked._left_over = found[fitting:], end
            unpacked.next_fetch_offset = found[fitting][0]
            del found[fitting:]
        else:
            unpacked.next_fetch_offset = end
        records += found
        size += bytes_of
    result._update_position()
    return records, size


def _next_records(unpacked: Any, partition: TopicPartition) -> tuple[list[Record], int]:
    """The next producer batch that has records for us, and the offset after it; no records: the fetch is at its end."""
    log, wanted = unpacked._records, unpacked.next_fetch_offset
    while log.has_next():
        batch = log.next_batch()
        if unpacked._check_crcs and not batch.validate_crc():
            raise CorruptRecordException(f"a batch of {partition} does not match its checksum")
        if batch.is_control_batch:
            unpacked.next_fetch_offset = batch.next_offset
            continue
        found = [(r.offset, r.timestamp, r.key, r.value, r.headers) for r in batch]
        if found and found[0][0] < wanted:  # a fetch from the middle of a batch brings the whole of it
            found = [record for record in found if record[0] >= wanted]
        if found:
            return found, batch.next_offset
        unpacked.next_fetch_offset = batch.next_offset
    return [], unpacked.next_fetch_offset


def _fitting(records: list[Record], most: int, room: int) -> tuple[int, int]:
    """How many of `records` fit into `most` records and `room` bytes, and their bytes; the one that fills it counts."""
    total = 0
    for count, (_, _, key, value, _) in enumerate(records[:most], 1):
        total += (len(key) if key else 0) + (len(value) if value else 0)
        if total >= room:
            return count, total
    return min(most, len(records)), total
