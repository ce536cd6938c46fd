"""Rounds over what a store would say: whose clock holds whom back, feeds without events, clocks put forward."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from metrics.completeness.beside import Beside
from metrics.completeness.history import History
from metrics.completeness.plan import Expectations, Feed
from metrics.completeness.rounds import Rounds
from metrics.completeness.rows import Horizon, HourCount, HourGap, HourPrint, Interval
from metrics.queries.rows import Feed as FeedClock
from metrics.sla.calendar import Calendar
from metrics.sla.zones import load_zone
from metrics.words import DAY, HOUR, MINUTE
from tests.unit.metrics.completeness.told import MONDAY, NIGHTLY, night

NEW_YORK = Calendar("always", load_zone("America/New_York"))
PUT_FORWARD = int(datetime(2026, 3, 8, 7, tzinfo=UTC).timestamp()) * 1_000_000
"""When 02:00 becomes 03:00 in New York."""
LIVE = FeedClock("erp", "live", MONDAY, MONDAY, 0)
OLD_HISTORY = FeedClock("archive", "backfill", MONDAY - 5000 * DAY, MONDAY, 0)


class Store:
    """Answers with the rows it is given, and keeps what is written by table."""

    def __init__(self, **rows: Sequence[Any]) -> None:
        self.said: dict[str, Sequence[Any]] = {"completeness_horizon": [Horizon(0, 0)], "alert_feeds": [LIVE], **rows}
        self.written: list[tuple[str, Mapping[str, Sequence[Any]]]] = []

    def rows(self, name: str, row_type: type[Any], /, **parameters: object) -> list[Any]:
        found = self.said.get(name, ())
        if row_type in (HourCount, HourGap):
            return [one for one in found if int(str(parameters["since"])) <= one.hour < int(str(parameters["until"]))]
        return list(found)

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None:
        self.written.append((table, columns))

    def has(self, hours: Sequence[int]) -> None:
        """Twelve events of coupa in each of these hours (since 1970), five minutes apart."""
        self.said["completeness_hours"] = [HourPrint(hour, 12, hour) for hour in hours]
        self.said["completeness_counts"] = [HourCount("coupa", "a", 0, hour, 12, "erp") for hour in hours]
        self.said["completeness_gaps"] = [
            HourGap("coupa", 0, hour, at + MINUTE, at + 56 * MINUTE, at + MINUTE, at + 6 * MINUTE)
            for hour, at in ((hour, hour * HOUR) for hour in hours)
        ]

    def column(self, table: str, name: str) -> list[Any]:
        return [value for one, columns in self.written if one == table for value in columns[name]]


def plan() -> Expectations:
    feed = Feed("coupa", "Coupa", ("/coupa",), "procurement", 15 * MINUTE, NEW_YORK)
    rest = Feed("", "", (), "team", 15 * MINUTE, NEW_YORK)
    return Expectations({"coupa": feed}, (NIGHTLY,), rest, 8, 13.0)


def judge(store: Store) -> Rounds:
    return Rounds(plan(), store, store, iter(range(1, 999)).__next__)


def nights_of(store: Store) -> dict[str, str]:
    """The last state that was written of each night."""
    return dict(zip(store.column("feed_batches", "day"), store.column("feed_batches", "state"), strict=True))


def test_a_feed_that_sends_old_history_holds_back_no_batch_of_another() -> None:
    store = Store(completeness_batch_events=[night(0), night(1)])
    rounds, now = judge(store), MONDAY + 3 * DAY + 12 * HOUR
    rounds.run(now)
    before = {"2026-01-05": "complete", "2026-01-06": "complete", "2026-01-07": "missing"}
    assert {day: nights_of(store)[day] for day in before} == before
    store.said["alert_feeds"] = [LIVE, OLD_HISTORY]
    rounds.run(now + DAY)
    assert {day: nights_of(store)[day] for day in before} == before
    assert nights_of(store)["2026-01-08"] == "missing"


def test_a_feed_that_sends_its_history_holds_back_its_own_batches() -> None:
    store = Store(completeness_batch_events=[night(0), night(1)])
    rounds, now = judge(store), MONDAY + 3 * DAY + 12 * HOUR
    rounds.run(now)
    store.said["alert_feeds"] = [FeedClock("erp", "backfill", MONDAY + 2 * DAY, now, 0)]
    rounds.run(now + DAY)
    assert nights_of(store)["2026-01-07"] == "missing"
    assert "2026-01-08" not in nights_of(store)
    assert "withdrawn" not in nights_of(store).values()


def test_a_feed_whose_events_are_all_gone_is_no_feed_any_more() -> None:
    store, bound = Store(), PUT_FORWARD // HOUR - 24
    store.has(range(bound - 24 * 7 * 6, bound))
    rounds = judge(store)
    rounds.run(bound * HOUR + 20 * MINUTE)
    written = len(store.column("feed_intervals", "start"))
    assert store.column("feed_standings", "state") == ["complete"]
    store.has([])
    rounds.run(bound * HOUR + 21 * MINUTE)
    assert store.column("feed_standings", "state") == ["complete", "withdrawn"]
    assert set(store.column("feed_intervals", "reason")[written:]) == {"withdrawn"}
    assert len(store.column("feed_intervals", "reason")) == 2 * written
    assert rounds.run(bound * HOUR + 22 * MINUTE) == 0


def test_intervals_of_a_feed_that_is_gone_are_withdrawn_after_a_restart_too() -> None:
    left = Interval("coupa", "", "hour", MONDAY, 0, MONDAY + HOUR, "short", "", 1, 12.0, 0.0, 6)
    store = Store(completeness_intervals=[left])
    judge(store).run(MONDAY + DAY)
    assert store.column("feed_intervals", "reason") == ["withdrawn"]
    assert store.column("feed_intervals", "judged") == [MONDAY + DAY]


@pytest.mark.parametrize("weeks", [6, 9])
def test_a_feed_is_complete_in_the_hour_in_which_clocks_are_put_forward(weeks: int) -> None:
    store, bound = Store(), PUT_FORWARD // HOUR
    store.has(range(bound - 168 * weeks, bound))
    judge(store).run(PUT_FORWARD + 20 * MINUTE)
    assert store.column("feed_standings", "state") == ["complete"]
    assert store.column("feed_standings", "complete_until") == [PUT_FORWARD]
    assert store.column("feed_standings", "silence") == ["learned"]


def test_an_event_that_moves_within_its_hour_is_learned_from_anew() -> None:
    store, hours = Store(), range(1_000, 1_010)
    store.has(hours)
    history = History(store, plan())
    history.refresh()
    coupa = history.feeds["coupa", False]
    coupa.changed.clear()
    assert (history.refresh(), coupa.changed) == (0, set())
    prints, gaps = store.said["completeness_hours"], store.said["completeness_gaps"]
    store.said["completeness_hours"] = [*prints[:-1], msgspec.structs.replace(prints[-1], total=5)]
    store.said["completeness_gaps"] = [*gaps[:-1], msgspec.structs.replace(gaps[-1], gap_end_us=1_009 * HOUR + DAY)]
    assert (history.refresh(), coupa.changed) == (1, {1_009})


def test_a_round_that_fails_in_any_way_is_made_again() -> None:
    class Lease:
        epoch = 1

        def proves(self) -> bool:
            return True

    class Breaks:
        def run(self, now: int) -> int:
            raise faults.pop() if faults else AssertionError

    class Works:
        def run(self, now: int) -> int:
            return 7

    faults: list[Exception] = [KeyError("feed"), ZeroDivisionError()]
    beside = Beside(Lease(), lambda: Breaks() if faults else Works(), lambda: MONDAY)
    assert [beside.look() for _ in range(3)] == [None, None, 7]
