"""What closing a case by hand does to it: its clocks are cancelled and it ends; what happens later lifts that again."""

from collections.abc import Sequence
from typing import Protocol

from metrics.closing import CLOSED_BY_HAND
from metrics.words import Event
from streams.correlation.messages import CaseKey


class Clock(Protocol):
    """What a clock's marks hold of being cancelled."""

    cancelled: int | None


def passes_by(event: Event, key: CaseKey) -> bool:
    """Whether an event is about the closing of another case: the object of one may be a member of others."""
    if event.type != CLOSED_BY_HAND:
        return True
    named = event.objects[0]
    return (named.qualifier, named.type, named.id) != (key.process, key.type, key.id)


def lift(clocks: Sequence[Clock], closed: int) -> None:
    """Let the clocks go on that were cancelled when the case was closed: it has not ended after all."""
    for clock in clocks:
        if clock.cancelled == closed:
            clock.cancelled = None
