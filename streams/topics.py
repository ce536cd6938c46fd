"""Every topic Flowglass owns: name, partitions, settings. No other place names a topic."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

EVENTS = "flowglass.events"  # canonical business events (CloudEvents) and feed markers
EVENTS_CRITICAL = "flowglass.events.critical"  # events of processes whose definition says `priority: critical`
EVENTS_BULK = "flowglass.events.bulk"  # events that only processes with `priority: bulk` know
SPANS = "otlp_spans"  # OTLP, as the Collector's Kafka exporter writes it
DELIVERIES = "flowglass.deliveries"  # internal envelopes between correlation and cases; same partitions as EVENTS
NATIVE = "flowglass.native"  # what systems send in their own dialects; header fg-system names the mapping
QUALITY = "flowglass.quality"  # facts about objects, from the readers of events to the one judge of data quality
ENRICHMENTS = "flowglass.enrichments"  # questions that complete thin events, for whoever answers
INCARNATION = "flowglass.incarnation"  # one partition; its lowest record is the log's identity, a UUID

EVENT_TOPICS = {"critical": EVENTS_CRITICAL, "standard": EVENTS, "bulk": EVENTS_BULK}
"""The topics of canonical events by priority, the highest first. A feed that sends markers is in EVENTS as a whole."""
COPARTITIONED = frozenset((*EVENT_TOPICS.values(), DELIVERIES))
"""A key is in the same partition of each: one worker owns all that is to be known of a case."""
SHARES = {EVENTS_CRITICAL: 8, EVENTS: 3, EVENTS_BULK: 1}
"""What a worker reads of each while there is a backlog: of twelve records eight are critical ones, and one is bulk.

DELIVERIES complete cases of any priority, and are never held back."""

_RANK = {EVENTS: 0, EVENTS_CRITICAL: 1, EVENTS_BULK: 2}

DEFAULT_PARTITIONS = 4
PATIENCE_SECONDS, ATTEMPT_SECONDS = 30.0, 8.0
LARGE = {"max.message.bytes": str(16 << 20)}  # a record may have 8 MiB, and Kafka refuses more than 1 MiB by default
FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}  # an identity that expires would be a new one
BROKERS_OWN = -1  # how many copies: as many as the broker's default.replication.factor says


class NotCopartitioned(RuntimeError):
    """Topics of COPARTITIONED exist with different partition counts: a case's two halves would part."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic to be declared; `settings` are Kafka topic settings, which the embedded broker ignores."""

    name: str
    partitions: int
    settings: dict[str, str] = field(default_factory=LARGE.copy)


def all_topics(partitions: int = DEFAULT_PARTITIONS) -> tuple[Topic, ...]:
    """The topics of one installation; `partitions` applies to all but the incarnation."""
    return (
        *(Topic(name, partitions) for name in EVENT_TOPICS.values()),
        Topic(SPANS, partitions),
        Topic(DELIVERIES, partitions),
        Topic(NATIVE, partitions),
        Topic(ENRICHMENTS, partitions),
        Topic(QUALITY, 1),
        Topic(INCARNATION, 1, FOREVER),
    )


async def declare(
    admin: AIOKafkaAdminClient, topics: Iterable[Topic] | None = None, replication: int = BROKERS_OWN
) -> dict[str, int]:
    """Create what is missing and return the real partition count of each topic; safe to repeat and to race.

    An existing topic keeps its own count, and those that share its keys get the count of EVENTS. Raises
    NotCopartitioned, or the broker's error for a refused topic; an error that passes by itself (a node of the cluster
    just died) is waited out for PATIENCE_SECONDS.
    """
    wanted = tuple(topics) if topics is not None else all_topics()
    patience_ends = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await _declare(admin, wanted, replication)
        except (KafkaError, TimeoutError) as error:
            passes = isinstance(error, TimeoutError) or error.retriable
            if not passes or monotonic() > patience_ends:
                raise
        await asyncio.sleep(0.5)
        await admin._client.force_metadata_update()  # aiokafka would ask the same dead node again, for 40 s each time


async def partition_counts(admin: AIOKafkaAdminClient, names: list[str] | None) -> dict[str, int]:
    """Partitions of each existing topic among `names`; None: of all topics."""
    described = await admin.describe_topics(names)
    return {topic["topic"]: len(topic["partitions"]) for topic in described if topic["error_code"] == 0}


async def _declare(admin: AIOKafkaAdminClient, wanted: Sequence[Topic], replication: int) -> dict[str, int]:
    there = await partition_counts(admin, None)
    wanted = [_beside(topic, there.get(EVENTS, topic.partitions)) for topic in wanted]
    answer = await admin.create_topics([_new(topic, replication) for topic in wanted])
    for name, code, *_ in answer.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise for_code(code)(f"topic {name} was refused")
    counts = await partition_counts(admin, [t.name for t in wanted])
    if missing := {t.name for t in wanted} - counts.keys():
        raise UnknownTopicOrPartitionError(f"declared, but not known to every node yet: {sorted(missing)}")
    check_copartitioned(there | counts)
    return counts


def check_copartitioned(counts: Mapping[str, int]) -> None:
    """Raises NotCopartitioned, with the counts of those that differ."""
    together = {name: counts[name] for name in sorted(COPARTITIONED & counts.keys())}
    if len(set(together.values())) > 1:
        told = ", ".join(f"{name} has {count}" for name, count in together.items())
        raise NotCopartitioned(f"these topics need the same number of partitions: {told}")


def place_of(topic: str, partition: int, partitions: int) -> int:
    """A number for a partition of any topic of events: that of the partition in EVENTS, others above all of these."""
    return partition + partitions * _RANK[topic]


def _beside(topic: Topic, partitions: int) -> Topic:
    return replace(topic, partitions=partitions) if topic.name in COPARTITIONED else topic


def _new(topic: Topic, replication: int) -> NewTopic:
    new = NewTopic(topic.name, topic.partitions, 1, topic_configs=topic.settings or None)
    new.replication_factor = replication  # its constructor refuses BROKERS_OWN, the protocol has it since Kafka 2.4
    return new
