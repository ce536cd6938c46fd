"""A case whose fold raised is set aside: its events stay, nothing is concluded from them, and all others go on."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from metrics.words import Event
from streams.cases.fold import Fold, OrderKey, apply, describe, new_fold
from streams.cases.plan import Plan

SET_ASIDE: Final = "set_aside"
"""The state that such a case shows."""
_LONGEST: Final = 500
"""Signs of an error that are kept."""
_UNDESCRIBED: Final = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError)


class Failure(NamedTuple):
    """Why a case is set aside, and the event that it broke at; None when no single one can be told."""

    event: Event | None
    why: str


def failure_of(error: Exception, event: Event | None = None) -> Failure:
    return Failure(event, f"{type(error).__name__}: {error}"[:_LONGEST])


def folded(plan: Plan, fold: Fold, ordered: Sequence[tuple[OrderKey, Event]]) -> tuple[Fold, Failure | None]:
    """`fold` with all these events in it; or, when one of them raises, what is left without any conclusion."""
    for key, event in ordered:
        try:
            apply(fold, plan, event, key)
        except Exception as error:
            return bare(plan, ordered), failure_of(error, event)
    return fold, None


def bare(plan: Plan, ordered: Sequence[tuple[OrderKey, Event]]) -> Fold:
    """What is true of a case whatever its events mean: how many, from when to when, and what they say of it.

    It depends on the events alone, not on the order in which they came. There is at least one.
    """
    fold = new_fold(plan)
    events = [event for _, event in ordered]
    fold.events, fold.last_key = len(events), ordered[-1][0]
    fold.first_time = events[0].time
    fold.first_started = min(event.time if event.started is None else event.started for event in events)
    fold.feed = events[-1].feed or events[-1].source
    fold.simulated = any(event.simulated for event in events)
    for event in events:
        try:
            describe(fold, plan, event)
        except _UNDESCRIBED:
            continue
    return _shown(fold)


def stripped(plan: Plan, fold: Fold) -> Fold:
    """The same of a fold that is whole, when it is its clocks that cannot be read."""
    left = new_fold(plan)
    left.events, left.last_key, left.feed, left.simulated = fold.events, fold.last_key, fold.feed, fold.simulated
    left.first_time, left.first_started = fold.first_time, fold.first_started
    left.attributes, left.amount, left.currency = fold.attributes, fold.amount, fold.currency
    return _shown(left)


def _shown(fold: Fold) -> Fold:
    fold.branches, fold.state_since = [SET_ASIDE], fold.last_time
    return fold
