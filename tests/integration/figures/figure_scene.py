"""Orders that the real engine folds into the real store, and figures published of them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from metrics.definitions.model import Definition, Entry, Match
from metrics.figures.publishing import Done, Publishing
from metrics.figures.rules import FigureRules, load_figure_rules
from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, HOUR, Event
from streams.engine.clickhouse_state import ClickHouseState
from tests.fakes.clocked import sla
from tests.fakes.events import ORDERING, event
from tests.fakes.pipeline import Pipeline

MONDAY = 1_772_409_600 * 1_000_000
"""Monday, 2 March 2026, 0:00 UTC."""
CREATED, ISSUED, RECEIVED, REVERSED, REOPENED = (
    "requisition.created.v1", "requisition.issued.v1", "requisition.received.v1", "requisition.reversed.v1",
    "requisition.reopened.v1",
)  # fmt: skip
RULES = load_figure_rules()


def ordering(version: int = 1, target: int = 24 * HOUR) -> Definition:
    """A request is met when it is received within the target; reversing its receipt makes it wait again."""
    return msgspec.structs.replace(
        ORDERING,
        version=version,
        hash=f"{version:08d}{target}",
        links=(),
        milestones=("created", "issued", "received", "reversed", "reopened"),
        matches={name: (Match(n, None),) for n, name in enumerate((CREATED, ISSUED, RECEIVED, REVERSED, REOPENED))},
        enters={0: (Entry(0, "asking"),), 1: (Entry(0, "waiting"),)},
        ends={2: "received", 3: "reversed"},
        reopens=frozenset({3, 4}),
        slas=(sla("delivery", 0, 2, target / 1_000_000, cancel=frozenset({3})),),
    )


class RealStore(ClickHouseState):
    """State read and written as the worker does it."""

    def __init__(self, client: StoreClient) -> None:
        super().__init__(client)
        self._writer = ClickHouseWriter(client)
        self.prepare, self.prepare_rows = self._writer.prepare, self._writer.prepare_rows
        self.dies_at = ""

    def send(self, block: Any) -> None:
        if self.dies_at and block.table == self.dies_at:
            raise ConnectionError(self.dies_at)
        self._writer.send(block)


class FigureScene:
    """One worker and one program that publishes; `now` is the wall clock of both."""

    def __init__(self, client: StoreClient, definition: Definition | None = None, rules: FigureRules = RULES) -> None:
        self.client = client
        self.store = RealStore(client)
        self.now = MONDAY
        self._rules = rules
        self._epoch, self._version = 0, 0
        self._definition = definition or ordering()
        self.restart()

    def restart(self, definition: Definition | None = None) -> None:
        """New programs, which know nothing but the store."""
        self._definition = definition or self._definition
        self._epoch += 1
        text = {"process": ["ordering"], "version": [self._definition.version], "hash": [self._definition.hash]}
        self.store.send(self.store.prepare("definitions", {**text, "yaml": [""], "loaded_at": [self.now]}))
        self.pipeline = Pipeline(self.store, [self._definition], self._epoch)  # type: ignore[arg-type]
        self.publishing = Publishing(self.client, self.store, self._rules, lambda: self.now)
        asyncio.run(self.pipeline.start())

    def take(self, *events: Event, at: int | None = None) -> None:
        """The worker takes events in `at` a time, all in one flush."""
        self.now = self.now if at is None else at
        self.pipeline.now = self.now
        stamped = [msgspec.structs.replace(one, ingested=self.now) for one in events]
        asyncio.run(self._flush(stamped))

    async def _flush(self, events: Sequence[Event]) -> None:
        await self.pipeline.take(events)
        await self.pipeline.flush()

    def publish(self, at: int | None = None) -> Done:
        """One round at a time."""
        self.now = self.now if at is None else at
        self._version += 1
        return self.publishing.round((self._epoch << 40) + self._version)

    def restatements(self, unit: str = "day", figure: str = "sla", facility: str = "") -> list[dict[str, Any]]:
        rows = self.client.rows("SELECT * FROM v_figure_restatements ORDER BY figure, facility, unit, start, revision")
        return [
            row | {"before": msgspec.json.decode(row["before"]), "after": msgspec.json.decode(row["after"])}
            for row in rows
            if (row["unit"], row["figure"], row["facility"]) == (unit, figure, facility)
        ]

    def published(self) -> dict[tuple[str, ...], dict[str, str]]:
        """What stands now; intervals that came to hold nothing are left out."""
        rows = self.client.rows("SELECT * FROM v_published_figures")
        names = ("figure", "process", "name", "facility", "unit", "start")
        return {tuple(row[n] for n in names): msgspec.json.decode(row["said"]) for row in rows if row["said"] != "{}"}


def step(activity: str, case: str, at: int, *, facility: str = "north", id: str = "") -> Event:
    """`at` in microseconds."""
    made = event(activity, 0, ("requisition", case), id=id or f"{activity}/{case}/{at}", facility=facility)
    return msgspec.structs.replace(made, time=at)


def delivered(case: str, created: int, after: int, **about: str) -> list[Event]:
    return [step(CREATED, case, created, **about), step(RECEIVED, case, created + after, **about)]


def a_week(scene: FigureScene) -> None:
    """Requests met on Monday and Tuesday, one missed on Wednesday; taken in in time, published on Sunday."""
    scene.take(
        *delivered("A", MONDAY + HOUR, 3 * HOUR),
        *delivered("B", MONDAY + DAY + HOUR, 5 * HOUR, facility="south"),
        *delivered("C", MONDAY + 2 * DAY + HOUR, 30 * HOUR),
        at=MONDAY + 4 * DAY,
    )
    scene.publish(MONDAY + 6 * DAY)
