"""A case's clocks: pauses, laps, what a timer decides, and what turns out to have been wrong."""

from metrics.words import SECOND
from tests.unit.streams.cases.one_case import OneCase


def transitions(case: OneCase) -> list[tuple[str, str, int, str]]:
    """(clock, status, seconds, cause) in the order of noticing."""
    return [(t.clock, t.status, t.at // SECOND, t.cause) for changes in case.changes for t in changes.transitions]


def test_a_clock_stands_still_while_the_case_is_on_hold() -> None:
    case = OneCase().happen(("received", 0), ("held", 5), ("freed", 100), ("paid", 110))
    case.settle()
    assert case.status("payment") == "met"
    reading = case.state.readings[1]
    assert reading is not None
    assert (reading.net, reading.gross) == (15 * SECOND, 110 * SECOND)


def test_a_hold_is_a_transition_of_its_own_at_the_instant_it_began() -> None:
    case = OneCase().happen(("received", 0))
    case.settle()
    case.happen(("held", 5))
    case.settle()
    case.happen(("freed", 9))
    case.settle()
    assert [t[:3] for t in transitions(case)] == [
        ("payment", "paused", 5),
        ("payment", "running", 9),
    ]


def test_a_deadline_that_passes_while_nothing_happens_is_a_breach_at_the_deadline() -> None:
    case = OneCase().happen(("received", 0))
    case.settle(now=1)
    assert case.state.due == 16 * SECOND
    case.settle(now=500, by_timer=True)
    assert transitions(case)[-1] == ("payment", "breached", 20, "timer")
    assert case.state.due is None


def test_a_clock_that_runs_on_shows_the_same_whenever_it_is_looked_at() -> None:
    """Net and gross are as of the last event, or of the last change of status: not of the moment of looking."""
    for looks in ([1], [1, 5, 15], [15]):
        case = OneCase().happen(("received", 0))
        for now in looks:
            case.settle(now=now)
        reading = case.state.readings[1]
        assert reading is not None
        assert (reading.status, reading.net, reading.gross) == ("running", 0, 0)
        case.settle(now=17)
        at_risk = case.state.readings[1]
        assert at_risk is not None
        assert (at_risk.status, at_risk.net) == ("at_risk", 16 * SECOND)


def test_a_clock_never_goes_back_because_it_is_looked_at_with_an_earlier_now() -> None:
    case = OneCase().happen(("received", 0))
    case.settle(now=30, by_timer=True)
    case.happen(("noted", 1))
    changes = case.settle(now=1)
    assert case.status("payment") == "breached"
    assert changes.transitions == []
    assert changes.restatements == []


def test_a_stop_that_arrives_after_the_timer_but_happened_before_the_deadline_restates_the_breach() -> None:
    case = OneCase().happen(("received", 0))
    case.settle(now=30, by_timer=True)
    case.happen(("paid", 19))
    (restatement,) = case.settle(now=31).restatements
    assert (restatement.old.status, restatement.new.status) == ("breached", "met")


def test_a_stop_after_the_deadline_leaves_the_breach_as_it_was() -> None:
    case = OneCase().happen(("received", 0))
    case.settle(now=30, by_timer=True)
    case.happen(("paid", 40))
    changes = case.settle(now=41)
    assert (case.status("payment"), changes.transitions, changes.restatements) == ("breached", [], [])


def test_a_late_event_restates_a_clock_that_had_come_to_rest() -> None:
    case = OneCase().happen(("received", 0), ("paid", 30))
    case.settle()
    assert case.status("payment") == "breached"
    case.happen(("held", 5), ("freed", 20))
    (restatement,) = case.settle().restatements
    assert (restatement.old.status, restatement.new.status, restatement.new.net) == ("breached", "met", 15 * SECOND)
    assert restatement.event_id.startswith("freed")


def test_rework_starts_a_new_lap_and_restates_nothing() -> None:
    case = OneCase().happen(("asked", 0))
    case.settle(now=20, by_timer=True)
    assert case.status("lap") == "breached"
    case.happen(("refused", 25))
    case.settle()
    assert case.status("lap") == "cancelled"
    case.happen(("asked", 40))
    case.settle()
    assert case.status("lap") == "running"
    case.happen(("ordered", 50))
    case.settle()
    assert case.status("lap") == "met"
    assert [c.restatements for c in case.changes] == [[], [], [], []]
    assert [t[1:3] for t in transitions(case) if t[0] == "lap"] == [
        ("breached", 15),
        ("cancelled", 25),
        ("running", 40),
        ("met", 50),
    ]


def test_a_late_refusal_before_the_deadline_restates_a_breach() -> None:
    case = OneCase().happen(("asked", 0))
    case.settle(now=20, by_timer=True)
    case.happen(("refused", 10))
    (restatement,) = [r for r in case.settle(now=21).restatements if r.clock == "lap"]
    assert (restatement.old.status, restatement.new.status) == ("breached", "cancelled")


def test_only_the_first_stop_counts() -> None:
    case = OneCase().happen(("asked", 0), ("received", 10), ("received", 100))
    case.settle()
    assert case.status("delivery") == "met"
