"""Objects and cases in memory: a cache of the store, never the truth.

A key that is not here may be in the store: its messages are parked until the next look-up, which is one
query for all of them. Only a store that was empty at assignment spares the look-up (`complete`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from streams.cases.case_state import CaseState, Checkpoint
from streams.cases.plan import Plan
from streams.cases.readings import due_of
from streams.cases.timers import Waiting
from streams.correlation.messages import CaseKey, CaseMessage, Key, ObjectMessage
from streams.correlation.object_state import ObjectState
from streams.engine.plans import Plans
from streams.engine.ports import StateStore

K = TypeVar("K")
S = TypeVar("S")


class StateCache:
    """The state of the shards this worker owns."""

    def __init__(
        self, plans: Plans, store: StateStore, *, limit: int = 400_000, case_limit: int = 200_000, eager: int = 50_000
    ) -> None:
        """At most `limit` objects and `case_limit` cases stay in memory; `eager` cases come there at the start."""
        self._plans = plans
        self._store = store
        self._limit = limit
        self._case_limit = case_limit
        self._eager = eager
        self._complete = False
        self.objects: dict[Key, ObjectState] = {}
        self.cases: dict[CaseKey, CaseState] = {}
        self.parked_objects: dict[Key, list[ObjectMessage]] = {}
        self.parked_cases: dict[CaseKey, list[CaseMessage]] = {}

    def load(self, shards: Sequence[int]) -> tuple[list[CaseState], Mapping[str, Waiting]]:
        """Start afresh from the store with the open cases of `shards`, whose clocks must go on running.

        Those stored last come into memory; of the others, should there be more than that, only when they fall due.
        """
        self.objects.clear()
        self.cases.clear()
        self._complete = self._store.is_empty()
        if self._complete:
            return [], {}
        for key, saved in self._store.open_cases(shards, self._eager).items():
            self.cases[key] = self._restore(key, saved)
        loaded = list(self.cases.values())
        return loaded, self._waiting(shards) if len(loaded) >= self._eager else {}

    def _waiting(self, shards: Sequence[int]) -> Mapping[str, Waiting]:
        known = {(one.process, one.version) for one in self._plans.definitions()}
        found = self._store.waiting(shards, known)
        return {
            feed: waiting._replace(
                kinds=[(process, self._plans.newest(process).definition.case_type) for process, _ in waiting.kinds]
            )
            for feed, waiting in found.items()
        }

    def fetch(self, keys: Sequence[CaseKey]) -> list[CaseState]:
        """Bring these cases into memory from the store, those that it knows. Raises StoreUnavailable."""
        missing = [key for key in keys if key not in self.cases]
        for key, saved in self._store.cases(missing).items():
            self.cases[key] = self._restore(key, saved)
        return [self.cases[key] for key in keys if key in self.cases]

    def object_for(self, message: ObjectMessage) -> ObjectState | None:
        """The object the message is for, or None after parking the message."""
        key = message.target
        state = self.objects.get(key)
        if state is None:
            state = self.begin(key)
            if state is None:
                self.parked_objects.setdefault(key, []).append(message)
        return state

    def begin(self, key: Key) -> ObjectState | None:
        """An object that is not in memory, where the store cannot know it either; None: it has to be asked."""
        if not self._complete:
            return None
        state = self.objects[key] = ObjectState(key)
        return state

    def case_for(self, message: CaseMessage) -> CaseState | None:
        """The case the message is for, or None after parking the message."""
        key = message.case
        state = self.cases.get(key)
        if state is None:
            if not self._complete:
                self.parked_cases.setdefault(key, []).append(message)
                return None
            state = self.cases[key] = CaseState(key, self._plans.newest(key.process))
        return state

    def fetch_parked(self) -> list[ObjectMessage | CaseMessage]:
        """Look the parked keys up in the store, create what is not there, and hand the messages back.

        Raises StoreUnavailable with everything still parked.
        """
        objects, cases = self.parked_objects, self.parked_cases
        found = self._store.objects(list(objects)) if objects else {}
        saved = self._store.cases(list(cases)) if cases else {}
        self.parked_objects, self.parked_cases = {}, {}
        for key in objects:
            self.objects[key] = found.get(key) or ObjectState(key)
        for case_key in cases:
            self.cases[case_key] = (
                self._restore(case_key, saved[case_key])
                if case_key in saved
                else CaseState(case_key, self._plans.newest(case_key.process))
            )
        return [m for batch in objects.values() for m in batch] + [m for batch in cases.values() for m in batch]

    def _restore(self, key: CaseKey, saved: Checkpoint) -> CaseState:
        plan = self._plans.newest(key.process) if saved.aside else self._plan(key, saved.definition_version)
        case = CaseState.restore(key, plan, saved)
        case.due = due_of(case)
        return case

    def _plan(self, key: CaseKey, version: int) -> Plan:
        return self._plans.version(key.process, version)

    def evict(self) -> list[CaseState]:
        """Make room, first come, first out, among what is stored: objects; then cases, the closed ones first.

        Returns the cases that left. One with something due is brought back by its timer.
        """
        for key in _oldest(self.objects, self._limit, lambda state: not state.dirty):
            del self.objects[key]
            self._complete = False
        left = _oldest(
            self.cases, self._case_limit, lambda case: bool(case.fold.outcome) and not case.dirty and case.due is None
        )
        gone = self._let_go(left)
        return gone + self._let_go(_oldest(self.cases, self._case_limit, lambda case: not case.dirty))

    def _let_go(self, keys: Sequence[CaseKey]) -> list[CaseState]:
        self._complete = self._complete and not keys
        return [self.cases.pop(key) for key in keys]


def _oldest(states: Mapping[K, S], limit: int, may_leave: Callable[[S], bool]) -> list[K]:
    excess = len(states) - limit
    if excess <= 0:
        return []
    leaving: list[K] = []
    for key, state in states.items():
        if may_leave(state):
            leaving.append(key)
            if len(leaving) >= excess + limit // 10:
                break
    return leaving
