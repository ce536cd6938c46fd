"""How far a feed is complete, and when it will have been silent for too long."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from metrics.completeness.forecast import COMPLETE, LEAST_WEEKS, SHORT, SILENT, UNKNOWN, Flags, Judged
from metrics.completeness.history import FeedHistory
from metrics.completeness.intervals import Frame, Verdicts, is_known, is_low, next_week
from metrics.completeness.local_time import local_hour, special_days
from metrics.completeness.plan import Expectations, Feed
from metrics.completeness.rows import Interval, Standing
from metrics.completeness.silence import LONGEST_HOURS, gaps_in_expected, limit, until
from metrics.completeness.tails import Floats
from metrics.words import DAY, HOUR

BACKFILL: Final = "backfill"
_HOLES_OF: Final = 7 * DAY
_DAY_SHORT_FOR: Final = DAY
"""A day that was short is what a feed is like for so long after it."""


class Silence(NamedTuple):
    """From when on a feed is silent, and how that is known: '' | learned | declared."""

    since: int | None
    known: str


class Usual(NamedTuple):
    """Events to be expected in each of the 168 hours after the last judged one, and the longest usual gap in them."""

    week: Floats
    most: float


def standing_of(
    feed: Feed,
    simulated: bool,
    history: FeedHistory,
    verdicts: Verdicts | None,
    usual: Usual | None,
    phase: str,
    now: int,
) -> Standing:
    """Where a feed stands at `now` (microseconds, the feed's present)."""
    last = max((gap.last for gap in history.gaps.values()), default=0)
    silence = silence_of(feed, verdicts, usual, last)
    judged_until = verdicts.hours[0].until if verdicts else last
    state, complete_until = _state(verdicts, silence, last, judged_until, now)
    if phase == BACKFILL and state != COMPLETE:
        state, complete_until = UNKNOWN, None  # what is lacking of a history may be on its way
    events, expected = _last_day(verdicts)
    return Standing(
        feed=feed.name,
        simulated=int(simulated),
        title=feed.title or feed.name,
        owner=feed.owner,
        phase=phase,
        state=state,
        last_us=last,
        silent_from_us=silence.since,
        silence=silence.known,
        complete_until_us=complete_until,
        judged_until_us=judged_until,
        events=events,
        expected=expected,
        holes=sum(1 for row in (verdicts.rows if verdicts else ()) if _is_hole(row, judged_until)),
    )


def usual_of(feed: Feed, history: FeedHistory, verdicts: Verdicts, plan: Expectations) -> Usual | None:
    """What a feed's verdicts and gaps teach about silence; None where they teach too little, or it is declared."""
    if feed.silence is not None:
        return None
    week, known = next_week(verdicts.hours[1], verdicts.hours[0].special, plan.weeks)
    most = longest_usual(feed, history, verdicts, plan, week) if known else None
    return None if most is None else Usual(week, most)


def silence_of(feed: Feed, verdicts: Verdicts | None, usual: Usual | None, last: int) -> Silence:
    """The declared limit, else the learned one, counted from the newest event."""
    if feed.silence is not None:
        return Silence(last + feed.silence, "declared")
    if verdicts is None or usual is None:
        return Silence(None, "")
    begin = _position(last, feed, 0)
    first = int(begin)
    rate = _ahead(feed, verdicts.hours[0], usual.week, first)
    found = until(rate, begin - first, usual.most)
    if found is None:
        return Silence(None, "")
    return Silence(last + int((found - begin + first) * HOUR) + feed.settle, "learned")


def longest_usual(
    feed: Feed, history: FeedHistory, verdicts: Verdicts, plan: Expectations, week: Floats
) -> float | None:
    """The longest usual gap in expected events. Special hours, and those in which too little came, teach nothing."""
    frame, judged = verdicts.hours
    size = min(len(frame.bounds), plan.weeks * 168)
    begin = len(frame.bounds) - size
    rate = week[(np.arange(begin, begin + size) - len(frame.bounds)) % 168].copy()
    rate[(frame.special | is_low(judged) | _in_low_days(verdicts))[begin:]] = 0.0
    origin = frame.first + begin
    gaps = _gaps(history, frame.since(begin) // HOUR, frame.until // HOUR)
    places = [(_position(a, feed, origin), _position(b, feed, origin)) for a, b in gaps]
    return limit(gaps_in_expected(places, rate), float(rate.sum()), size / 168, plan.rare_weeks)


def _gaps(history: FeedHistory, first: int, after: int) -> list[tuple[int, int]]:
    """The longest gap within each hour, and those from one hour with events to the next."""
    known = [history.gaps[hour] for hour in sorted(history.gaps) if first <= hour < after]
    inner = [(gap.begin, gap.end) for gap in known if gap.end > gap.begin > 0]
    return inner + [(one.last, other.first) for one, other in pairwise(known)]


def _position(at: int, feed: Feed, origin: int) -> float:
    """An instant in hours of the wall since its hour `origin`."""
    hour, rest = divmod(at, HOUR)
    return local_hour(hour, feed.calendar.zone) - origin + rest / HOUR


def _ahead(feed: Feed, frame: Frame, week: Floats, first: int) -> Floats:
    """Events to be expected in each hour of the wall from `first` on; none on special days."""
    hours = np.arange(first, first + LONGEST_HOURS)
    rate = week[(hours - frame.first - len(frame.bounds)) % 168].copy()
    day = first // 24
    special = special_days(day, day + LONGEST_HOURS // 24 + 2, feed.calendar)
    rate[special[hours // 24 - day]] = 0.0
    return np.asarray(rate)


def _in_low_days(verdicts: Verdicts) -> Flags:
    """Which hours lie in days that were short or silent."""
    hours, (days, judged) = verdicts.hours[0], verdicts.days
    found, low = np.zeros(len(hours.bounds), np.bool_), is_low(judged)
    for at in np.flatnonzero(low):
        begin = (days.first + int(at)) * 24 - hours.first
        found[max(begin, 0) : begin + 24] = True
    return found


def _state(
    verdicts: Verdicts | None, silence: Silence, last: int, judged_until: int, now: int
) -> tuple[str, int | None]:
    """What a feed is like now, and until when it is complete."""
    if silence.since is not None and now > silence.since:
        return SILENT, last
    if verdicts is None:
        return UNKNOWN, None
    low_from = [begin for begin in (_newest_low(*verdicts.hours), _newest_low_day(*verdicts.days, now)) if begin]
    if low_from:
        return SHORT, min(low_from)
    decided = is_known(verdicts.hours[1])[-168:].any() or is_known(verdicts.days[1])[-7:].any()
    return (COMPLETE, judged_until) if decided or silence.known else (UNKNOWN, None)


def _newest_low(frame: Frame, judged: Judged) -> int:
    """When the run of intervals that are too low begins which lasts until the newest known one; 0: that one is not."""
    low, begin = is_low(judged), 0
    for at in np.flatnonzero(is_known(judged))[::-1]:
        if not low[at]:
            break
        begin = frame.bounds[at][0]
    return begin


def _newest_low_day(frame: Frame, judged: Judged, now: int) -> int:
    if not frame.bounds or now - frame.bounds[-1][1] > _DAY_SHORT_FOR or not is_low(judged)[-1]:
        return 0
    return frame.bounds[-1][0]


def _last_day(verdicts: Verdicts | None) -> tuple[int, float | None]:
    if verdicts is None:
        return 0, None
    judged = verdicts.hours[1]
    known = judged.samples[-24:] >= LEAST_WEEKS
    return int(judged.seen[-24:].sum()), round(float(judged.expected[-24:].sum()), 1) if known.all() else None


def _is_hole(row: Interval, judged_until: int) -> bool:
    return row.type == "" and row.verdict in (SHORT, SILENT) and row.ends_us > judged_until - _HOLES_OF
