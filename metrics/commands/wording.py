"""How times, durations, statuses and texts from outside read in a terminal."""

from datetime import UTC, datetime, timedelta

from metrics.texts.shown import NONE as NONE
from metrics.texts.shown import duration as duration
from metrics.texts.shown import percent as percent

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


def left(deadline: int, now: int) -> str:
    """How far a deadline is: 'in 3 h 5 min' or '2 d 4 h ago'."""
    return f"in {duration(deadline - now)}" if deadline >= now else f"{duration(now - deadline)} ago"
