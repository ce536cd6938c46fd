"""How times, durations, statuses and texts from outside read in a terminal."""

from datetime import UTC, datetime, timedelta

from metrics.words import DAY, HOUR, MINUTE, SECOND

NONE = "–"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

STATUS_WORDS = {
    "met": "met",
    "breached": "breached",
    "at_risk": "at risk",
    "running": "on track",
    "paused": "paused",
    "cancelled": "cancelled",
}


def plain(text: str) -> str:
    """Text from outside without anything that steers a terminal (escape sequences, line ends)."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "�" for sign in text)


def status_word(status: str) -> str:
    """The word for a clock's status."""
    return STATUS_WORDS.get(status, plain(status))


def moment(us: int | None) -> str:
    """A time in microseconds UTC, to the second."""
    return NONE if us is None else (_EPOCH + timedelta(microseconds=us)).strftime("%Y-%m-%d %H:%M:%SZ")


def rfc3339(us: int | None) -> str | None:
    """A time in microseconds UTC for machines, with six fractional digits."""
    if us is None:
        return None
    return (_EPOCH + timedelta(microseconds=us)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def duration(us: float | None) -> str:
    """A duration in microseconds in its two largest sensible units: '3 d 4 h', '52 min', '180 ms'."""
    if us is None or us != us:
        return NONE
    sign, us = ("-" if us < 0 else ""), abs(us)
    if us < SECOND:
        return f"{sign}{us / 1000:.0f} ms"
    if us < MINUTE:
        return f"{sign}{us / SECOND:.1f} s"
    if us < HOUR:
        return f"{sign}{us / MINUTE:.0f} min"
    if us < DAY:
        hours, minutes = divmod(round(us / MINUTE), 60)
        return f"{sign}{hours} h {minutes} min" if minutes else f"{sign}{hours} h"
    days, hours = divmod(round(us / HOUR), 24)
    return f"{sign}{days:,} d {hours} h" if days < 10 and hours else f"{sign}{round(us / DAY):,} d"


def left(deadline: int, now: int) -> str:
    """How far a deadline is: 'in 3 h 5 min' or '2 d 4 h ago'."""
    return f"in {duration(deadline - now)}" if deadline >= now else f"{duration(now - deadline)} ago"


def percent(share: float | None) -> str:
    """A share between 0 and 1."""
    return NONE if share is None else f"{share * 100:.1f} %"
