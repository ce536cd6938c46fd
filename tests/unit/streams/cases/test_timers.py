"""Timers: each case is given out once when it is due, on the clock of its feed."""

from metrics.words import SECOND
from streams.cases.timers import Timers
from tests.unit.streams.cases.one_case import KEY, OneCase


def timed(due: int | None, feed: str = "erp") -> OneCase:
    case = OneCase().happen(("asked", 0))
    case.state.fold.feed, case.state.due = feed, due
    return case


def test_a_case_is_given_out_once_when_it_is_due() -> None:
    timers, case = Timers(), timed(5 * SECOND)
    timers.set(case.state)
    assert timers.pop_due("erp", 4 * SECOND) == []
    assert timers.pop_due("erp", 5 * SECOND) == [KEY]
    assert timers.pop_due("erp", 9 * SECOND) == []
    assert len(timers) == 0


def test_a_deadline_that_moved_counts_and_its_old_place_does_not() -> None:
    timers, case = Timers(), timed(5)
    timers.set(case.state)
    case.state.due = 9
    timers.set(case.state)
    assert timers.pop_due("erp", 8) == []
    assert timers.pop_due("erp", 9) == [KEY]


def test_a_case_with_nothing_due_is_left_alone() -> None:
    timers, case = Timers(), timed(5)
    timers.set(case.state)
    case.state.due = None
    timers.set(case.state)
    assert timers.pop_due("erp", 100) == []


def test_a_case_that_goes_on_under_another_feed_falls_due_on_that_feeds_clock() -> None:
    timers, case = Timers(), timed(5, feed="history")
    timers.set(case.state)
    case.state.fold.feed = "live"
    timers.set(case.state)
    assert timers.pop_due("history", 100) == []
    assert timers.pop_due("live", 5) == [KEY]


def test_a_forgotten_case_never_falls_due() -> None:
    timers, case = Timers(), timed(5)
    timers.set(case.state)
    timers.forget(KEY)
    assert timers.pop_due("erp", 100) == []


def test_no_more_are_given_out_than_asked_for() -> None:
    timers = Timers()
    for number in range(5):
        case = timed(number)
        case.state.key = case.state.key._replace(id=f"R{number}")
        timers.set(case.state)
    assert [key.id for key in timers.pop_due("erp", 10, limit=3)] == ["R0", "R1", "R2"]
    assert [key.id for key in timers.pop_due("erp", 10, limit=3)] == ["R3", "R4"]
