"""Native messages through the worker, with a store in memory and a broker that only listens."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import NoOpTracer

from metrics.exposition import Exposition
from metrics.privacy.opened import Privacy
from streams import topics
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.pauses import Pause
from streams.engine.flush import Partition
from streams.engine.observed import Observed
from streams.engine.sources_worker import SourcesWorker
from streams.event_routes import Route, one_topic
from streams.producer import Outgoing
from streams.sources.load import load_mapping
from streams.sources.native import FEED, SIMULATED, outgoing
from streams.sources.stored import TABLE
from streams.transport.batch import Record, RecordBatch
from tests.fakes.memory_store import MemoryStore

SYSTEMS = {name: load_mapping(name).mapping for name in ("ariba", "coupa")}
GOLDEN = Path(__file__).parents[3] / "golden/sources"


class Reader:
    """Answers the questions that the worker asks; `paused`: the systems that people paused."""

    paused: tuple[str, ...] = ()

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
        if TABLE in sql:
            return [row for row in self._store.rows(TABLE) if row["state_key"] in values["keys"]]
        if "v_source_pauses" in sql:
            return iter([Pause(name, 1, True, "operator", "", 1)._asdict() for name in self.paused])
        return iter([{"epoch": 1}])


class Life:
    """One worker's life on a store that outlives it."""

    def __init__(
        self,
        store: MemoryStore,
        kill_at: str = "",
        paused: tuple[str, ...] = (),
        privacy: Privacy | None = None,
        route: Route = one_topic,
    ) -> None:
        self.store = store
        reader = Reader(store)
        reader.paused = paused
        self.events: list[dict[str, Any]] = []
        self.topics: set[str] = set()
        self.committed: dict[Partition, int] = {}
        self._kill_at = kill_at
        self.worker = SourcesWorker(
            SYSTEMS,
            reader,  # type: ignore[arg-type]
            store,
            self._send,
            self._commit,
            observed=Observed(Exposition(), NoOpTracer()),
            incarnation="one",
            clock=lambda: 1,
            privacy=privacy,
            on_stage=self._stage,
            route=route,
        )

    def read(self, *messages: tuple[str, bytes], first: int = 0) -> "Life":
        records: list[Record] = []
        for offset, (system, body) in enumerate(messages, first):
            key, value, headers, _, _ = outgoing(system, body)
            records.append((offset, 1_772_000_000_000, key, value, list(headers)))
        return self.read_records(records, first)

    def read_records(self, records: list[Record], first: int = 0) -> "Life":
        async def life() -> None:
            self.worker.generation = 1
            end = first + len(records)
            await self.worker.take(RecordBatch(topics.NATIVE, 0, first, end - 1, records, end, 1, 0))
            await self.worker.stop()

        asyncio.run(life())
        return self

    async def _send(self, records: Sequence[tuple[str, Outgoing]]) -> None:
        self.topics |= {topic for topic, _ in records}
        self.events += [json.loads(value or b"") for topic, (_, value, _, _, _) in records if topic == topics.EVENTS]

    async def _commit(self, offsets: Mapping[Partition, int]) -> None:
        self.committed.update(offsets)

    def _stage(self, name: str) -> None:
        if name == self._kill_at:
            raise KeyboardInterrupt(name)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def story(system: str, name: str) -> list[tuple[str, bytes]]:
    """The messages of a golden case, in order."""
    folder = GOLDEN / system / name
    return [(system, file.read_bytes()) for file in sorted(folder.glob("[0-9]*"))]


INVOICE = story("coupa", "invoice_held_approved_paid")


def types(life: Life) -> list[str]:
    return [event["type"] for event in life.events]


def test_events_go_on_and_snapshots_are_stored(store: MemoryStore) -> None:
    life = Life(store).read(*INVOICE)
    assert types(life)[-1] == "invoice.paid.v1"
    assert len(store.rows(TABLE)) == 1
    assert life.committed == {(topics.NATIVE, 0): len(INVOICE)}


def test_events_go_to_the_topic_of_their_priority(store: MemoryStore) -> None:
    kinds = {"invoice.received.v1": topics.EVENTS_BULK}
    told = Life(store, route=lambda one: kinds.get(one.type, topics.EVENTS)).read(*INVOICE)
    assert {topics.EVENTS, topics.EVENTS_BULK} <= told.topics
    assert "invoice.received.v1" not in types(told)  # the life keeps what comes to the topic of events


def test_the_name_of_a_feed_is_known_when_the_topic_is_chosen(store: MemoryStore) -> None:
    worker = Life(store, route=lambda one: topics.EVENTS if one.feed == "simulator" else topics.EVENTS_BULK)
    key, value, headers, _, _ = outgoing(*INVOICE[0])
    worker.read_records([(0, 1_772_000_000_000, key, value, [*headers, (FEED, b"simulator")])])
    assert (topics.EVENTS in worker.topics, topics.EVENTS_BULK in worker.topics) == (True, False)


def test_a_later_life_goes_on_from_the_stored_snapshots(store: MemoryStore) -> None:
    whole = Life(MemoryStore()).read(*INVOICE)
    first = Life(store).read(*INVOICE[:1])
    second = Life(store).read(*INVOICE[1:], first=1)
    assert first.events + second.events == whole.events


@pytest.mark.parametrize("stage", ["frozen", "facts", "messages", "state"])
def test_a_death_in_a_flush_repeats_events_with_the_same_ids_and_loses_none(store: MemoryStore, stage: str) -> None:
    whole = Life(MemoryStore()).read(*INVOICE)
    dying = Life(store, kill_at=stage)
    with pytest.raises(KeyboardInterrupt):
        dying.read(*INVOICE)
    assert dying.committed == {}
    again = Life(store).read(*INVOICE)
    known = {event["id"]: event for event in whole.events}
    arrived = dying.events + again.events
    assert {event["id"] for event in arrived} == set(known)
    assert all(event == known[event["id"]] for event in arrived)


def test_what_cannot_be_read_becomes_a_dead_letter_and_holds_nothing_up(store: MemoryStore) -> None:
    life = Life(store).read(("coupa", b"{"), ("nobody", b"{}"), INVOICE[0])
    assert len(life.events) >= 1
    letters = sorted(store.rows("dead_letters"), key=lambda row: row["position"])
    assert [(row["reason"], row["position"]) for row in letters] == [("malformed_json", 0), ("unknown_system", 1)]
    assert "ariba, coupa" in letters[1]["detail"]


def test_a_dead_letter_holds_its_whole_record_byte_for_byte(store: MemoryStore) -> None:
    secret = b'{"id": 1, "password": "hunter2"'
    Life(store).read(("coupa", secret))
    (row,) = store.rows("dead_letters")
    assert (row["payload"], row["record_key"], row["ingested"]) == (secret, b"coupa", 1_772_000_000_000_000)
    assert row["record_headers"] == (("fg-system", b"coupa"),)


def test_a_bad_mapping_pauses_its_own_system_and_no_other(store: MemoryStore) -> None:
    life = Life(store).read(*[("ariba", b"<cut off")] * 100)
    assert [(row["source"], row["cause"]) for row in store.rows("source_pauses")] == [("ariba", "limit")]
    life.read(("ariba", b"<cut off"), *INVOICE, first=100)
    assert types(life)[-1] == "invoice.paid.v1"
    aside = [row for row in store.rows("dead_letters") if row["reason"] == SOURCE_PAUSED]
    assert [(row["source"], row["payload"], row["position"]) for row in aside] == [("/ariba/default", b"<cut off", 100)]


def test_a_system_whose_messages_are_half_good_is_not_paused(store: MemoryStore) -> None:
    Life(store).read(*[("ariba", b"<cut off"), INVOICE[0]] * 75)
    assert store.rows("source_pauses") == []


def test_what_a_paused_system_sends_goes_aside_and_the_rest_goes_on(store: MemoryStore) -> None:
    life = Life(store, paused=("coupa",)).read(*INVOICE, ("ariba", b"<cut off"))
    assert life.events == []
    assert store.rows(TABLE) == []
    reasons = [row["reason"] for row in store.rows("dead_letters")]
    assert sorted(reasons) == ["malformed_xml", *[SOURCE_PAUSED] * len(INVOICE)]


def test_what_is_simulated_stays_marked(store: MemoryStore) -> None:
    life = Life(store)
    key, value, headers, _, _ = outgoing("coupa", INVOICE[0][1], {SIMULATED: "1", FEED: "a-feed"})
    records: list[Record] = [(0, 0, key, value, list(headers))]

    async def work() -> None:
        life.worker.generation = 1
        await life.worker.take(RecordBatch(topics.NATIVE, 0, 0, 0, records, 1, 1, 0))
        await life.worker.stop()

    asyncio.run(work())
    assert all(event["simulated"] and event["feed"] == "a-feed" for event in life.events)
    assert life.events


def test_snapshots_mapped_ahead_of_their_turn_give_what_one_by_one_gives(store: MemoryStore) -> None:
    messages = [*INVOICE, *story("coupa", "purchase_order_issued_revised_closed"), *INVOICE]
    together, one_by_one = Life(store).read(*messages), Life(MemoryStore())
    for offset, message in enumerate(messages):
        one_by_one = _next(one_by_one, message, offset)
    assert [event["id"] for event in together.events] == [event["id"] for event in one_by_one.events]
    assert together.events


def _next(life: Life, message: tuple[str, bytes], offset: int) -> Life:
    """The same events and store, read by a worker that begins anew for each message."""
    after = Life(life.store).read(message, first=offset)
    after.events = [*life.events, *after.events]
    return after
