"""Who belongs to which case: handles one message at a time and answers with further ones.

Pure: no Faust, no store, no clock. Objects that are not in memory are the caller's concern: it hands
in the state, and fetches the stored events of an object when `Wanted` asks for them.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from metrics.words import Event
from streams.correlation.messages import (
    Arrive,
    Belong,
    CaseKey,
    Drop,
    Enter,
    Follow,
    Key,
    Leave,
    Message,
    ObjectMessage,
)
from streams.correlation.object_state import SELF_PROOF, ObjectState
from streams.correlation.rules import LinkRules

ALIAS = "alias"


class Wanted(NamedTuple):
    """The events that the store holds of `object` belong into `case` too."""

    object: Key
    case: CaseKey


class Correlator:
    """Applies the link rules to object states."""

    def __init__(self, rules: LinkRules) -> None:
        self.rules = rules
        self._handlers: dict[type, Callable[..., Iterator[Message | Wanted]]] = {
            Arrive: self._arrive,
            Follow: self._follow,
            Belong: self._belong,
            Leave: self._leave,
        }

    def arrivals(self, event: Event) -> list[Message]:
        """One message for each object of the event that takes part in a process."""
        roles = self.rules.roles
        return [Arrive((ref.type, ref.id), event) for ref in event.objects if roles[ref.type].is_member]

    def handle(self, state: ObjectState, message: ObjectMessage) -> Iterator[Message | Wanted]:
        """What follows from `message` for the object in `state`."""
        return self._handlers[type(message)](state, message)

    def _arrive(self, state: ObjectState, message: Arrive) -> Iterator[Message | Wanted]:
        event, key = message.event, state.key
        state.see(event)
        for case in state.kept:
            yield Enter(case, key, event)
        yield from self.follow(state, event)

    def follow(self, state: ObjectState, event: Event) -> list[Follow | Belong]:
        """What the object tells the parents that `event` names beside it, and itself when `event` opens its case.

        Only where that is news to it.
        """
        key, objects = state.key, event.objects
        kind, identity = key
        _, parents, opens, begins = self.rules.roles[kind]
        told: list[Follow | Belong] = []
        opens = opens and not state.opened
        if (opens or event.activity in begins) and _names(event, key):
            told += self._begun(state, event, opens=opens)
        if len(objects) == 1:
            return told
        proof = (event.time, event.id)
        for ref in objects:
            if ref.qualifier == ALIAS and ref.id == identity and ref.type == kind:
                if (same := _other_number(event, key)) is not None and state.learn_parent(same, proof):
                    told.append(Follow(same, key, proof))
                break
        for ref in objects if parents else ():
            if ref.type in parents:
                parent = (ref.type, ref.id)
                if parent != key and state.learn_parent(parent, proof):
                    told.append(Follow(parent, key, proof))
        return told

    def _begun(self, state: ObjectState, event: Event, *, opens: bool) -> Iterator[Belong]:
        """The cases that the object is by itself, now that `event` is about it; `opens`: those that any event opens."""
        key = state.key
        if opens:
            state.opened = True
            for case in self.rules.own_cases(key):
                yield Belong(key, case, key, SELF_PROOF)
        for case in self.rules.begun_by(key, event):
            if case not in state.links:
                yield Belong(key, case, key, SELF_PROOF)

    def _follow(self, state: ObjectState, message: Follow) -> Iterator[Message | Wanted]:
        state.learn_child(message.child, message.proof)
        processes = self.rules.processes_between(message.child[0], state.key[0])
        for case in state.kept:
            if case.process in processes:
                yield Belong(message.child, case, state.key, message.proof)

    def _belong(self, state: ObjectState, message: Belong) -> Iterator[Message | Wanted]:
        if state.link(message.case, message.via, message.proof):
            yield from self._settle(state)

    def _leave(self, state: ObjectState, message: Leave) -> Iterator[Message | Wanted]:
        if state.unlink(message.case, message.via):
            yield from self._settle(state)

    def _settle(self, state: ObjectState) -> Iterator[Message | Wanted]:
        """Tell children and cases what joining and leaving within the cap has changed."""
        key = state.key
        joined, left = state.choose(self._caps(state))
        for case in left:
            yield Drop(case, key)
            for child in self._children_in(state, case.process):
                yield Leave(child, case, key)
        for case in joined:
            for event in state.events:
                yield Enter(case, key, event)
            if state.stored:
                yield Wanted(key, case)
            for child in self._children_in(state, case.process):
                yield Belong(child, case, key, state.children[child])

    def _caps(self, state: ObjectState) -> list[tuple[str, int]]:
        """The caps that may keep a case out: none for the many objects that are in few cases."""
        if len(state.links) <= self.rules.smallest_cap:
            return []
        kind, processes = state.key[0], {case.process for case in state.links}
        return [(process, cap) for process in processes if (cap := self.rules.cap(kind, process)) is not None]

    def _children_in(self, state: ObjectState, process: str) -> list[Key]:
        if not state.children:
            return []
        between = self.rules.processes_between
        return sorted(child for child in state.children if process in between(child[0], state.key[0]))


def _other_number(event: Event, key: Key) -> Key | None:
    """The number that the event goes by, of an object that it names by another number too: an alias hangs on it."""
    kind, identity = key
    own: Key | None = None
    is_alias = False
    for ref in event.objects:
        if ref.type == kind:
            if ref.qualifier != ALIAS:
                own = own or (kind, ref.id)
            elif ref.id == identity:
                is_alias = True
    return own if is_alias and own != key else None


def _names(event: Event, key: Key) -> bool:
    """Whether the event is about this object; an alias only says what else an object is called, and opens no case."""
    kind, identity = key
    return any(ref.id == identity and ref.type == kind and ref.qualifier != ALIAS for ref in event.objects)
