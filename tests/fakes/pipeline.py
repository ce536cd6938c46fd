"""The engine with a store in memory: what a worker does, without Kafka and ClickHouse."""

from collections.abc import Mapping, Sequence

from metrics.definitions.model import Definition
from metrics.words import DeadLetter, Event
from streams.correlation.correlator import Correlator
from streams.correlation.messages import Message
from streams.correlation.rules import LinkRules
from streams.engine.cache import StateCache
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.flush import Flusher, Position
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from tests.fakes.memory_store import MemoryStore


class Killed(Exception):
    """The worker died here."""


def open_definition(case_type: str) -> Definition:
    return Definition(process=case_type, version=1, hash="", title=case_type, owner="", case_type=case_type, open=True)


class Pipeline:
    """One worker's life: made with an epoch, it ends with `Killed` or by letting go of it."""

    def __init__(
        self, store: MemoryStore, definitions: Sequence[Definition], epoch: int = 1, clock: int = 0, eager: int = 50_000
    ) -> None:
        self.now = clock
        self.kill_at = ""
        self.committed: dict[tuple[str, int], int] = {}
        self.sent: list[Message] = []
        self.refused: list[DeadLetter] = []
        correlator = Correlator(LinkRules(definitions))
        plans = Plans(definitions, open_definition)
        cache = StateCache(plans, store, eager=eager)
        self.feeds = Feeds(lambda: self.now)
        self.engine = Engine(correlator, cache, store, self.feeds)
        self._freezer = Freezer(store, worker="test", epoch=epoch, incarnation="one", clock=lambda: self.now)
        self._flusher = Flusher(store, self._send, self._commit, self._stage, self._refused)

    async def start(self) -> None:
        await self.engine.start(range(256))

    async def take(self, events: Sequence[Event]) -> None:
        await self.engine.take(events)

    async def flush(self, offset: int = 0) -> None:
        harvest = await self.engine.harvest()
        await self._flusher.flush(self._freezer.freeze_cases(harvest, {("events", 0): Position(offset, offset, 0)}))
        self.engine.release(harvest)

    async def _send(self, messages: Sequence[Message]) -> None:
        self.sent.extend(messages)

    async def _commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        self.committed.update(offsets)

    def _refused(self, letters: Sequence[DeadLetter]) -> None:
        self.refused.extend(letters)

    def _stage(self, name: str) -> None:
        if name == self.kill_at:
            raise Killed(name)
