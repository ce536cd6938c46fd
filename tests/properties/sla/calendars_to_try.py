"""Calendars, windows and their minute counts, drawn at random around the days on which clocks change."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from metrics.sla.calendar import Calendar, CalendarSpec, compile_calendar
from tests.properties.sla.minute_count import Window, open_minutes, window_around

# (zone, a moment in UTC near which something happens to its clocks)
MOMENTS = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(1947, 5, 11, 2, tzinfo=UTC)),  # double summer time begins
    ("Europe/Berlin", datetime(1948, 2, 29, 12, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/New_York", datetime(2100, 2, 28, 12, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight does not exist
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),  # midnight is reached twice
    ("America/St_Johns", datetime(2006, 10, 29, 3, tzinfo=UTC)),  # back from 00:01 to 23:01
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a date is skipped
    ("Asia/Kathmandu", datetime(2028, 2, 29, 0, tzinfo=UTC)),
    ("UTC", datetime(2026, 12, 31, 12, tzinfo=UTC)),
]
DAYS = 3


@dataclass(frozen=True)
class Trial:
    """A calendar, a window, and the number of open minutes before each minute of the window."""

    spec: CalendarSpec
    calendar: Calendar
    window: Window
    opened: list[bool] = field(repr=False)
    counted: list[int] = field(repr=False)


@st.composite
def shifts(draw: st.DrawFn) -> tuple[int, int]:
    """A shift in minutes, often on the hour or half hour, sometimes overnight."""
    step = draw(st.sampled_from([1, 30, 60]))
    begin = draw(st.integers(0, 1439 // step)) * step
    end = draw(st.integers(0, 1440 // step).filter(lambda ticks: ticks * step != begin)) * step
    return begin, end


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """A random calendar with its truth around a moment at which clocks change."""
    zone, moment = draw(st.sampled_from(MOMENTS))
    week = st.dictionaries(st.integers(0, 6), st.lists(shifts(), min_size=1, max_size=3), min_size=1)
    hours = draw(st.one_of(week, st.builds(lambda pair: {day: [pair] for day in range(7)}, shifts())))
    near = st.integers(-DAYS, DAYS).map(lambda days: (moment + timedelta(days=days)).date())
    closed = draw(st.frozensets(near, max_size=2))
    opened = draw(st.frozensets(near, max_size=2)) - closed
    window = window_around(zone, moment, DAYS)
    spec = CalendarSpec("trial", zone, hours, closed=closed, open=opened)
    minutes = open_minutes(window, hours, closed, opened)
    counted = [0]
    for inside in minutes:
        counted.append(counted[-1] + inside)
    return Trial(spec, compile_calendar(spec), window, minutes, counted)


def minutes_of(trial: Trial) -> st.SearchStrategy[int]:
    """A minute of the trial's window."""
    return st.integers(0, trial.window.minutes)
