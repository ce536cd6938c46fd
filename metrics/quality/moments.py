"""From when on an event holds."""

from datetime import date
from functools import lru_cache

from metrics.words import DAY, Event


def holds_since(event: Event) -> int:
    """The time, or the start (UTC) of a later effective date; microseconds UTC."""
    if not event.effective_date:
        return event.time
    return max(event.time, _day(event.effective_date))


@lru_cache(maxsize=4096)
def _day(text: str) -> int:
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days * DAY
    except ValueError:
        return 0
