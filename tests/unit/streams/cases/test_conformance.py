"""Judging a case while it is folded: what is missing, extra, out of order or done too often, and what heals it."""

from typing import Any

import msgspec
import pytest

from metrics.definitions.conformance import compile_conformance
from metrics.definitions.model import Definition
from metrics.definitions.schema_conformance import ConformanceText
from metrics.words import Event, ObjectRef
from streams.cases.case_state import CaseState
from streams.cases.conformance import Deviation
from streams.cases.plan import Plan
from streams.cases.verdicts import deviations_of, verdict_changes
from tests.fakes.clocked import CLOCKED, NAMES
from tests.fakes.events import event
from tests.unit.streams.cases.one_case import KEY, OBJECT

ORDER = ("purchase_order", "P1")
OTHER = ("purchase_order", "P2")


def judged(**rules: Any) -> Definition:
    text = ConformanceText.model_validate(rules)
    numbers = {name: number for number, name in enumerate(NAMES)}
    return msgspec.structs.replace(CLOCKED, conformance=compile_conformance(text, numbers))


class Judged:
    """A case under some rules. A step is (milestone, second, further objects …)."""

    def __init__(self, **rules: Any) -> None:
        self.state = CaseState(KEY, Plan(judged(**rules)))

    def happen(self, *steps: tuple[Any, ...]) -> "Judged":
        for activity, at, *objects in steps:
            self.state.enter(event(activity, at, OBJECT, *objects), OBJECT)
        return self

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        if self.state.stale:
            self.state.refold({})
        return deviations_of(self.state)

    @property
    def told(self) -> list[tuple[str, str, str, int, int]]:
        return [(one.kind, one.milestone, one.object, one.at // 1_000_000, one.count) for one in self.deviations]


PAID_AFTER_RECEIVED = {"order": [{"step": "paid", "after": "received"}]}
EACH = {"order": [{"step": "received", "after": "ordered", "each": "purchase_order"}]}


def test_a_case_that_goes_as_it_should_deviates_nowhere_and_without_rules_it_has_no_verdict() -> None:
    steps = ("asked", 1), ("received", 2), ("paid", 3)
    assert Judged(**PAID_AFTER_RECEIVED).happen(*steps).told == []
    assert Judged().happen(*steps).state.fold.verdict is None


def test_nothing_is_missing_before_the_step_that_asks_for_it() -> None:
    assert Judged(**PAID_AFTER_RECEIVED).happen(("asked", 1), ("ordered", 2)).told == []


def test_a_step_without_what_must_stand_before_it_lacks_it() -> None:
    case = Judged(**PAID_AFTER_RECEIVED).happen(("asked", 1), ("paid", 3))
    assert case.told == [("missing", "paid", "", 3, 1)]
    assert case.deviations[0].rule == "paid after received"
    assert case.deviations[0].event_id.startswith("paid@3")


def test_what_comes_too_late_is_a_wrong_order_and_no_longer_missing() -> None:
    case = Judged(**PAID_AFTER_RECEIVED).happen(("asked", 1), ("paid", 3), ("received", 5))
    assert case.told == [("wrong_order", "paid", "", 3, 1)]


def test_an_event_told_late_heals_the_case_and_the_verdict_is_taken_back() -> None:
    case = Judged(**PAID_AFTER_RECEIVED).happen(("asked", 1), ("paid", 3))
    assert [(one.change, one.deviation.kind) for one in verdict_changes(case.state)] == [("found", "missing")]
    case.happen(("received", 2))
    assert case.told == []
    (change,) = verdict_changes(case.state)
    assert (change.change, change.deviation.kind) == ("withdrawn", "missing")
    assert change.cause.startswith("received@2")
    assert verdict_changes(case.state) == []


def test_a_missing_step_that_comes_later_is_told_as_a_change() -> None:
    case = Judged(**PAID_AFTER_RECEIVED).happen(("asked", 1), ("paid", 3))
    verdict_changes(case.state)
    case.happen(("received", 9))
    assert [(one.change, one.deviation.kind) for one in verdict_changes(case.state)] == [("changed", "wrong_order")]


def test_one_event_may_be_the_step_and_what_it_asks_for() -> None:
    rules = {"order": [{"step": "received", "after": "asked"}]}
    assert Judged(**rules).happen(("asked", 1), ("received", 1)).told == []


def test_each_order_is_judged_by_itself() -> None:
    case = Judged(**EACH).happen(("ordered", 1, ORDER), ("received", 2, ORDER), ("received", 3, OTHER))
    assert case.told == [("missing", "received", "P2", 3, 1)]
    case.happen(("received", 4, OTHER), ("ordered", 5, OTHER), ("received", 6, OTHER))
    assert case.told == [("wrong_order", "received", "P2", 3, 2)]


def test_an_event_about_several_orders_is_right_once_it_is_right_for_one() -> None:
    assert Judged(**EACH).happen(("ordered", 1, ORDER), ("received", 2, OTHER, ORDER)).told == []
    alone = Judged(**EACH).happen(("received", 2, OTHER, ORDER), ("ordered", 3, OTHER))
    assert alone.told == [("wrong_order", "received", "P1", 2, 1)]


def test_an_event_that_names_no_such_object_is_not_judged_by_it() -> None:
    assert Judged(**EACH).happen(("received", 2)).told == []


def test_since_asks_afresh_and_asks_nothing_before_it() -> None:
    rules = {"order": [{"step": "paid", "after": "received", "since": "held"}]}
    assert Judged(**rules).happen(("asked", 1), ("paid", 2)).told == []
    assert Judged(**rules).happen(("received", 1), ("held", 2), ("paid", 3)).told == [("missing", "paid", "", 3, 1)]
    assert Judged(**rules).happen(("held", 1), ("received", 2), ("paid", 3)).told == []


def test_a_later_round_does_not_make_up_for_an_earlier_one() -> None:
    rules = {"order": [{"step": "paid", "after": "received", "since": "held"}]}
    case = Judged(**rules).happen(("held", 1), ("paid", 2), ("held", 3), ("received", 4), ("paid", 5))
    assert case.told == [("missing", "paid", "", 2, 1)]


def test_what_may_never_come_is_extra() -> None:
    assert Judged(never=[{"step": "held"}]).happen(("asked", 1), ("held", 2)).told == [("extra", "held", "", 2, 1)]
    rules = {"never": [{"step": "received", "after": "refused", "each": "purchase_order"}]}
    case = Judged(**rules).happen(("received", 1, ORDER), ("refused", 2, ORDER), ("received", 3, OTHER))
    assert case.told == []
    assert case.happen(("received", 4, ORDER)).told == [("extra", "received", "P1", 4, 1)]


def test_what_comes_after_the_end_is_extra_unless_it_is_allowed_or_reopens() -> None:
    case = Judged(after_end=["received"]).happen(("asked", 1), ("paid", 2), ("received", 3), ("held", 4), ("held", 5))
    assert case.told == [("extra", "held", "", 4, 2)]
    assert Judged(after_end=[]).happen(("asked", 1), ("paid", 2), ("asked", 3), ("held", 4)).told == []


def test_without_the_word_an_ended_case_may_go_on() -> None:
    assert Judged(**PAID_AFTER_RECEIVED).happen(("received", 1), ("paid", 2), ("held", 3)).told == []


def test_a_loop_is_rework_from_the_first_turn_too_many() -> None:
    case = Judged(repeats=[{"step": "ordered", "at_most": 2}]).happen(*(("ordered", at) for at in (1, 2)))
    assert case.told == []
    assert case.happen(("ordered", 3), ("ordered", 4)).told == [("rework", "ordered", "", 3, 2)]


def test_loops_are_counted_by_object_and_since() -> None:
    rules = {"repeats": [{"step": "ordered", "at_most": 1, "each": "purchase_order", "since": "held"}]}
    case = Judged(**rules).happen(("ordered", 1, ORDER), ("ordered", 2, OTHER), ("held", 3, ORDER))
    assert case.happen(("ordered", 4, ORDER)).told == []
    assert case.happen(("ordered", 5, OTHER)).told == [("rework", "ordered", "P2", 5, 1)]


@pytest.mark.parametrize("changed", [judged(), judged(**EACH)])
def test_a_case_judged_by_other_rules_is_folded_again(changed: Definition) -> None:
    case = Judged(**PAID_AFTER_RECEIVED).happen(("asked", 1), ("paid", 3))
    saved = case.state.checkpoint()
    assert not CaseState.restore(KEY, case.state.plan, saved).stale
    assert CaseState.restore(KEY, Plan(changed), saved).stale


def called(at: int, activity: str, own: str, other: str = "") -> Event:
    """An event on an order that names it by another number too."""
    refs = [ObjectRef(*OBJECT), ObjectRef("purchase_order", own)]
    refs += [ObjectRef("purchase_order", other, "alias")] if other else []
    return msgspec.structs.replace(event(activity, at, OBJECT), id=f"{activity}@{at}", objects=tuple(refs))


def test_two_numbers_of_one_order_are_judged_as_one() -> None:
    case = Judged(**EACH)
    for one in (called(1, "noted", "X1", "P1"), called(2, "ordered", "P1"), called(3, "received", "X1")):
        case.state.enter(one, OBJECT)
    assert not case.state.stale
    assert case.told == []


@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_number_that_is_learnt_late_heals_what_was_judged_apart(at: int) -> None:
    case = Judged(**EACH)
    for one in (called(2, "ordered", "P1"), called(3, "received", "X1"), called(at, "noted", "X1", "P1")):
        case.state.enter(one, OBJECT)
    assert case.state.stale
    assert case.told == []
    assert not case.state.stale


def test_a_deviation_is_told_under_the_number_that_stands_for_the_others() -> None:
    case = Judged(**EACH)
    for one in (called(1, "noted", "X1", "P1"), called(3, "received", "P1"), called(4, "received", "X1")):
        case.state.enter(one, OBJECT)
    assert case.told == [("missing", "received", "X1", 3, 2)]


def test_an_event_that_does_not_say_for_which_order_counts_for_any_of_them() -> None:
    assert Judged(**EACH).happen(("ordered", 1), ("received", 2, ORDER)).told == []
    rules = {"order": [{"step": "received", "after": "freed", "since": "ordered", "each": "purchase_order"}]}
    assert Judged(**rules).happen(("ordered", 1, ORDER), ("freed", 2), ("received", 3, ORDER)).told == []
