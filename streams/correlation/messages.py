"""What objects and cases say to each other. Each message is safe to deliver twice.

A message goes to the shard of its `target`; inside one worker it is a function call away, between
workers it travels on the deliveries topic. Facts about links only grow and shrink by these messages,
so any order of arrival ends in the same links.
"""

from typing import NamedTuple

import msgspec

from metrics.words import Event

Key = tuple[str, str]
"""(object type, object id)"""

Proof = tuple[int, str]
"""(time, event id) of the event that named both ends of a link; the smallest wins."""


class CaseKey(NamedTuple):
    """A case: its process, and its case object."""

    process: str
    type: str
    id: str


class Arrive(msgspec.Struct, frozen=True, gc=False, tag=True):
    """An event named this object."""

    target: Key
    event: Event


class Follow(msgspec.Struct, frozen=True, gc=False, tag=True):
    """`child` hangs on this object, as `proof` says: tell it your cases, now and whenever they change."""

    target: Key
    child: Key
    proof: Proof


class Belong(msgspec.Struct, frozen=True, gc=False, tag=True):
    """This object belongs to `case`, through its neighbour `via`."""

    target: Key
    case: CaseKey
    via: Key
    proof: Proof


class Leave(msgspec.Struct, frozen=True, gc=False, tag=True):
    """This object no longer belongs to `case` through `via`."""

    target: Key
    case: CaseKey
    via: Key


class Enter(msgspec.Struct, frozen=True, gc=False, tag=True):
    """An event of the member object `via` belongs into this case."""

    case: CaseKey
    via: Key
    event: Event

    @property
    def target(self) -> Key:
        return (self.case.type, self.case.id)


class Drop(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The object `member` is no longer part of this case; what only it brought goes with it."""

    case: CaseKey
    member: Key

    @property
    def target(self) -> Key:
        return (self.case.type, self.case.id)


Message = Arrive | Follow | Belong | Leave | Enter | Drop
ObjectMessage = Arrive | Follow | Belong | Leave
CaseMessage = Enter | Drop
