"""Objects and cases in memory: a cache of the store, never the truth.

A key that is not here may be in the store: its messages are parked until the next look-up, which is one
query for all of them. Only a store that was empty at assignment spares the look-up (`complete`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from streams.cases.case_state import CaseState, Checkpoint
from streams.cases.plan import Plan
from streams.correlation.messages import CaseKey, CaseMessage, Key, ObjectMessage
from streams.correlation.object_state import ObjectState
from streams.engine.plans import Plans
from streams.engine.ports import StateStore

K = TypeVar("K")
S = TypeVar("S")


class StateCache:
    """The state of the shards this worker owns."""

    def __init__(self, plans: Plans, store: StateStore, *, limit: int = 400_000) -> None:
        self._plans = plans
        self._store = store
        self._limit = limit
        self._complete = False
        self.objects: dict[Key, ObjectState] = {}
        self.cases: dict[CaseKey, CaseState] = {}
        self.parked_objects: dict[Key, list[ObjectMessage]] = {}
        self.parked_cases: dict[CaseKey, list[CaseMessage]] = {}

    def load(self, shards: Iterable[int]) -> list[CaseState]:
        """Start afresh from the store: the open cases of `shards`, whose clocks must go on running."""
        self.objects.clear()
        self.cases.clear()
        self._complete = self._store.is_empty()
        if not self._complete:
            for key, saved in self._store.open_cases(shards).items():
                self.cases[key] = self._restore(key, saved)
        return list(self.cases.values())

    def object_for(self, message: ObjectMessage) -> ObjectState | None:
        """The object the message is for, or None after parking the message."""
        key = message.target
        state = self.objects.get(key)
        if state is None:
            if not self._complete:
                self.parked_objects.setdefault(key, []).append(message)
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
        return CaseState.restore(key, self._plan(key, saved.definition_version), saved)

    def _plan(self, key: CaseKey, version: int) -> Plan:
        return self._plans.version(key.process, version)

    def evict(self) -> list[CaseKey]:
        """Make room: clean objects first come, first out; then closed clean cases that wait for no deadline.

        Returns the cases that left.
        """
        for key in self._oldest(self.objects, lambda state: not state.dirty):
            del self.objects[key]
            self._complete = False
        closed = self._oldest(self.cases, lambda case: bool(case.fold.outcome) and not case.dirty and case.due is None)
        for case_key in closed:
            del self.cases[case_key]
            self._complete = False
        return closed

    def _oldest(self, states: Mapping[K, S], may_leave: Callable[[S], bool]) -> list[K]:
        excess = len(states) - self._limit
        if excess <= 0:
            return []
        leaving: list[K] = []
        for key, state in states.items():
            if may_leave(state):
                leaving.append(key)
                if len(leaving) >= excess + self._limit // 10:
                    break
        return leaving
