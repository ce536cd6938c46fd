"""Facts: what an event proves about one object, small enough to keep and to send, and safe to receive twice.

A set of facts only grows, and two facts with one key become the smaller of the two: however events are ordered, doubled
or batched, the same facts remain.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

TOLD: Final = "told"  # a system told a field's value
CHANGE: Final = "change"  # the system of record changed the fields of a group
SEEN: Final = "seen"  # a target showed the object: field is `<group>/<target>`
KNOWN: Final = "known"  # somebody made the object known
NAMED: Final = "named"  # another object's event names it: field is that object's type
ALIAS: Final = "alias"  # it has another number: the value
MARK: Final = "mark"  # a fingerprint of fields that tell duplicates: field is the rule
MEMBER: Final = "member"  # of the subject that stands for a fingerprint: the value is an object with it
GONE: Final = "gone"  # nothing more is expected of it
DID: Final = "did"  # an event that answers guards happened to it: field is the activity, the value what it said
ASKED: Final = "asked"  # an event asks about it: field is the guard, `<process>/<name>`, the value what it said

EARLIEST: Final = frozenset({KNOWN, NAMED, ALIAS, MEMBER})
"""Kinds of which only the earliest counts: many events prove them, and all but one would be ballast."""

Subject = tuple[str, str]
"""(object type, object id); for a fingerprint (object type, `<rule>=<fingerprint>`)."""
FactKey = tuple[str, str, str, str, str]
Weight = tuple[int, int, str, str, bool]


class Fact(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`time`: of the event; `since`: from when it holds (the later effective date). Microseconds UTC."""

    type: str
    id: str
    kind: str
    field: str
    system: str
    event_id: str
    value: str
    time: int
    since: int
    proof: str
    feed: str
    simulated: bool = False

    @property
    def subject(self) -> Subject:
        return (self.type, self.id)

    @property
    def key(self) -> FactKey:
        """What makes it one fact of its subject."""
        return (self.kind, self.field, self.system, self.event_id, self.value)

    @property
    def weight(self) -> Weight:
        """Of two facts with one key the one with the smaller weight stands."""
        return (self.time, self.since, self.proof, self.feed, self.simulated)


def group_subject(type: str, rule: str, fingerprint: str) -> Subject:
    """The subject that stands for all objects with one fingerprint."""
    return (type, f"{rule}={fingerprint}")


def is_group(subject: Subject) -> bool:
    """Whether a subject stands for a fingerprint: its id has the rule's name and 24 hex digits."""
    rule, sign, rest = subject[1].rpartition("=")
    return bool(rule and sign) and len(rest) == FINGERPRINT_DIGITS and set(rest) <= _HEX


def question_subject(type: str, id: str, document: str) -> Subject:
    """The subject of what one document asks about an object that many ask about: not all is judged with each."""
    return (type, f"{id}{_ASKED_BY}{document}")


def asked_about(subject: Subject) -> Subject | None:
    """The object that the questions of a subject are about; None for any other subject."""
    id, asked_by, _ = subject[1].partition(_ASKED_BY)
    return (subject[0], id) if asked_by else None


_ASKED_BY: Final = " asked by "
FINGERPRINT_DIGITS: Final = 24
_HEX: Final = frozenset("0123456789abcdef")


def earliest(facts: Iterable[Fact]) -> Fact | None:
    """The first of them by time and proof."""
    return min(facts, key=lambda fact: fact.weight, default=None)
