"""A case that will never end is closed by hand: its clocks stop without a verdict, and what comes later lifts it."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from metrics.closing import OUTCOME, closing
from metrics.words import SECOND, Event
from streams.cases.case_state import CaseState
from streams.cases.plan import Plan
from streams.correlation.messages import CaseKey
from tests.fakes.clocked import CLOCKED
from tests.fakes.events import event
from tests.unit.streams.cases.one_case import KEY, OBJECT, OneCase


def closed(at: int, process: str = KEY.process, case: tuple[str, str] = OBJECT) -> Event:
    made = closing(process, case, at=at * SECOND, feed="", actor="ann", reason="a duplicate of R-2")
    return replace(made, id=f"closing@{at}")


def case_with(*events: Event) -> OneCase:
    one = OneCase()
    for each in events:
        one.state.enter(each, OBJECT)
    one.settle()
    return one


def statuses(one: OneCase) -> dict[str, str]:
    names = [rule.name for rule in CLOCKED.slas]
    return {name: one.status(name) for name in names if one.status(name)}


def test_the_case_ends_and_its_clocks_are_cancelled_instead_of_met() -> None:
    one = case_with(event("asked", 1, OBJECT), closed(2))
    fold = one.state.fold
    assert (fold.outcome, fold.state, fold.state_since) == (OUTCOME, OUTCOME, 2 * SECOND)
    assert set(statuses(one).values()) == {"cancelled"}
    assert one.state.due is None


def test_a_clock_that_was_met_stays_met() -> None:
    before = statuses(case_with(event("asked", 1, OBJECT), event("ordered", 2, OBJECT)))
    after = statuses(case_with(event("asked", 1, OBJECT), event("ordered", 2, OBJECT), closed(3)))
    met = {name for name, status in before.items() if status == "met"}
    assert met
    assert {name for name, status in after.items() if status == "met"} == met


def test_a_closing_that_comes_again_has_no_second_effect() -> None:
    once = case_with(event("asked", 1, OBJECT), closed(2))
    again = case_with(event("asked", 1, OBJECT), closed(2), closed(2))
    assert repr(again.state.fold) == repr(once.state.fold)
    twice = case_with(event("asked", 1, OBJECT), closed(2), closed(5))
    assert (twice.state.fold.outcome, twice.state.fold.state_since) == (OUTCOME, 2 * SECOND)


def test_what_happens_later_opens_the_case_again_and_its_clocks_go_on() -> None:
    one = case_with(event("asked", 1, OBJECT), closed(2), event("ordered", 3, OBJECT))
    plain = case_with(event("asked", 1, OBJECT), event("ordered", 3, OBJECT))
    assert (one.state.fold.outcome, one.state.fold.state) == ("", plain.state.fold.state)
    assert statuses(one) == statuses(plain)


@pytest.mark.parametrize("later", ["received", "paid", "refused", "held", "asked"])
def test_a_closing_that_was_lifted_leaves_no_trace_in_the_clocks(later: str) -> None:
    one = case_with(event("asked", 1, OBJECT), closed(2), event(later, 3, OBJECT))
    plain = case_with(event("asked", 1, OBJECT), event(later, 3, OBJECT))
    assert one.state.fold.clocks == plain.state.fold.clocks
    assert one.state.fold.outcome == plain.state.fold.outcome


def test_what_ends_a_case_truly_takes_the_place_of_the_closing() -> None:
    assert case_with(event("asked", 1, OBJECT), closed(2), event("paid", 3, OBJECT)).state.fold.outcome == "done"
    assert case_with(event("asked", 1, OBJECT), event("paid", 2, OBJECT), closed(3)).state.fold.outcome == "done"


def test_any_order_of_arrival_gives_the_same_case() -> None:
    events = [event("asked", 1, OBJECT), closed(2), event("ordered", 3, OBJECT), closed(4), event("held", 0, OBJECT)]
    folds = {repr(case_with(*order).state.fold) for order in permutations(events)}
    assert len(folds) == 1


@pytest.mark.parametrize("other", [closed(2, process="buying"), closed(2, case=("requisition", "R-2"))])
def test_the_closing_of_another_case_passes_by(other: Event) -> None:
    assert case_with(event("asked", 1, OBJECT), other).state.fold.outcome == ""


def test_the_closing_survives_a_checkpoint() -> None:
    state = case_with(event("asked", 1, OBJECT), closed(2)).state
    back = CaseState.restore(CaseKey(*KEY), Plan(CLOCKED), state.checkpoint())
    assert back.fold.outcome == OUTCOME
    assert [reading and reading.status for reading in back.readings] == [
        reading and reading.status for reading in state.readings
    ]


def test_nobody_closes_a_case_without_a_name_and_a_reason() -> None:
    for actor, reason in (("", "why"), ("ann", " "), ("ann", "x" * 501)):
        with pytest.raises(ValueError, match="reason"):
            closing("ordering", OBJECT, at=1, feed="", actor=actor, reason=reason)
