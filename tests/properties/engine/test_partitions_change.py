"""However events, messages, flushes, deaths and changes of partitions interleave, the outcome is that of one worker.

The model is the real engine with a store and a broker in memory. At the change all workers are gone: some ended
cleanly, others died at an arrow of their flush or with what they had gathered.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.words import SECOND, Event
from streams.correlation.correlator import Correlator
from streams.correlation.messages import Key, Message
from streams.correlation.rules import LinkRules
from streams.correlation.shards import SHARDS, shard_of
from streams.engine.cache import StateCache
from streams.engine.deliveries import dealt_out
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.flush import Flusher
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from tests.fakes.events import ORDERING
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Killed, open_definition
from tests.properties.engine.test_order_and_crashes import CAPPED, broad_order, outcome, scene

NOW = 60 * SECOND
STAGES = ("frozen", "facts", "messages", "state:cases", "state:objects", "state")
EVENTS, DELIVERIES = "events", "deliveries"


class Broker:
    """Two topics of as many partitions, and what a group has committed."""

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions
        self.logs: dict[tuple[str, int], list[Any]] = {}
        self.committed: dict[tuple[str, int], int] = {}
        self.sent = 0

    def log(self, topic: str, partition: int) -> list[Any]:
        return self.logs.setdefault((topic, partition), [])

    def send(self, messages: Sequence[Message]) -> None:
        for partition, group in dealt_out(messages, self.partitions).items():
            self.log(DELIVERIES, partition).extend(group)
            self.sent += len(group)

    def unread(self, topic: str, partition: int) -> list[Any]:
        return self.log(topic, partition)[self.committed.get((topic, partition), 0) :]

    def repartition(self, wanted: int) -> None:
        """As the command does it: grow, send what is unread again by the new rule, commit."""
        before, self.partitions = self.partitions, wanted
        ends = {number: len(self.log(DELIVERIES, number)) for number in range(before)}
        for number in range(before):
            self.send(self.unread(DELIVERIES, number)[: ends[number] - self.committed.get((DELIVERIES, number), 0)])
        self.committed |= {(DELIVERIES, number): end for number, end in ends.items()}


class Worker:
    """Owns one partition of either topic."""

    def __init__(self, store: MemoryStore, broker: Broker, number: int, epoch: int, definition: Any) -> None:
        self._broker, self._number, self._of = broker, number, broker.partitions
        self._at: dict[tuple[str, int], int] = {}
        self.kill_at = ""
        cache = StateCache(Plans([definition], open_definition), store)
        self._engine = Engine(Correlator(LinkRules([definition])), cache, store, Feeds(lambda: NOW), self._owns)
        self._freezer = Freezer(store, worker="test", epoch=epoch, incarnation="one", clock=lambda: NOW)
        self._flusher = Flusher(store, self._send, self._commit, self._stage)

    def _owns(self, key: Key) -> bool:
        return shard_of(*key) % self._of == self._number

    async def start(self) -> None:
        await self._engine.start([shard for shard in range(SHARDS) if shard % self._of == self._number])

    async def read(self, topic: str, most: int) -> int:
        """Take in up to `most` records; returns how many."""
        place = (topic, self._number)
        at = self._at.get(place, self._broker.committed.get(place, 0))
        found = self._broker.log(*place)[at : at + most]
        self._at[place] = at + len(found)
        if topic == EVENTS:
            await self._engine.take(found)
        else:
            await self._engine.receive(found)
        return len(found)

    async def flush(self) -> None:
        harvest = await self._engine.harvest()
        await self._flusher.flush(self._freezer.freeze_cases(harvest, {}))
        self._broker.committed.update(self._at)
        self._engine.release(harvest)

    async def _send(self, messages: Sequence[Message]) -> None:
        self._broker.send(messages)

    async def _commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """`flush` commits, since it knows what was read."""

    def _stage(self, name: str) -> None:
        if name == self.kill_at:
            raise Killed(name)


class Model:
    """Workers over a broker; one that dies starts again from what is committed."""

    def __init__(self, partitions: int, definition: Any) -> None:
        self.store, self.broker, self._definition, self._epoch = MemoryStore(), Broker(partitions), definition, 0
        self.workers: list[Worker] = []

    async def _new(self, number: int) -> Worker:
        self._epoch += 1
        worker = Worker(self.store, self.broker, number, self._epoch, self._definition)
        await worker.start()
        return worker

    async def start_all(self) -> None:
        self.workers = [await self._new(number) for number in range(self.broker.partitions)]

    async def flush(self, number: int, stage: str) -> bool:
        """Flush one worker; with a stage it dies there. Whether it lives."""
        worker = self.workers[number]
        worker.kill_at = stage
        try:
            await worker.flush()
        except Killed:
            return False
        worker.kill_at = ""  # it never came to that
        return True

    async def act(self, action: tuple[Any, ...]) -> None:
        kind, which, more = action
        number = which % self.broker.partitions
        if kind == "flush":
            if not await self.flush(number, more):
                self.workers[number] = await self._new(number)
        else:
            await self.workers[number].read(kind, more)

    async def change(self, wanted: int, ends: Sequence[str]) -> None:
        """Every worker ends (cleanly, or at a stage, or without a flush), then the partitions change."""
        for number in range(self.broker.partitions):
            end = ends[number % len(ends)]
            if end != "dead":
                await self.flush(number, end)
        self.broker.repartition(wanted)
        await self.start_all()

    async def finish(self) -> None:
        """Until nobody has anything left to read."""
        while True:
            read, sent = 0, self.broker.sent
            for worker in self.workers:
                read += await worker.read(EVENTS, 1000) + await worker.read(DELIVERIES, 1000)
                await worker.flush()
            if not read and self.broker.sent == sent:
                return


Actions = list[tuple[Any, ...]]


async def run(
    events: list[Event],
    partitions: Sequence[int],
    acts: Sequence[Actions],
    ends: Sequence[str],
    definition: Any,
    change: Callable[[Model, int, Sequence[str]], Any] = Model.change,
) -> dict[str, Any]:
    """Phases of actions, with a change of partitions between each two; events come by turns, in equal shares."""
    model = Model(partitions[0], definition)
    await model.start_all()
    share = -(-len(events) // len(partitions))
    for phase, count in enumerate(partitions):
        if phase:
            await change(model, count, ends)
        for index, event in enumerate(events[phase * share : (phase + 1) * share]):
            model.broker.log(EVENTS, index % count).append(event)
        for action in acts[phase]:
            await model.act(action)
    await model.finish()
    return outcome(model.store)


def once(events: list[Event], definition: Any) -> dict[str, Any]:
    return asyncio.run(run(events, [1], [[]], ["dead"], definition))


DEFINITION = ORDERING
SCENES = {
    "orders": (scene(4), DEFINITION, once(scene(4), DEFINITION)),
    "caps": (broad_order(), CAPPED, once(broad_order(), CAPPED)),
}
"""Events, definition, truth."""

DEATHS = {"orders": STAGES, "caps": STAGES[:1]}
"""Where workers die. With caps not after their facts: a case that was joined in a flush that broke off, and is never
joined again because the next flush holds more events, keeps the facts of the first."""


def actions(deaths: Sequence[str]) -> st.SearchStrategy[Actions]:
    reading = st.tuples(st.sampled_from([EVENTS, DELIVERIES]), st.integers(0, 11), st.integers(1, 6))
    flushing = st.tuples(st.just("flush"), st.integers(0, 11), st.sampled_from(["", "", "", *deaths]))
    return st.lists(st.one_of(reading, flushing), max_size=40)


@pytest.mark.parametrize("name", SCENES)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_interleaving_with_changes_of_partitions_gives_the_outcome_of_one_worker(
    name: str, data: st.DataObject
) -> None:
    events, definition, truth = SCENES[name]
    shuffled = data.draw(st.permutations(events))
    first = data.draw(st.integers(1, 4))
    partitions = [first, first + data.draw(st.integers(1, 3))]
    if data.draw(st.booleans()):
        partitions.append(partitions[-1] + data.draw(st.integers(0, 3)))
    acts = [data.draw(actions(DEATHS[name])) for _ in partitions]
    ends = data.draw(st.lists(st.sampled_from(["", "dead", *DEATHS[name]]), min_size=1, max_size=6))
    assert asyncio.run(run(shuffled, partitions, acts, ends, definition)) == truth
