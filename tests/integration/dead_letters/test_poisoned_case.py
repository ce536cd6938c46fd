"""One poisoned case among many, on the real engine: every other one is the oracle's, and a mended worker repairs it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import msgspec
import pytest

from metrics.definitions.compile import open_definition
from metrics.definitions.load import load
from metrics.definitions.model import Definition
from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.words import Event, Marker
from streams.cases.aside import SET_ASIDE
from streams.codecs.cloudevents import decode_batch
from streams.codecs.reasons import FOLD_FAILED
from streams.correlation.correlator import Correlator
from streams.correlation.rules import LinkRules
from streams.dead_letters.keeping import Keeper
from streams.dead_letters.kept_writer import KeptWriter
from streams.engine.cache import StateCache
from streams.engine.cases_worker import Read
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.flush import Flusher, Position
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from tests.faults.comparing import differences
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, Step, sending_order
from tests.faults.stack import Stack

pytestmark = pytest.mark.store
POISONED = "R7-0"
SUBMITTED = "requisition.submitted.v1"
DEFINITION = load(PROCESS_FILE).definitions[0]
NOW = 1_795_000_000_000_000


class Asked:
    """As much of a stack as the comparison asks."""

    def __init__(self, store: StoreClient) -> None:
        self._store = store

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return list(self._store.rows(sql, values or {}))

    def value(self, sql: str, values: Mapping[str, Any] | None = None) -> Any:
        (row,) = self.rows(sql, values)
        return next(iter(row.values()))


def explodes(event: Event) -> bool:
    if event.objects[0].id == POISONED:
        raise RuntimeError("this event was not foreseen")
    return True


def poisoned() -> Definition:
    matches = tuple(match._replace(where=explodes) for match in DEFINITION.matches[SUBMITTED])
    return msgspec.structs.replace(DEFINITION, matches={**DEFINITION.matches, SUBMITTED: matches})


class Life:
    """A worker's engine over the real store."""

    def __init__(self, store: StoreClient, definition: Definition, epoch: int) -> None:
        writer = KeptWriter(ClickHouseWriter(store), Keeper(lambda letter: "integration"))
        state, plans, feeds = ClickHouseState(store), Plans([definition], open_definition), Feeds(lambda: NOW)
        self._engine = Engine(Correlator(LinkRules([definition])), StateCache(plans, state), state, feeds)
        self._freezer = Freezer(writer, worker="cases", epoch=epoch, incarnation="one", clock=lambda: NOW)
        self._flusher = Flusher(writer, self._nowhere, self._nowhere)

    async def go(self, phase: str, steps: Sequence[Step]) -> None:
        mark = Marker(feed=FEED, kind=phase, partition=0, count=0, origin="test", position=0)
        await self._engine.start(range(256))
        for number, events in enumerate([*batches(steps), []]):
            await self._engine.take(events, markers=[mark])
            harvest = await self._engine.harvest()
            await self._flusher.flush(self._freezer.freeze_cases(harvest, {("e", 0): Position(number, number, 0)}))
            self._engine.release(harvest)

    async def _nowhere(self, _: object) -> None: ...


def batches(steps: Sequence[Step]) -> Iterator[Sequence[Event]]:
    records = (Read("flowglass.events", 0, at, NOW // 1000, *step.record(), ()) for at, step in enumerate(steps))
    while chunk := list(islice(records, 200)):
        events, _, letters = decode_batch(chunk, "one")
        assert not letters
        yield events


def test_one_poisoned_case_is_set_aside_and_a_mended_worker_makes_all_as_the_oracle_says(store: StoreClient) -> None:
    steps = Hospital(seed=11).steps(800)
    truth, asked = Truth(steps), cast(Stack, Asked(store))
    asyncio.run(Life(store, poisoned(), epoch=1).go("backfill", list(sending_order(steps, seed=11))))
    wrong = differences(asked, truth)
    assert wrong[0] == "1 cases are wrong"
    assert wrong[1].startswith(f"case {POISONED}: ")
    assert not [line for line in wrong[2:] if not line.startswith(("cases by state: ", "paid: "))]
    (letter,) = asked.rows("SELECT reason, topic, offset, detail FROM v_dead_letters")
    assert (letter["reason"], letter["topic"]) == (FOLD_FAILED, "flowglass.events")
    assert letter["detail"].startswith("RuntimeError: this event was not foreseen")
    assert asked.value("SELECT state FROM v_cases WHERE case_id = %(id)s", {"id": POISONED}) == SET_ASIDE
    asyncio.run(Life(store, DEFINITION, epoch=2).go("end", []))
    assert not differences(asked, truth)
