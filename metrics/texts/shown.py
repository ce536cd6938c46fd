"""How numbers, durations, times and names read to people: on pages, on paper and in mails."""

import datetime as dt
import re

from metrics.words import DAY, HOUR, MINUTE, SECOND

NONE = "–"
_ACRONYMS = "icu erp hr it ap po id sla or ed nicu api csv json lms xml"
ACRONYMS = frozenset(_ACRONYMS.split())


def count(value: float) -> str:
    """A whole number with thousands separators."""
    return f"{round(value):,}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as percent; a dash when there is nothing to divide."""
    return NONE if share is None else f"{share * 100:.{digits}f} %"


def duration(us: float | None) -> str:
    """A duration in microseconds in its two largest sensible units: '3 d 4 h', '52 min'; a dash for None and nan."""
    if us is None or us != us:
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


def interface_words(name: str) -> str:
    """An interface's name for people: 'coupa_to_s4_order' is 'coupa → s4 order'; what has blanks or capitals stays."""
    return name if " " in name or name != name.lower() else name.replace("_to_", " → ").replace("_", " ")
