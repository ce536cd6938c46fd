"""The broker's part of `flowglass doctor`: reachable, topics, identity, and how far workers are from its end."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from metrics.commands.finding import Finding, ok, warning, wrong
from metrics.commands.opened import open_store
from metrics.commands.rows import Checkpoint, Log
from metrics.commands.wording import moment
from metrics.settings import Settings
from metrics.store.errors import StoreError
from streams import topics
from streams.broker.declaring import counted
from streams.broker.incarnation import read_incarnation
from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.broker.probe import any_answers

MANY_BEHIND = 100_000
_WITHIN = 5.0
_READ = dict.fromkeys(topics.COPARTITIONED, "cases") | {topics.SPANS: "spans"}


def check_broker(settings: Settings) -> Iterator[Finding]:
    """Findings on the broker that the settings name."""
    if not any_answers(settings.broker):
        advice = "Start it with `flowglass up`, or set FLOWGLASS_BROKER_URL to one that runs."
        yield wrong("broker", f"no Kafka broker answers at {settings.broker}", advice)
        return
    yield ok("broker", f"answers at {settings.broker}")
    try:
        counts, identity, ends = asyncio.run(_look(settings.broker))
    except (KafkaError, OffsetsUnknown, TimeoutError, OSError) as error:
        yield wrong("broker", f"it answers, but can't be read: {error}", "Look into its log.")
        return
    yield _topics(counts)
    try:
        with open_store(settings) as (_, reader):
            checkpoints = reader.rows("cli_checkpoints", Checkpoint)
            logs = reader.rows("cli_logs", Log)
    except StoreError:
        return  # the store's own check says why
    yield _identity(identity, {row.incarnation for row in checkpoints})
    if logs:
        yield _logs(logs)
    yield from _lag(checkpoints, ends)


async def _look(broker: str) -> tuple[dict[str, int], UUID | None, dict[TopicPartition, int]]:
    counts = await counted(broker)
    identity = await read_incarnation(broker, _WITHIN) if topics.INCARNATION in counts else None
    read = [TopicPartition(name, number) for name, count in counts.items() if name in _READ for number in range(count)]
    return counts, identity, await end_offsets(broker, read, _WITHIN)


def _topics(counts: Mapping[str, int]) -> Finding:
    missing = [topic.name for topic in topics.all_topics() if topic.name not in counts]
    if missing:
        return wrong("topics", f"missing: {', '.join(missing)}", "Start a worker: it declares them.")
    try:
        topics.check_copartitioned(counts)
    except topics.NotCopartitioned as error:
        return wrong("topics", str(error), "A case's halves part: give them the same number.")
    return ok("topics", ", ".join(f"{name} ({count})" for name, count in sorted(counts.items())))


def _identity(identity: UUID | None, known: Iterable[str]) -> Finding:
    if identity is None:
        return wrong("incarnation", "the broker's log has no identity", "Start a worker: it gives it one.")
    if known and str(identity) not in known:
        return warning(
            "incarnation", f"the log {identity} is new to the workers", "They notice within seconds; look again."
        )
    return ok("incarnation", str(identity))


def _logs(logs: Sequence[Log]) -> Finding:
    """What became of earlier logs; `logs` newest first."""
    text = f"{len(logs)} so far, the newest since {moment(logs[0].seen_us)}"
    lost = sum(log.unread for log in logs)
    if lost:
        return warning(
            "logs",
            f"{text}; at least {lost:,} records of those before had not been read and are lost",
            "Send them again from their source: what is known already is recognised.",
        )
    return ok("logs", text if len(logs) == 1 else f"{text}; nothing of those before is known to be lost")


def _lag(checkpoints: Iterable[Checkpoint], ends: Mapping[TopicPartition, int]) -> Iterator[Finding]:
    committed = {
        (row.topic, row.partition): row.committed for row in checkpoints if row.worker == _READ.get(row.topic)
    }  # other workers read the same topics at their own pace
    behind: dict[str, int] = defaultdict(int)
    for partition, end in ends.items():
        behind[_READ[partition.topic]] += max(end - committed.get((partition.topic, partition.partition), 0), 0)
    for worker, records in sorted(behind.items()):
        text = f"{records:,} records from the log's end"
        if records > MANY_BEHIND:
            yield warning(
                f"lag of {worker}",
                text,
                f"Is its worker running? Several of them share the partitions: `flowglass worker {worker}`.",
            )
        else:
            yield ok(f"lag of {worker}", text)
