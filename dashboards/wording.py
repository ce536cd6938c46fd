"""How numbers, durations, times and names read on a page."""

import datetime as dt
import re

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
NONE = "–"
ACRONYMS = frozenset(("icu", "erp", "hr", "it", "ap", "po", "id", "sla", "or", "ed", "nicu", "api"))


def count(value: float) -> str:
    """A whole number with thousands separators."""
    return f"{round(value):,}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as percent; a dash when there is nothing to divide."""
    return NONE if share is None else f"{share * 100:.{digits}f} %"


def duration(us: float | None) -> str:
    """A duration in microseconds in its two largest sensible units: '3 d 4 h', '52 min', '180 ms'."""
    if us is None:
        return NONE
    sign, us = ("−" if us < 0 else ""), abs(us)
    if us < SECOND:
        return f"{sign}{us / 1000:.0f} ms"
    if us < MINUTE:
        return f"{sign}{us / SECOND:.1f} s"
    if us < HOUR:
        return f"{sign}{us / MINUTE:.0f} min"
    if us < 3 * DAY:
        hours, minutes = divmod(round(us / MINUTE), 60)
        return f"{sign}{hours} h {minutes} min" if hours < 10 and minutes else f"{sign}{round(us / HOUR)} h"
    days, hours = divmod(round(us / HOUR), 24)
    return f"{sign}{days:,} d {hours} h" if days < 10 and hours else f"{sign}{round(us / DAY):,} d"


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


def moment(us: int | None) -> str:
    """A time in microseconds UTC as '2026-11-20 16:05'."""
    return NONE if us is None else utc(us).strftime("%Y-%m-%d %H:%M")


def exact_moment(us: int | None) -> str:
    """A time in microseconds UTC to the second, with its zone."""
    return NONE if us is None else utc(us).strftime("%Y-%m-%d %H:%M:%S UTC")


def utc(us: int) -> dt.datetime:
    """A time in microseconds as an aware datetime."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=us)


def humanised(name: str) -> str:
    """A technical name as words: 'purchase_order.created.v1' is 'Purchase order created'."""
    if name != name.lower():
        return name
    words = re.sub(r"\.v\d+$", "", name).replace("_", " ").replace(".", " ").split()
    spelled = " ".join(word.upper() if word in ACRONYMS else word for word in words)
    return spelled[:1].upper() + spelled[1:]


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
