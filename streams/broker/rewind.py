"""Setting consumer groups back to what the store holds, so that what it lacks is read again from the topics.

A store that was restored is older than what its workers have committed: without this the records between would stay
unread. A group is never set forward: what it has not committed it reads in any case.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError

from streams.broker.reach import reach
from streams.topics import partition_counts

Place = tuple[str, str, int]
"""(worker, topic, partition)"""
Stored = Mapping[Place, int]
"""The next offset to read, as the store has it."""


class GroupRuns(RuntimeError):
    """Members of a group are reading: their positions can't be set."""


class Log(NamedTuple):
    """A partition as the broker has it: its first offset, and what the group has committed (-1: nothing)."""

    first: int
    committed: int


class Step(NamedTuple):
    """One partition of one group: where it stands, where it is to go on, what of that the topic no longer has."""

    worker: str
    topic: str
    partition: int
    committed: int
    target: int
    again: int
    gone: int

    @property
    def moves(self) -> bool:
        return self.committed != self.target


def plan_rewind(stored: Stored, found: Mapping[Place, Log]) -> list[Step]:
    """What to do for each partition of each worker in `found`. Of a partition without a position nothing is stored.

    A group that has committed nothing begins at the beginning by itself.
    """
    steps = []
    for place, at in sorted(found.items()):
        if at.committed < 0:
            continue
        wanted = min(stored.get(place, 0), at.committed)
        target = max(wanted, min(at.first, at.committed))
        steps.append(Step(*place, at.committed, target, at.committed - target, target - wanted))
    return steps


async def look(broker: str, readers: Mapping[str, Sequence[str]], group_of: Mapping[str, str]) -> dict[Place, Log]:
    """Every partition of each worker's topics. `readers`: worker → its topics; `group_of`: worker → its group."""
    counts = await _counted(broker, {topic for names in readers.values() for topic in names})
    found: dict[Place, Log] = {}
    for worker, names in readers.items():
        places = [TopicPartition(name, number) for name in names for number in range(counts.get(name, 0))]
        consumer = AIOKafkaConsumer(**reach(broker), group_id=group_of[worker], enable_auto_commit=False)
        await consumer.start()
        try:
            first = await consumer.beginning_offsets(places)
            for place in places:
                committed = await consumer.committed(place)
                found[worker, place.topic, place.partition] = Log(first[place], -1 if committed is None else committed)
        finally:
            await consumer.stop()
    return found


async def _counted(broker: str, names: Iterable[str]) -> dict[str, int]:
    admin = AIOKafkaAdminClient(**reach(broker))
    await admin.start()
    try:
        return await partition_counts(admin, sorted(names))
    finally:
        await admin.close()


async def rewind_group(broker: str, group: str, steps: Iterable[Step]) -> None:
    """Commit the targets of `steps` for a group without members. Raises GroupRuns, or the broker's error."""
    targets = {TopicPartition(step.topic, step.partition): step.target for step in steps}
    if not targets:
        return
    consumer = AIOKafkaConsumer(**reach(broker), group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(targets))
        await consumer.commit(targets)
    except CommitFailedError:
        raise GroupRuns(
            f"the group {group} can't be set back: stop its workers first. (The embedded broker never allows it:"
            " its log ends with it, so after a restore there is nothing to go back to.)"
        ) from None
    finally:
        await consumer.stop()
