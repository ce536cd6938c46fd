"""The numbers by which one object goes within a case: what several systems call differently is judged as one.

An event that names an object by another number too (qualifier `alias`) says so. What was judged before that was known
may have been judged wrongly; then the case is to be folded again, with all that its events say about numbers known
from the first of them on.
"""

from collections.abc import Collection, Iterable

from metrics.words import Event
from streams.correlation.correlator import ALIAS

Numbers = dict[str, dict[str, str]]
"""By object type: a number → the number that stands for it. A number that stands for itself is not listed."""


def numbers_of(events: Iterable[Event], kinds: Collection[str]) -> Numbers:
    """All that the events, in their total order, say about the numbers of objects of these types."""
    found: Numbers = {}
    for event in events:
        learn(found, event, kinds)
    return found


def learn(numbers: Numbers, event: Event, kinds: Collection[str]) -> set[str]:
    """Take in what an event says about numbers; the numbers that stand for others, or are stood for, from now on."""
    moved: set[str] = set()
    for ref in event.objects:
        if ref.qualifier == ALIAS and ref.type in kinds:
            own = next((one.id for one in event.objects if one.type == ref.type and one.qualifier != ALIAS), ref.id)
            moved |= _join(numbers.setdefault(ref.type, {}), own, ref.id)
    return moved


def _join(same: dict[str, str], own: str, other: str) -> set[str]:
    """The event's own number stands for both; of two that stand for others already, the smaller."""
    first, second = same.get(own, own), same.get(other, other)
    if first == second:
        return set()
    known = {number for number, standing in same.items() if standing == second}
    stays, goes = (min(first, second), max(first, second)) if known else (first, second)
    for number in {number for number, standing in same.items() if standing == goes} | {goes}:
        same[number] = stays
    return {stays, goes}
