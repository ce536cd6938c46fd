"""Feeds judged from events in a real store: dead and short ones, late events, restarts, any order of arrival."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from metrics.completeness.beside import Beside
from metrics.completeness.reading import load_expectations
from metrics.completeness.rounds import Rounds
from metrics.completeness.rows import Standing
from metrics.completeness.telling import feed_standings, mark
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, HOUR, MINUTE, Event, ObjectRef
from streams.engine.event_rows import event_rows

pytestmark = pytest.mark.store

NOW = int(datetime(2026, 3, 11, 18, 20, tzinfo=UTC).timestamp()) * 1_000_000
"""A Wednesday, 14:20 in New York."""
WEEKS = 7
ASKED = "SELECT feed, type, span, start, verdict, events FROM v_feed_intervals ORDER BY feed, type, span, start"


def feed(source: str, an_hour: float, seed: int, until: int = NOW) -> list[Event]:
    """Events around the clock, independent of each other."""
    random = np.random.default_rng(seed)
    number = random.poisson(an_hour * 24 * 7 * WEEKS)
    times = np.sort(random.integers(NOW - WEEKS * 7 * DAY, NOW, number))
    return [event(source, int(at), number) for number, at in enumerate(times) if at < until]


def event(source: str, at: int, number: int) -> Event:
    return Event(
        id=f"{source}-{number}", type="purchase_order.created.v1", activity="purchase_order.created.v1", time=at,
        source=source, feed="erp", objects=(ObjectRef("purchase_order", f"P{number}"),), origin="flowglass.events/0@x",
        position=number, subject=f"purchase_order/P{number}", ingested=at,
    )  # fmt: skip


class Desk:
    """A store, and the judge of it."""

    def __init__(self, client: StoreClient) -> None:
        self.client = client
        self.reader = Queries(client)
        self.writer = ClickHouseWriter(client)
        self._version = 0

    def version(self) -> int:
        self._version += 1
        return self._version

    def add(self, events: Sequence[Event]) -> None:
        for at in range(0, len(events), 10_000):
            self.writer.send(self.writer.prepare_rows("events", event_rows(events[at : at + 10_000])))

    def judge(self) -> Rounds:
        return Rounds(load_expectations(None), self.reader, self.writer, self.version)

    def standing(self, name: str) -> Standing:
        return next(one for one in feed_standings(self.reader) if one.feed == name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.client.rows(sql, {})]


@pytest.fixture
def desk(store: StoreClient) -> Desk:
    desk = Desk(store)
    row = {"feed": ["erp"], "version": [1], "phase": ["live"], "watermark": [NOW], "last_seen": [NOW], "simulated": [0]}
    desk.writer.insert("feeds", row)
    return desk


def test_a_dead_feed_is_silent_and_a_living_one_is_complete(desk: Desk) -> None:
    died = NOW - 3 * HOUR
    desk.add(feed("/coupa/prod", 12.0, 1, until=died) + feed("/workday/prod", 12.0, 2))
    desk.judge().run(NOW)
    coupa, workday = desk.standing("coupa"), desk.standing("workday")
    assert (coupa.state, workday.state) == ("silent", "complete")
    assert coupa.complete_until_us == coupa.last_us < died
    assert coupa.silent_from_us is not None
    assert coupa.silent_from_us - coupa.last_us < 2.5 * HOUR  # 12 an hour: an hour and a half of nothing is rare
    assert mark(feed_standings(desk.reader), NOW).sentence.startswith("Coupa has been silent since")


def test_a_hole_is_found_and_healed_by_late_events(desk: Desk) -> None:
    whole = feed("/coupa/prod", 30.0, 3)
    hole = (NOW // DAY * DAY - DAY, NOW // DAY * DAY - DAY + 115 * MINUTE)  # something is left of the second hour
    late = [one for one in whole if hole[0] <= one.time < hole[1]]
    desk.add([one for one in whole if not hole[0] <= one.time < hole[1]])
    judge = desk.judge()
    judge.run(NOW)
    asked = "SELECT count() FROM v_feed_intervals WHERE span = 'hour' AND type = '' AND verdict IN ('silent', 'short')"
    assert desk.rows(asked) == [(2,)]
    assert desk.standing("coupa").holes >= 2
    desk.add(late * 2)  # redelivered rows count once
    assert judge.run(NOW) > 0
    assert desk.rows(asked) == [(0,)]
    assert desk.standing("coupa").holes == 0


def test_judging_again_after_a_restart_and_in_another_order_gives_the_same(desk: Desk) -> None:
    events = feed("/coupa/prod", 12.0, 4)
    judge = desk.judge()
    for part in (events[5_000:], events[:5_000]):
        desk.add(part)
        judge.run(NOW)
    first = desk.rows(ASKED)
    assert first
    assert judge.run(NOW) == 0
    assert desk.judge().run(NOW) == 0
    desk.client.command("TRUNCATE TABLE feed_intervals")
    desk.judge().run(NOW)
    assert desk.rows(ASKED) == first


def test_nothing_is_judged_beyond_what_the_workers_have_read(desk: Desk) -> None:
    read_until = NOW - 4 * HOUR
    desk.add(feed("/coupa/prod", 12.0, 5, until=read_until))
    at = {"worker": ["cases"], "topic": ["flowglass.events"], "partition": [0], "version": [1], "incarnation": ["x"]}
    desk.writer.insert(
        "checkpoints",
        at
        | {"committed": [10], "high_water": [900], "watermark": [read_until], "flushed_at": [NOW]}
        | {"read_to": [NOW], "left_us": [-1]},
    )
    known = {"incarnation": ["x"], "previous": [""], "seen_at": [NOW], "unread": [0], "detail": [""]}
    desk.writer.insert("incarnations", known)
    desk.judge().run(NOW)
    assert desk.standing("coupa").state == "complete"
    assert desk.standing("coupa").judged_until_us <= read_until


def test_a_source_that_nobody_declared_is_a_feed_by_its_first_word(desk: Desk) -> None:
    desk.add(feed("/lab/prod", 12.0, 6) + feed("/coupanion/prod", 2.0, 8) + feed("/coupa-test", 2.0, 9))
    desk.judge().run(NOW)
    assert desk.standing("lab").owner == "integration_team"
    assert {one.feed for one in feed_standings(desk.reader)} == {"lab", "coupanion", "coupa"}


def test_a_batch_that_did_not_come_is_missing_until_nobody_expects_it(desk: Desk) -> None:
    nights = [NOW - days * DAY - 13 * HOUR for days in (4, 3, 1)]  # at 01:20 in New York: of the night before
    told = [batch(at, number, kind) for number, at in enumerate(nights) for kind in ("started", "completed")]
    desk.add(told)
    desk.judge().run(NOW)
    asked = "SELECT day, state FROM v_feed_batches WHERE facility = 'north' ORDER BY day"
    assert desk.rows(asked) == [
        ("2026-03-06", "complete"), ("2026-03-07", "complete"), ("2026-03-08", "missing"), ("2026-03-09", "complete"),
        ("2026-03-10", "missing"),
    ]  # fmt: skip
    nobody = replace(load_expectations(None), batches=())
    Rounds(nobody, desk.reader, desk.writer, desk.version).run(NOW)
    assert desk.rows(asked) == []


def batch(at: int, number: int, kind: str) -> Event:
    attributes = {"facility": "north", "interface": "payroll_hours", "rows": "900"}
    return Event(
        id=f"batch-{number}-{kind}", type=f"batch.{kind}.v1", activity=f"batch.{kind}.v1", time=at, feed="erp",
        source="/interfaces/prod", objects=(ObjectRef("batch", f"B{number}"),), origin="flowglass.events/0@x",
        position=number, subject=f"batch/B{number}", ingested=at, attributes=attributes,
    )  # fmt: skip


class Lease:
    """Ownership that is had or not."""

    epoch = 3

    def __init__(self, owns: bool) -> None:
        self._owns = owns

    def proves(self) -> bool:
        return self._owns


def test_only_the_owner_of_alerting_judges(desk: Desk) -> None:
    desk.add(feed("/coupa/prod", 2.0, 7))
    assert Beside(Lease(False), desk.judge, lambda: NOW).look() is None
    assert Beside(Lease(True), desk.judge, lambda: NOW).look()
