"""What a case is expected to tell: seen in time, late, or an exception that later proof takes back."""

import msgspec

from metrics.definitions.model import Definition, ExpectRule
from metrics.sla.calendar import ALWAYS
from metrics.sla.clock import ClockRule
from metrics.words import SECOND
from streams.cases.case_state import CaseState, Checkpoint
from streams.cases.expected import ExpectationChange
from streams.cases.plan import Plan
from tests.fakes.clocked import ASKED, CLOCKED, FREED, HELD, ORDERED, REFUSED
from tests.unit.streams.cases.one_case import OneCase

_RULE = ClockRule(ALWAYS, 10 * SECOND, 1.0)


def expects(*, last: bool = False, pauses: tuple[tuple[int, int, str], ...] = ()) -> Definition:
    """Ten seconds after the request an order is expected; refusing calls it off. No SLA stands beside it."""
    rule = ExpectRule(
        "order", ASKED, ORDERED, last, frozenset({REFUSED}), pauses, lambda _: _RULE, "Order", "/erp", "buyers"
    )
    return msgspec.structs.replace(CLOCKED, slas=(), expects=(rule,))


def case(definition: Definition | None = None) -> OneCase:
    return OneCase(definition or expects())


def status(one: OneCase) -> str:
    (found,) = one.state.expected
    return "" if found is None else found.status


def told(one: OneCase) -> list[tuple[str, int, str]]:
    """Every change so far: status, at which second, by what."""
    changes: list[ExpectationChange] = [change for changes in one.changes for change in changes.expectations]
    return [(change.status, change.at // SECOND, change.cause) for change in changes]


def test_nothing_is_expected_before_the_milestone_after_which_it_is() -> None:
    one = case().happen(("noted", 1))
    one.settle(100)
    assert (status(one), one.state.due, told(one)) == ("", None, [])


def test_what_comes_in_time_is_seen_and_what_comes_at_the_last_instant_too() -> None:
    one = case().happen(("asked", 5))
    one.settle(6)
    assert (status(one), one.state.due) == ("awaited", 15 * SECOND)
    one.happen(("ordered", 15))
    one.settle(15)
    assert (status(one), one.state.due, told(one)) == ("seen", None, [("seen", 15, "event")])


def test_what_does_not_come_is_unseen_from_its_due_on_and_told_once() -> None:
    one = case().happen(("asked", 5))
    one.settle(6)
    one.settle(20, by_timer=True)
    one.settle(30)
    one.happen(("noted", 40))
    one.settle(40)
    assert (status(one), told(one)) == ("unseen", [("unseen", 15, "timer")])


def test_what_comes_too_late_ends_the_exception_and_stays_marked() -> None:
    one = case().happen(("asked", 5))
    one.settle(20, by_timer=True)
    one.happen(("ordered", 21))
    one.settle(21)
    assert (status(one), told(one)) == ("late", [("unseen", 15, "timer"), ("late", 21, "event")])


def test_a_late_message_with_an_earlier_time_takes_the_exception_back_visibly() -> None:
    one = case().happen(("asked", 5))
    one.settle(20, by_timer=True)
    one.happen(("noted", 22), ("ordered", 12))
    one.settle(23)
    assert (status(one), told(one)) == ("seen", [("unseen", 15, "timer"), ("seen", 12, "event")])


def test_what_was_told_before_it_was_expected_is_seen() -> None:
    one = case().happen(("ordered", 3), ("asked", 5))
    one.settle(100)
    assert status(one) == "seen"


def test_what_is_called_off_is_no_exception_any_more() -> None:
    one = case().happen(("asked", 5))
    one.settle(20, by_timer=True)
    one.happen(("refused", 25))
    one.settle(25)
    assert (status(one), told(one)) == ("cancelled", [("unseen", 15, "timer"), ("cancelled", 25, "event")])


def test_time_does_not_run_while_the_case_is_on_hold() -> None:
    one = case(expects(pauses=((HELD, FREED, "on hold"),))).happen(("asked", 0), ("held", 4))
    one.settle(50)
    assert (status(one), one.state.due) == ("awaited", None)
    one.happen(("freed", 60))
    one.settle(60)
    assert (status(one), one.state.due) == ("awaited", 66 * SECOND)
    one.settle(66, by_timer=True)
    assert told(one) == [("unseen", 66, "timer")]


def test_asked_again_it_is_expected_anew_where_the_last_request_counts() -> None:
    one = case(expects(last=True)).happen(("asked", 0), ("asked", 8))
    one.settle(12)
    assert (status(one), one.state.due) == ("awaited", 18 * SECOND)


def test_a_clock_that_is_not_to_be_asked_judges_nothing_and_takes_nothing_back() -> None:
    never = -(1 << 42)
    unread = case().happen(("asked", 5))
    unread.settle(never)
    assert status(unread) == "awaited", "the message may wait in the backlog"
    one = case().happen(("asked", 5))
    one.settle(20, by_timer=True)
    one.happen(("noted", 3))
    one.settle(never)  # folded anew, for that came late
    assert (status(one), told(one)) == ("unseen", [("unseen", 15, "timer")])


def restored(one: OneCase, definition: Definition) -> CaseState:
    saved = msgspec.json.decode(msgspec.json.encode(one.state.checkpoint()), type=Checkpoint)
    return CaseState.restore(one.state.key, Plan(definition), saved)


def test_across_a_restart_an_exception_is_not_told_again() -> None:
    one = case().happen(("asked", 5), ("received", 6))
    one.settle(20, by_timer=True)
    again = case()
    again.state = restored(one, expects())
    again.settle(30, by_timer=True)
    assert (status(again), told(again)) == ("unseen", [])


def test_a_case_of_before_anything_was_expected_is_folded_anew() -> None:
    before = OneCase(msgspec.structs.replace(expects(), expects=())).happen(("asked", 5))
    before.settle(6)
    assert restored(before, expects()).stale
