"""What became of a replay: wait until workers have read past it, then ask what died again."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from aiokafka import TopicPartition

from metrics.commands.rows import Checkpoint
from streams.broker.offsets import end_offsets
from streams.dead_letters.letters import Died, Reader, died_since
from streams.dead_letters.replay import Sent

_LOOK_SECONDS = 0.2

Ends = Mapping[tuple[str, int], int]


class Aftermath(NamedTuple):
    """`died`: by message, what it died of now. `read`: whether workers are past everything that was sent."""

    died: dict[str, Died]
    read: bool


async def ends_of(broker: str, topics: Mapping[str, int]) -> Ends:
    """The ends of all partitions of these topics (name → number of partitions) as they are now."""
    partitions = [TopicPartition(topic, number) for topic, count in topics.items() for number in range(count)]
    return {(tp.topic, tp.partition): end for tp, end in (await end_offsets(broker, partitions)).items()}


async def look(reader: Reader, sent: Sent, ends: Ends, *, within: float, clock: Callable[[], float]) -> Aftermath:
    """Wait up to `within` seconds for the workers, then say what died again."""
    deadline = clock() + within
    while True:
        read = passed(reader.rows("cli_checkpoints", Checkpoint), ends)
        if read or clock() >= deadline:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    messages = [letter.message for letter in sent.letters]
    return Aftermath(died_since(reader, messages, sent.since), read)


def passed(checkpoints: Iterable[Checkpoint], ends: Ends) -> bool:
    """Whether every partition was read to its end."""
    committed = {(row.topic, row.partition): row.committed for row in checkpoints}
    return all(committed.get(partition, 0) >= end for partition, end in ends.items())
