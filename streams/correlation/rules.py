"""Which objects may hang on which, merged over all process definitions in force."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from metrics.definitions.model import Definition
from metrics.words import Event
from streams.correlation.messages import CaseKey, Key

OPEN_PREFIX = "log."
"""Case objects of logs without a definition: their type is also the name of their process."""


NO_CAP = 1 << 30
ALIAS_CAP = 20
"""Cases that an object joins at most because others have its number too: more share a number that means nothing."""


class Role(NamedTuple):
    """What objects of one type do: the types that they hang on, whether any event about one opens a case, and the
    activities of events that may begin one. Looked up once for each object of an event."""

    is_member: bool
    parents: Mapping[str, frozenset[str]] = {}
    opens: bool = False
    begins: frozenset[str] = frozenset()


class _Roles(dict[str, Role]):
    """By object type, of whatever types there are."""

    def __missing__(self, kind: str) -> Role:
        return _OF_LOGS if kind.startswith(OPEN_PREFIX) else _NO_MEMBER


_NO_MEMBER = Role(False)
_OF_LOGS = Role(True, opens=True)


class LinkRules:
    """The link rules of many definitions, as look-ups by object type."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._definitions = tuple(definitions)
        self._parents: dict[str, dict[str, frozenset[str]]] = {}
        self._caps: dict[tuple[str, str], int] = {}
        for definition in self._definitions:
            for rule in definition.links:
                by_parent = self._parents.setdefault(rule.child, {})
                by_parent[rule.parent] = by_parent.get(rule.parent, frozenset()) | {definition.process}
                cap_key = (rule.child, definition.process)
                self._caps[cap_key] = min(rule.cap, self._caps.get(cap_key, rule.cap))
        for definition in self._definitions:
            self._caps.setdefault((definition.case_type, definition.process), ALIAS_CAP)

    @cached_property
    def members(self) -> frozenset[str]:
        """Object types that take part in any process; events are routed to these alone."""
        cases = {definition.case_type for definition in self._definitions}
        parents = {parent for by_parent in self._parents.values() for parent in by_parent}
        return frozenset(cases | set(self._parents) | parents)

    @cached_property
    def _processes_by_case_type(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for definition in self._newest.values():
            if not definition.begins:
                found.setdefault(definition.case_type, []).append(definition.process)
        return {kind: tuple(sorted(names)) for kind, names in found.items()}

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """What objects of a type do; every type has a role, if only that of taking no part."""
        return _Roles(
            {
                kind: Role(
                    True,
                    self.parents_of(kind),
                    kind in self._processes_by_case_type or kind.startswith(OPEN_PREFIX),
                    frozenset(activity for one in self.beginnings.get(kind, ()) for activity in one.begins),
                )
                for kind in self.members
            }
        )

    @cached_property
    def smallest_cap(self) -> int:
        """An object in no more cases than this is in all of them, whatever its type."""
        return min(self._caps.values(), default=NO_CAP)

    def parents_of(self, kind: str) -> Mapping[str, frozenset[str]]:
        """Parent types a `kind` may hang on, each with the processes that say so."""
        return self._parents.get(kind, {})

    def processes_between(self, child: str, parent: str) -> frozenset[str]:
        """The processes in which an object of one type hangs on one of the other; on its own type, as an alias does."""
        if child == parent:
            return self._processes_with.get(child, frozenset())
        return self._parents.get(child, {}).get(parent, frozenset())

    @cached_property
    def _processes_with(self) -> Mapping[str, frozenset[str]]:
        """The processes in which objects of a type take part."""
        found: dict[str, frozenset[str]] = {}
        for definition in self._definitions:
            ends = {end for rule in definition.links for end in (rule.child, rule.parent)}
            for kind in {definition.case_type, *ends}:
                found[kind] = found.get(kind, frozenset()) | {definition.process}
        return found

    def own_cases(self, key: Key) -> tuple[CaseKey, ...]:
        """The cases an object is by itself, whatever event names it: of processes without `begins`."""
        kind, identity = key
        if kind.startswith(OPEN_PREFIX):
            return (CaseKey(kind, kind, identity),)
        return tuple(CaseKey(process, kind, identity) for process in self._processes_by_case_type.get(kind, ()))

    def begun_by(self, key: Key, event: Event) -> Iterator[CaseKey]:
        """The cases an object is by itself since `event` names it: of processes that say what begins a case."""
        for definition in self.beginnings.get(key[0], ()):
            if definition.begun_by(event):
                yield CaseKey(definition.process, *key)

    @cached_property
    def _newest(self) -> Mapping[str, Definition]:
        """The version in force of each process: it decides for new cases."""
        return {one.process: one for one in sorted(self._definitions, key=lambda one: one.version)}

    @cached_property
    def beginnings(self) -> Mapping[str, tuple[Definition, ...]]:
        """Definitions that say what begins a case, by the type of their case object."""
        found: dict[str, tuple[Definition, ...]] = {}
        for definition in self._newest.values():
            if definition.begins:
                found[definition.case_type] = (*found.get(definition.case_type, ()), definition)
        return found

    def cap(self, kind: str, process: str) -> int | None:
        """How many cases of `process` an object of `kind` may join through others; None: it has no rule."""
        return self._caps.get((kind, process))
