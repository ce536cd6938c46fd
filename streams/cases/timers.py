"""What falls due by the passing of time alone: the next instant at which a case's clocks change status.

A heap of (due, case). A case's own `due` is the authority: an entry that no longer agrees with it is
stale and is skipped when it surfaces, so moving a deadline costs one push and no search.
"""

from heapq import heappop, heappush

from streams.cases.case_state import CaseState
from streams.correlation.messages import CaseKey


class Timers:
    """Deadlines and at-risk points of the cases in memory, kept apart by feed, whose clocks differ."""

    def __init__(self) -> None:
        self._heaps: dict[str, list[tuple[int, CaseKey]]] = {}
        self._set: dict[CaseKey, tuple[str, int]] = {}

    def set(self, case: CaseState) -> None:
        """Take note of the case's `due` (None: nothing is due), on the clock of the feed that moved it last."""
        if case.due is None:
            self._set.pop(case.key, None)
        elif self._set.get(case.key) != (wanted := (case.fold.feed, case.due)):
            self._set[case.key] = wanted
            heappush(self._heaps.setdefault(case.fold.feed, []), (case.due, case.key))

    def forget(self, key: CaseKey) -> None:
        self._set.pop(key, None)

    def pop_due(self, feed: str, now: int, limit: int = 10_000) -> list[CaseKey]:
        """Cases of `feed` with something due at or before `now`, earliest first; each is given out once."""
        heap = self._heaps.get(feed, [])
        due: list[CaseKey] = []
        while heap and heap[0][0] <= now and len(due) < limit:
            at, key = heappop(heap)
            if self._set.get(key) == (feed, at):
                del self._set[key]
                due.append(key)
        return due

    @property
    def feeds(self) -> tuple[str, ...]:
        return tuple(self._heaps)

    def __len__(self) -> int:
        return len(self._set)
