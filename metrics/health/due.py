"""Which hours have to be judged: those that have closed since, and those of which something came or went. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from metrics.words import HOUR

HOURS_A_ROUND: Final = 240
"""A round does no more, so that one after a long downtime ends: the next goes on."""
HOURS_AT_ONCE: Final = 24
"""Hours that lie so close are asked for together, with those between them."""


class Print(NamedTuple):
    """A fingerprint of an hour's facts. `oldest_us`: when the first of them was taken in."""

    number: int
    total: int
    oldest_us: int


class Mark(NamedTuple):
    """What an hour was judged of, and by which rules. `settles_us`: time alone decides something then."""

    number: int
    total: int
    oldest_us: int
    settles_us: int | None
    rules: int


NOTHING: Final = Print(0, 0, 0)


class Due(NamedTuple):
    """Hours in order of time: those whose facts are new, and those that only wait for time to pass.

    `until`: after this work every hour before it is judged.
    """

    new: tuple[int, ...]
    settling: tuple[int, ...]
    until: int


def due(prints: Mapping[int, Print], marks: Mapping[int, Mark], as_of: int, rules: int, forgotten: int) -> Due:
    """What to do of the hours that are over at `as_of`, the earliest first and at most `HOURS_A_ROUND`. Microseconds.

    An hour whose first facts were taken in before `forgotten` stays as it is: the store may not have all of them any
    more.
    """
    new, settling, until = list[int](), list[int](), as_of - as_of % HOUR
    for hour in sorted(hour for hour in prints.keys() | marks.keys() if hour < until):
        if len(new) + len(settling) == HOURS_A_ROUND:
            return Due(tuple(new), tuple(settling), hour)
        mark, seen = marks.get(hour), prints.get(hour, NOTHING)
        if mark is None:
            new.append(hour)
        elif mark.oldest_us < forgotten:
            continue
        elif (seen.number, seen.total, rules) != (mark.number, mark.total, mark.rules):
            new.append(hour)
        elif mark.settles_us is not None and mark.settles_us <= as_of:
            settling.append(hour)
    return Due(tuple(new), tuple(settling), until)


def stretches(hours: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Few windows [begin, end) that hold these ascending hours, none longer than `HOURS_AT_ONCE`."""
    begin = end = hours[0] if hours else 0
    for hour in hours:
        if hour - begin >= HOURS_AT_ONCE * HOUR:
            yield begin, end
            begin = hour
        end = hour + HOUR
    if hours:
        yield begin, end
