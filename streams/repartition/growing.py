"""Partitions added to the topics whose numbers must agree, and what the broker says of its groups."""

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.new_partitions import NewPartitions
from aiokafka.errors import KafkaError

from streams import topics
from streams.broker.reach import reach

TOPICS: Sequence[str] = sorted(topics.COPARTITIONED)
"""Partition n of each belongs to one worker. One that does not exist yet is declared with as many as the others."""
GONE_SECONDS = 30.0
"""So long at most a worker that died keeps its place in its group, with the settings of ours and of Kafka."""
KNOWN_SECONDS = 30.0


class CannotGrow(RuntimeError):
    """The broker does not add partitions; the message says what it said."""


class StillRunning(RuntimeError):
    """Workers read what is to be changed; the message says which group."""


async def grow(broker: str, wanted: int) -> None:
    """Give these topics `wanted` partitions; returns once the broker tells of them. Raises CannotGrow."""
    admin = AIOKafkaAdminClient(**reach(broker))
    await admin.start()
    try:
        found = await topics.partition_counts(admin, list(TOPICS))
        short = {name: NewPartitions(total_count=wanted) for name, count in found.items() if count < wanted}
        if short:
            try:
                await admin.create_partitions(short)
            except (KafkaError, IndexError, ValueError) as error:
                raise CannotGrow(
                    f"the broker added no partitions ({error!r}). The embedded broker can't: set"
                    " FLOWGLASS_PARTITIONS before its first start instead."
                ) from error
        await _until_known(admin, wanted)
    finally:
        await admin.close()


async def _until_known(admin: AIOKafkaAdminClient, wanted: int) -> None:
    deadline = monotonic() + KNOWN_SECONDS
    while set((await topics.partition_counts(admin, list(TOPICS))).values()) != {wanted}:
        if monotonic() > deadline:
            raise CannotGrow(f"{' and '.join(TOPICS)} do not have {wanted} partitions each after {KNOWN_SECONDS} s")
        await asyncio.sleep(0.2)


async def counted(broker: str) -> Mapping[str, int]:
    """Partitions of these topics."""
    admin = AIOKafkaAdminClient(**reach(broker))
    await admin.start()
    try:
        return await topics.partition_counts(admin, list(TOPICS))
    finally:
        await admin.close()


async def await_empty(broker: str, groups: Sequence[str], within: float = GONE_SECONDS) -> None:
    """Wait until no group has a member: one that was killed stays for its session. Raises StillRunning."""
    admin = AIOKafkaAdminClient(**reach(broker))
    await admin.start()
    try:
        deadline = monotonic() + within
        for group in groups:
            while members := await _members(admin, group):
                if monotonic() > deadline:
                    raise StillRunning(f"{members} workers of the group {group} run: stop them first")
                await asyncio.sleep(0.5)
    finally:
        await admin.close()


async def _members(admin: AIOKafkaAdminClient, group: str) -> int:
    (answer,) = await admin.describe_consumer_groups([group])
    (found,) = answer.groups
    return len(found[_MEMBERS])


_MEMBERS = 5
"""Its place in a group's description, in all versions of the answer."""
