"""The gate of a worker: who is over a limit is paused, and what follows goes aside."""

from metrics.words import DeadLetter
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.gate import SourceGate
from streams.dead_letters.limits import DeadLetterLimits, Limits
from streams.dead_letters.pauses import Pause, pause_columns
from tests.fakes.events import event

GOOD = event("requisition.created.v1", 1, ("requisition", "R-1"), source="/coupa")
OTHER = event("requisition.created.v1", 1, ("requisition", "R-2"), source="/sap")
BAD = DeadLetter(origin="o", position=1, topic="t", partition=0, offset=1, reason="bad_time", detail="",
                 payload=b'{"source":"/coupa"}')  # fmt: skip


def gate() -> SourceGate:
    return SourceGate(lambda: 7, DeadLetterLimits(Limits(least=10)))


def test_a_source_over_its_limit_is_paused_from_the_next_batch_on() -> None:
    one = gate()
    kept, dead = one.admit([GOOD, OTHER], [BAD] * 10)
    assert (len(kept), len(dead)) == (2, 10)
    assert one.paused == {"/coupa"}
    kept, dead = one.admit([GOOD, OTHER], [])
    assert kept == [OTHER]
    assert [letter.reason for letter in dead] == [SOURCE_PAUSED]


def test_its_pause_is_handed_out_once_to_be_stored() -> None:
    one = gate()
    one.admit([], [BAD] * 10)
    one.admit([], [BAD] * 10)
    (pause,) = one.take_new()
    assert (pause.source, pause.version, pause.paused, pause.cause, pause.changed) == ("/coupa", 1, True, "limit", 7)
    assert one.take_new() == []
    assert pause_columns([pause])["paused"] == [1]


def test_a_pause_by_hand_is_obeyed_and_a_resume_starts_the_count_again() -> None:
    one = gate()
    one.admit([], [BAD] * 10)
    stored = {pause.source: pause for pause in one.take_new()}
    one.renew(stored)
    assert one.paused == {"/coupa"}
    one.renew(
        {"/coupa": Pause("/coupa", 2, False, "operator", "", 8), "/sap": Pause("/sap", 1, True, "operator", "", 8)}
    )
    assert one.paused == {"/sap"}
    assert one.admit([GOOD], [BAD])[0] == [GOOD]
    assert one.paused == {"/sap"}


def test_a_pause_of_our_own_outlives_a_look_at_the_list_before_it_is_stored() -> None:
    one = gate()
    one.admit([], [BAD] * 10)
    one.renew({})
    assert one.paused == {"/coupa"}


def test_a_second_pause_comes_after_the_resume_in_the_list() -> None:
    one = gate()
    one.renew({"/coupa": Pause("/coupa", 4, False, "operator", "", 1)})
    one.admit([], [BAD] * 10)
    assert one.take_new()[0].version == 5


def test_what_a_paused_source_sends_is_not_counted_against_it() -> None:
    one = gate()
    one.renew({"/coupa": Pause("/coupa", 1, True, "operator", "", 1)})
    one.admit([GOOD], [BAD] * 50)
    one.renew({})
    one.admit([GOOD], [BAD])
    assert one.paused == frozenset()
