"""The short way through a clock without pauses gives what the general one gives."""

from hypothesis import given
from hypothesis import strategies as st

from metrics.sla.calendar import ALWAYS, compile_calendar
from metrics.sla.clock import ClockRule, read_clock, read_steady_clock
from metrics.sla.openings import CalendarSpec
from metrics.words import DAY, HOUR

OFFICE = compile_calendar(
    CalendarSpec("office", "America/New_York", {day: [(480, 1020)] for day in range(5)}, country="US")
)
RULES = st.builds(
    ClockRule,
    calendar=st.sampled_from([ALWAYS, OFFICE]),
    target=st.integers(0, 400 * HOUR),
    at_risk_share=st.sampled_from([0.5, 0.8, 1.0]),
    whole_days=st.booleans(),
)
INSTANTS = st.integers(20_000 * DAY, 20_060 * DAY)
ENDS = st.none() | INSTANTS


@given(RULES, INSTANTS, ENDS, ENDS, INSTANTS, INSTANTS)
def test_a_clock_that_never_stood_still_reads_the_same_both_ways(
    rule: ClockRule, started: int, stopped: int | None, cancelled: int | None, now: int, earlier: int
) -> None:
    general = read_clock(rule, started=started, stopped=stopped, cancelled=cancelled, pauses=(), now=now)
    assert read_steady_clock(rule, started, stopped, cancelled, now) == general
    before = read_steady_clock(rule, started, None, None, earlier)
    known = (before.at_risk_at, before.deadline)
    assert read_steady_clock(rule, started, stopped, cancelled, now, known) == general
