"""Declaring topics at a broker: what programs do before they read or send."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker.incarnation import ensure_incarnation
from streams.broker.reach import reach


async def declared(broker: str, partitions: int, replication: int = topics.BROKERS_OWN) -> dict[str, int]:
    """Create what is missing; the real partition count of each topic.

    An undeclared topic would get the broker's own number of partitions, so this comes before agents and producers.
    Raises the broker's error, or NotCopartitioned.
    """
    admin = AIOKafkaAdminClient(**reach(broker))
    try:
        await admin.start()
        return await topics.declare(admin, topics.all_topics(partitions), replication)
    finally:
        await admin.close()


async def counted(broker: str) -> dict[str, int]:
    """Partitions of each topic of ours that the broker has. Raises the broker's error."""
    admin = AIOKafkaAdminClient(**reach(broker))
    try:
        await admin.start()
        return await topics.partition_counts(admin, [topic.name for topic in topics.all_topics()])
    finally:
        await admin.close()


def declare_topics(broker: str, partitions: int, replication: int = topics.BROKERS_OWN) -> dict[str, int]:
    """The same from outside an event loop, and an identity for the log: one that is new has a new one."""

    async def declare() -> dict[str, int]:
        counts = await declared(broker, partitions, replication)
        await ensure_incarnation(broker)
        return counts

    return asyncio.run(declare())
