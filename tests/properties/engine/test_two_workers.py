"""Workers with a share of the shards each, talking through messages, come to what one worker comes to."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.words import SECOND, Event
from streams.correlation.correlator import Correlator
from streams.correlation.messages import Key, Message
from streams.correlation.rules import LinkRules
from streams.correlation.shards import shard_of
from streams.engine.cache import StateCache
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.flush import Flusher
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from tests.fakes.clocked import CLOCKED
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Killed, open_definition
from tests.properties.engine.test_clocks_in_any_order import clocked_scene
from tests.properties.engine.test_order_and_crashes import outcome

NOW = 60 * SECOND


class Worker:
    """Owns the shards with `number` as remainder, out of `of`; its outbox goes into the others' inboxes."""

    def __init__(self, store: MemoryStore, number: int, of: int, epoch: int, post: "Post") -> None:
        self._number, self._of, self._post = number, of, post
        self.kill_at = ""
        correlator = Correlator(LinkRules([CLOCKED]))
        cache = StateCache(Plans([CLOCKED], open_definition), store)
        self.engine = Engine(correlator, cache, store, Feeds(lambda: NOW), self.owns)
        self._freezer = Freezer(store, worker="test", epoch=epoch, incarnation="one", clock=lambda: NOW)
        self._flusher = Flusher(store, self._send, self._commit, self._stage)

    def owns(self, key: Key) -> bool:
        return shard_of(*key) % self._of == self._number

    async def start(self) -> None:
        await self.engine.start([shard for shard in range(256) if shard % self._of == self._number])

    async def flush(self) -> None:
        harvest = await self.engine.harvest()
        await self._flusher.flush(self._freezer.freeze_cases(harvest, {}))
        self.engine.release(harvest)

    async def _send(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._post.boxes[shard_of(*message.target) % self._of].append(message)

    async def _commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Offsets are the test's own affair."""

    def _stage(self, name: str) -> None:
        if name == self.kill_at:
            raise Killed(name)


class Post:
    """What is under way between workers; a record stays readable for good, as in a topic."""

    def __init__(self, of: int) -> None:
        self.boxes: list[list[Message]] = [[] for _ in range(of)]
        self.read = [0] * of


async def run(events: list[Event], of: int, cuts: set[int], kill: tuple[int, str] | None = None) -> MemoryStore:
    """Deal the events out to `of` workers by turns; one of them may die once and read its whole input again."""
    store, post = MemoryStore(), Post(of)
    workers = [Worker(store, number, of, number + 1, post) for number in range(of)]
    for worker in workers:
        await worker.start()
    for index, event in enumerate(events):
        await workers[index % of].engine.take([event])
        if index in cuts:
            await exchange(workers, post)
    if kill is not None:
        number, stage = kill[0] % of, kill[1]
        workers[number] = await die_and_return(workers[number], store, number, of, post, stage, events[number::of])
    for _ in range(8):  # a message may cause a message: requisition, order, receipt and back
        await exchange(workers, post)
    assert post.read == [len(box) for box in post.boxes]
    return store


async def exchange(workers: list[Worker], post: Post) -> None:
    for number, worker in enumerate(workers):
        new = post.boxes[number][post.read[number] :]
        post.read[number] += len(new)
        await worker.engine.deliver(deque(new))
        await worker.flush()


async def die_and_return(
    worker: Worker, store: MemoryStore, number: int, of: int, post: Post, stage: str, events: list[Event]
) -> Worker:
    worker.kill_at = stage
    try:
        await worker.flush()
    except Killed:
        post.read[number] = 0
    again = Worker(store, number, of, 10, post)
    await again.start()
    await again.engine.take(events)
    return again


TRUTH: dict[str, Any] = outcome(asyncio.run(run(clocked_scene(), 1, set())))


@settings(max_examples=60, deadline=None)
@given(st.permutations(clocked_scene()), st.integers(2, 5), st.sets(st.integers(0, 28)))
def test_workers_that_share_the_shards_come_to_the_outcome_of_one(events: list[Event], of: int, cuts: set[int]) -> None:
    assert outcome(asyncio.run(run(events, of, cuts))) == TRUTH


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(clocked_scene()),
    st.integers(3, 5),
    st.sets(st.integers(0, 28)),
    st.integers(0, 4),
    st.sampled_from(["facts", "messages", "state:cases", "state"]),
)
def test_a_worker_that_dies_between_messages_and_state_sends_them_again(
    events: list[Event], of: int, cuts: set[int], number: int, stage: str
) -> None:
    assert outcome(asyncio.run(run(events, of, cuts, (number, stage)))) == TRUTH
