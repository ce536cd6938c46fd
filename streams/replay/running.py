"""The worker's own engine over stored events: no broker, no notifier, another database.

Time is each feed's watermark while its events are read, as in any backfill. At the end each feed gets back the phase
that it has in the store, and the wall clock stands where the stored cases were last judged, so that what time alone
has made due is due in both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from metrics.contracts.model import NOBODYS
from metrics.definitions.compile import open_definition
from metrics.definitions.model import Definition
from metrics.ledger.posting import posting_rows
from metrics.ledger.rules import load_rules
from metrics.store.writer import ClickHouseWriter
from metrics.words import Event
from streams.correlation.correlator import Correlator
from streams.correlation.rules import LinkRules
from streams.correlation.shards import SHARDS
from streams.dead_letters.keeping import Keeper
from streams.dead_letters.kept_writer import KeptWriter
from streams.engine.cache import StateCache
from streams.engine.cases_worker import restore_feeds
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.flush import Flusher, Partition
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from streams.replay.history import History
from streams.replay.shadow import Shadow

FLUSH = 10_000
"""Events a flush: smaller ones write each case more often."""
_ANY_PARTITION = range(1 << 32)


class Replaying:
    """One replay of everything that a shadow sees, under these definitions."""

    def __init__(self, shadow: Shadow, definitions: Iterable[Definition], as_of: int) -> None:
        self._stood = Feeds(lambda: as_of)
        restore_feeds(self._stood, shadow.live, _ANY_PARTITION)
        self._feeds = Feeds(lambda: as_of)
        plans, state = Plans(definitions, open_definition), ClickHouseState(shadow.client)
        writer = KeptWriter(ClickHouseWriter(shadow.client), Keeper(lambda _: NOBODYS))
        self._history = History(shadow.client)
        self._engine = Engine(Correlator(LinkRules(plans.definitions())), StateCache(plans, state), state, self._feeds)
        self._freezer = Freezer(writer, worker="replay", epoch=1, incarnation=shadow.name, clock=lambda: as_of)
        self._flusher = Flusher(writer, _sent_nowhere, _committed_nowhere)
        self._ledger = load_rules()

    @property
    def records(self) -> int:
        """How many stored records there are to go through."""
        return self._history.records

    async def run(self, told: Callable[[int], None]) -> int:
        """Fold everything; `told` hears of records gone through. Returns how many events. Raises store errors."""
        self._begin()
        await self._engine.start(range(SHARDS))
        events = 0
        for records, stretch in self._history.stretches():
            for batch in _batches(stretch):
                await self._engine.take(batch)
                await self._flush()
            events += len(stretch)
            told(records)
        self._end()
        await self._flush()
        return events

    def _begin(self) -> None:
        for feed in self._stood:
            self._feeds.get(feed.name).phases[0] = "backfill"

    def _end(self) -> None:
        """Each feed is again what it is in the store, with its watermark there."""
        for stood in self._stood:
            feed = self._feeds.get(stood.name)
            feed.phases[0] = stood.phase
            feed.watermark = max(feed.watermark, stood.watermark)

    async def _flush(self) -> None:
        harvest = await self._engine.harvest()
        postings = posting_rows(self._ledger, harvest.events)
        without_events = harvest._replace(events=[])  # those are seen through a view
        await self._flusher.flush(self._freezer.freeze_cases(without_events, {}, postings=postings))
        self._engine.release(harvest)


def _batches(events: Sequence[Event]) -> Iterable[Sequence[Event]]:
    rest = iter(events)
    while batch := list(islice(rest, FLUSH)):
        yield batch


async def _sent_nowhere(messages: Sequence[object]) -> None:
    """One engine owns every shard here, so it has nobody to send to."""
    assert not messages


async def _committed_nowhere(offsets: Mapping[Partition, int]) -> None:
    """Nothing is read from a log."""
