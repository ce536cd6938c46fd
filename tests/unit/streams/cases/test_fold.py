"""Folding events into a case: states, milestones, branches, closing and opening again."""

from itertools import permutations

from metrics.words import SECOND
from streams.cases.case_state import HASHES_KEPT
from tests.fakes.events import event
from tests.unit.streams.cases.one_case import OBJECT, OneCase


def test_a_milestone_keeps_its_first_and_last_time_and_how_often_it_was_reached() -> None:
    fold = OneCase().happen(("asked", 1), ("asked", 5), ("asked", 9)).state.fold
    reached = fold.milestones["asked"]
    assert (reached.first, reached.last, reached.count) == (1 * SECOND, 9 * SECOND, 3)


def test_two_branches_show_both_states_until_one_is_left() -> None:
    case = OneCase().happen(("asked", 1), ("held", 2))
    assert case.state.fold.state == "asking + on hold"
    case.happen(("ordered", 3))
    assert case.state.fold.state == "waiting + on hold"
    case.happen(("freed", 4))
    assert case.state.fold.state == "waiting"


def test_a_closed_case_stays_closed_when_a_late_signal_arrives() -> None:
    case = OneCase().happen(("asked", 1), ("paid", 5), ("received", 6))
    assert case.state.fold.state == "done"
    assert "received" in case.state.fold.milestones


def test_a_reopening_milestone_opens_a_closed_case_again() -> None:
    case = OneCase().happen(("asked", 1), ("refused", 2))
    assert case.state.fold.outcome == "refused"
    case.happen(("asked", 3))
    assert (case.state.fold.outcome, case.state.fold.state) == ("", "asking")
    assert case.state.fold.state_since == 3 * SECOND


def test_any_order_of_arrival_gives_the_same_fold() -> None:
    steps = [("asked", 1), ("refused", 2), ("asked", 3), ("ordered", 4), ("paid", 5)]
    folds = set()
    for order in permutations(steps):
        case = OneCase().happen(*order)
        case.settle()
        folds.add(repr(case.state.fold))
    assert len(folds) == 1


def test_events_of_one_time_are_ordered_by_sequence_then_id() -> None:
    case = OneCase()
    case.state.enter(event("paid", 1, OBJECT, sequence=2), OBJECT)
    case.state.enter(event("asked", 1, OBJECT, sequence=1), OBJECT)
    case.settle()
    assert case.state.fold.outcome == "done"


def test_a_redelivered_event_changes_nothing() -> None:
    case = OneCase().happen(("asked", 1), ("ordered", 2))
    case.settle()
    before = repr(case.state.fold)
    case.state.dirty = False
    case.happen(("asked", 1), ("ordered", 2))
    assert not case.state.dirty
    assert not case.state.stale
    assert repr(case.state.fold) == before


def test_a_late_event_is_noted_as_late_and_folded_into_its_place() -> None:
    case = OneCase().happen(("asked", 1), ("paid", 5), ("received", 3))
    assert [(late.activity, at) for late, at in case.state.late] == [("received", 5 * SECOND)]
    case.settle()
    assert case.state.revision == 1
    assert case.state.fold.outcome == "done"


def test_a_case_of_very_many_events_asks_the_store_about_one_it_may_have_forgotten() -> None:
    case = OneCase().happen(*(("noted", at) for at in range(HASHES_KEPT + 10)))
    assert not case.state.hashes_complete
    stored = {one.id: one for one in case.state.pending.values()}
    case.state.pending, case.state.dirty = {}, False
    case.happen(("noted", 0))
    assert case.state.stale
    assert not case.state.late
    case.state.refold(stored)
    assert case.state.fold.events == HASHES_KEPT + 10


def test_what_only_a_withdrawn_member_brought_leaves_the_case() -> None:
    order = ("purchase_order", "P")
    case = OneCase().happen(("asked", 1))
    case.state.enter(event("ordered", 2, order), order)
    case.state.enter(event("received", 3, order, OBJECT), order)
    case.state.drop(order)
    case.settle()
    assert case.state.fold.events == 2
    assert [left.activity for left in case.state.withdrawn] == ["ordered"]
    assert [kept.activity for kept in case.state.pending.values()] == ["asked", "received"]


def test_a_restored_case_goes_on_where_it_was() -> None:
    case = OneCase().happen(("asked", 1), ("held", 2))
    case.settle()
    again = OneCase()
    again.state = type(case.state).restore(case.state.key, case.state.plan, case.state.checkpoint())
    for one in (case, again):
        one.happen(("asked", 1), ("ordered", 3), ("freed", 4), ("received", 5))
        one.settle()
    assert again.state.checkpoint() == case.state.checkpoint()
