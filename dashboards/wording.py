"""How numbers, durations, times and names read on a page."""

import datetime as dt
import re

from dashboards.shown import shown
from metrics.texts.shown import ACRONYMS as ACRONYMS
from metrics.texts.shown import NONE as NONE
from metrics.texts.shown import count as count
from metrics.texts.shown import duration as duration
from metrics.texts.shown import humanised as humanised
from metrics.texts.shown import interface_words as interface_words
from metrics.texts.shown import percent as percent
from metrics.texts.shown import utc as utc
from metrics.texts.zoned import abbreviation, wall
from metrics.words import DAY as DAY
from metrics.words import HOUR as HOUR
from metrics.words import MINUTE as MINUTE
from metrics.words import SECOND as SECOND


def short_duration(us: float) -> str:
    """A duration in microseconds in one unit, for tight places: '4.2 h', '3.1 d', '52 min'."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s")):
        if abs(us) >= size:
            value = us / size
            return f"{value:.0f} {unit}" if abs(value) >= 10 or unit in ("min", "s") else f"{value:.1f} {unit}"
    return f"{us / 1000:.0f} ms"


def time_left(us: int) -> str:
    """The time to a deadline: '3 h', or '2 d overdue' once it has passed."""
    return f"{duration(-us)} overdue" if us < 0 else duration(us)


def used_of(used_us: int, target_us: int) -> str:
    """How much of a target is used; a target told in hours has its use told in hours too: '79 h of 70 h'."""
    hours = target_us < 3 * DAY <= used_us
    return f"{f'{used_us / HOUR:,.0f} h' if hours else duration(used_us)} of {duration(target_us)}"


def moment(us: int | None) -> str:
    """A time in microseconds UTC as '2026-11-20 16:05', as the wall of the zone shows it that the page is shown in."""
    return NONE if us is None else on_wall(us).strftime("%Y-%m-%d %H:%M")


def second_moment(us: int) -> str:
    """The same to the second."""
    return on_wall(us).strftime("%Y-%m-%d %H:%M:%S")


def exact_moment(us: int | None) -> str:
    """A time in microseconds UTC to the second, with its zone."""
    return NONE if us is None else f"{second_moment(us)} {abbreviation(on_wall(us))}"


def utc_day(us: int) -> str:
    """The date in UTC of a time in microseconds UTC: for files, whose days are not the reader's."""
    return f"{utc(us):%Y-%m-%d}"


def time_of_day(us: int) -> str:
    """A time in microseconds UTC as '16:05 CET'."""
    at = on_wall(us)
    return f"{at:%H:%M} {abbreviation(at)}"


def on_wall(us: int) -> dt.datetime:
    """A time in microseconds UTC as the wall shows it: also what axes of time take."""
    return wall(us, shown().zone)


def written(length: str) -> str:
    """A duration as definitions write it, for people: '4h' is '4 h', '2wd' is '2 working days'."""
    spaced = re.sub(r"(?<=\d)\s*(?=[a-zµ])", " ", length)
    return re.sub(r"\bwd\b", "working days", re.sub(r"\b1 wd\b", "1 working day", spaced))


def inline(name: str) -> str:
    """A technical name as words within a sentence: small letters, but for acronyms."""
    words = humanised(name)
    return words if words.split(" ")[0].isupper() else words[:1].lower() + words[1:]


def change(now: float, before: float, unit: str = "") -> str:
    """How a number moved against an earlier one: '▲ 12 more' or '▼ 3 fewer'; words, not only arrows."""
    moved = now - before
    if round(moved, 1) == 0:
        return "unchanged"
    return (
        f"{'▲' if moved > 0 else '▼'} {abs(moved):,.1f}{unit}"
        if unit
        else f"{'▲' if moved > 0 else '▼'} {count(abs(moved))}"
    )


_DEEDS = {"ack": "Acknowledged", "unack": "Given back", "assign": "Assigned", "comment": "Commented"}


def deed_words(deed: str) -> str:
    """What somebody or something did, as the log names it, in words."""
    return _DEEDS.get(deed, humanised(deed))


STATUS_WORDS = {
    "met": "Met",
    "breached": "Breached",
    "at_risk": "At risk",
    "running": "On track",
    "paused": "Paused",
    "cancelled": "Cancelled",
    "open": "Open",
    "closed": "Closed",
    "on_track": "On track",
    "late": "Late",
    "error": "Error",
}


def status_word(status: str) -> str:
    """The word that stands beside a status icon."""
    return STATUS_WORDS.get(status, humanised(status))
