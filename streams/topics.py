"""Every topic Flowglass owns: name, partitions, settings. No other place names a topic."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

EVENTS = "flowglass.events"  # canonical business events (CloudEvents) and feed markers
SPANS = "otlp_spans"  # OTLP, as the Collector's Kafka exporter writes it
DELIVERIES = "flowglass.deliveries"  # internal envelopes between correlation and cases; same partitions as EVENTS
INCARNATION = "flowglass.incarnation"  # one partition; its lowest record is the log's identity, a UUID

DEFAULT_PARTITIONS = 4
FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}  # an identity that expires would be a new one


class NotCopartitioned(RuntimeError):
    """EVENTS and DELIVERIES exist with different partition counts: a case's two halves would part."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic to be declared; `settings` are Kafka topic settings, which the embedded broker ignores."""

    name: str
    partitions: int
    settings: dict[str, str] = field(default_factory=dict)


def all_topics(partitions: int = DEFAULT_PARTITIONS) -> tuple[Topic, ...]:
    """The topics of one installation; `partitions` applies to all but the incarnation."""
    return (
        Topic(EVENTS, partitions),
        Topic(SPANS, partitions),
        Topic(DELIVERIES, partitions),
        Topic(INCARNATION, 1, FOREVER),
    )


async def declare(
    admin: AIOKafkaAdminClient, topics: Iterable[Topic] | None = None, replication: int = 1
) -> dict[str, int]:
    """Create what is missing and return the real partition count of each topic; safe to repeat and to race.

    An existing topic keeps its own count. Raises NotCopartitioned, or the broker's error for a refused topic.
    """
    wanted = tuple(topics) if topics is not None else all_topics()
    answer = await admin.create_topics(
        [NewTopic(t.name, t.partitions, replication, topic_configs=t.settings or None) for t in wanted]
    )
    for name, code, *_ in answer.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise for_code(code)(f"topic {name} was refused")
    counts = await partition_counts(admin, [t.name for t in wanted])
    if counts.get(EVENTS) != counts.get(DELIVERIES) and {EVENTS, DELIVERIES} <= counts.keys():
        raise NotCopartitioned(f"{EVENTS} has {counts[EVENTS]} partitions, {DELIVERIES} has {counts[DELIVERIES]}")
    return counts


async def partition_counts(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    """Partitions of each existing topic among `names`."""
    described = await admin.describe_topics(names)
    return {topic["topic"]: len(topic["partitions"]) for topic in described if topic["error_code"] == 0}
