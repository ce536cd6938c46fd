"""When a source has sent too much that cannot be read."""

from metrics.words import MINUTE, SECOND
from streams.dead_letters.limits import MOST_SOURCES, DeadLetterLimits, Limits


def test_more_than_half_of_the_last_thousand_is_over() -> None:
    limits = DeadLetterLimits()
    assert not limits.observe("s", ok=500, dead=500, now=0).over
    verdict = limits.observe("s", ok=0, dead=1, now=0)
    assert verdict.over
    assert "501 of the last 1001 records" in verdict.why


def test_old_records_leave_the_window() -> None:
    limits = DeadLetterLimits(Limits(window=100, least=10))
    limits.observe("s", ok=1000, dead=0, now=0)
    verdicts = [limits.observe("s", ok=4, dead=6, now=0).over for _ in range(10)]
    assert verdicts == [False] * 9 + [True]


def test_a_source_that_recovers_is_within_again() -> None:
    limits = DeadLetterLimits(Limits(window=100, least=10))
    assert limits.observe("s", ok=10, dead=20, now=0).over
    assert not limits.observe("s", ok=100, dead=0, now=0).over


def test_a_few_records_prove_nothing() -> None:
    limits = DeadLetterLimits()
    assert not limits.observe("s", ok=0, dead=99, now=0).over
    assert limits.observe("s", ok=0, dead=1, now=0).over


def test_too_many_within_a_minute_are_over_however_small_their_share() -> None:
    limits = DeadLetterLimits()
    assert not limits.observe("s", ok=100_000, dead=600, now=0).over
    verdict = limits.observe("s", ok=100_000, dead=1, now=MINUTE - 1)
    assert "601 dead letters within a minute" in verdict.why


def test_the_minute_slides() -> None:
    limits = DeadLetterLimits()
    limits.observe("s", ok=100_000, dead=600, now=0)
    assert not limits.observe("s", ok=100_000, dead=600, now=MINUTE).over
    assert limits.observe("s", ok=100_000, dead=1, now=MINUTE + SECOND).over


def test_sources_are_judged_apart() -> None:
    limits = DeadLetterLimits()
    assert limits.observe("bad", ok=0, dead=200, now=0).over
    assert not limits.observe("good", ok=200, dead=0, now=0).over


def test_a_resumed_source_starts_again() -> None:
    limits = DeadLetterLimits()
    assert limits.observe("s", ok=0, dead=200, now=0).over
    limits.forget("s")
    assert not limits.observe("s", ok=1, dead=1, now=0).over


def test_an_unknown_source_is_never_over_since_nothing_of_it_could_be_kept_away() -> None:
    assert not DeadLetterLimits().observe("", ok=0, dead=10_000, now=0).over


def test_names_from_outside_do_not_fill_the_memory() -> None:
    limits = DeadLetterLimits()
    limits.observe("first", ok=0, dead=99, now=0)
    for number in range(MOST_SOURCES):
        limits.observe(str(number), ok=1, dead=0, now=0)
    assert not limits.observe("first", ok=0, dead=1, now=0).over  # its 99 are forgotten
