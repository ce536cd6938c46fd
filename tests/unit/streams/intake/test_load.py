"""Files to records: markers around them, exact counts, one namespace for what is loaded together."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from metrics.words import DeadLetter, Event, Marker
from streams.broker.partitioner import partition_of
from streams.codecs.cloudevents import decode_batch
from streams.intake.load import Outgoing, plan, stream_files
from streams.intake.options import IntakeError, LogOptions, content_hash, log_namespace
from streams.intake.reader import log_files
from tests.unit.streams.codecs.records import FakeRecord

PARTITIONS = 3


class FakeProducer:
    """Keeps what is sent, by partition."""

    def __init__(self) -> None:
        self.sent: list[list[Outgoing]] = [[] for _ in range(PARTITIONS)]
        self.flushed = False

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None:
        assert topic == "flowglass.events"
        for record in records:
            partition = record[3]
            assert partition is not None
            self.sent[partition].append(record)

    async def flush(self) -> None:
        self.flushed = True

    async def partitions(self, topic: str) -> int:
        return PARTITIONS

    def read(self, partition: int) -> list[Event | Marker | DeadLetter]:
        items: list[Event | Marker | DeadLetter] = []
        for offset, (key, value, headers, _, timestamp) in enumerate(self.sent[partition]):
            record = FakeRecord(
                value, headers, key, partition=partition, offset=offset, timestamp=timestamp if timestamp else 0
            )
            for part in decode_batch([record], "i1"):
                items.extend(part)
        return items


def write_logs(folder: Path) -> list[Path]:
    rows = "".join(f"c{n % 50},Go,2026-01-02\n" for n in range(2500))
    (folder / "a.csv").write_text(f"case,activity,time\n{rows}")
    (folder / "b.csv").write_text("case,activity,time\nc1,Stop,2026-01-03\nc2,Stop,never\n")
    return [folder / "a.csv", folder / "b.csv"]


async def test_every_partition_has_backfill_first_and_end_with_its_exact_count_last(tmp_path: Path) -> None:
    producer, seen = FakeProducer(), Counter[str]()
    load = plan(write_logs(tmp_path), LogOptions())
    loaded = await stream_files(producer, load, lambda path, rows: seen.update({path.name: 1}), lambda: 5)
    assert (loaded.events, loaded.dead_letters, sum(loaded.per_partition)) == (2501, 1, 2502)
    assert producer.flushed
    assert seen == {"a.csv": 3, "b.csv": 1}
    for partition in range(PARTITIONS):
        first, *between, last = producer.read(partition)
        assert isinstance(first, Marker)
        assert isinstance(last, Marker)
        assert (first.kind, first.feed, last.kind, last.feed) == ("backfill", load.feed, "end", load.feed)
        assert last.count == len(between) == loaded.per_partition[partition]


async def test_a_case_stays_in_the_partition_of_its_key_and_follows_the_feed(tmp_path: Path) -> None:
    producer = FakeProducer()
    load = plan([tmp_path], LogOptions()) if write_logs(tmp_path) else None
    assert load
    await stream_files(producer, load)
    for partition in range(PARTITIONS):
        for item in producer.read(partition):
            if isinstance(item, Event):
                assert partition_of(item.subject.encode(), PARTITIONS) == partition
                assert (item.feed, item.objects[0].type) == (load.feed, load.case_type)
                assert item.position == item.sequence


async def test_nothing_is_sent_when_a_file_cannot_be_read_as_asked(tmp_path: Path) -> None:
    producer = FakeProducer()
    with pytest.raises(IntakeError):
        await stream_files(producer, plan(write_logs(tmp_path), LogOptions(case="nobody")))
    assert producer.sent == [[], [], []]


def test_the_namespace_is_of_the_content_and_the_reading_not_of_names_or_order(tmp_path: Path) -> None:
    first, second = (content_hash(path) for path in write_logs(tmp_path))
    name = log_namespace([first, second], LogOptions())
    assert name == log_namespace([second, first], LogOptions(feed="other"))
    assert len(name) == len("log.") + 12
    assert name != log_namespace([first], LogOptions())
    assert name != log_namespace([first, second], LogOptions(zone="Europe/Berlin"))


def test_directories_give_their_logs_by_name_and_missing_files_are_errors(tmp_path: Path) -> None:
    files = write_logs(tmp_path)
    (tmp_path / "notes.pdf").write_text("x")
    assert log_files([tmp_path]) == files
    with pytest.raises(IntakeError, match="there is no file"):
        log_files([tmp_path / "c.csv"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(IntakeError, match="holds no log"):
        log_files([tmp_path / "empty"])
