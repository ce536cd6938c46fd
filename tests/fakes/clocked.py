"""The small ordering process of `events.py`, with clocks."""

import msgspec

from metrics.definitions.model import Definition, Entry, Match, SlaRule
from metrics.sla.calendar import ALWAYS
from metrics.sla.clock import ClockRule
from metrics.words import SECOND
from tests.fakes.events import ORDERING

ASKED, ORDERED, RECEIVED, PAID, REFUSED, HELD, FREED = range(7)
NAMES = ("asked", "ordered", "received", "paid", "refused", "held", "freed")


def sla(
    name: str,
    start: int,
    stop: int,
    seconds: float,
    *,
    last: bool = False,
    cancel: frozenset[int] = frozenset(),
    pauses: tuple[tuple[int, int, str], ...] = (),
) -> SlaRule:
    """A clock around the clock, at risk after four fifths of its target."""
    rule = ClockRule(ALWAYS, round(seconds * SECOND), 0.8)
    return SlaRule(name, start, stop, last, cancel, pauses, lambda _: rule, 0.9, 28, name, "buyers")


CLOCKED: Definition = msgspec.structs.replace(
    ORDERING,
    milestones=NAMES,
    matches={name: (Match(number, None),) for number, name in enumerate(NAMES)},
    branches=("main", "holding"),
    enters={
        ASKED: (Entry(0, "asking"),),
        ORDERED: (Entry(0, "waiting"),),
        RECEIVED: (Entry(0, "here"),),
        HELD: (Entry(1, "on hold"),),
        FREED: (Entry(1, ""),),
    },
    ends={PAID: "done", REFUSED: "refused"},
    reopens=frozenset({ASKED}),
    slas=(
        sla("delivery", ASKED, RECEIVED, 19.5),
        sla("payment", RECEIVED, PAID, 20, pauses=((HELD, FREED, "on hold"),)),
        sla("lap", ASKED, ORDERED, 15, last=True, cancel=frozenset({REFUSED})),
    ),
)
"""Deliveries within 19.5 s, payments within 20 s outside holds, orders within 15 s of the latest request."""
