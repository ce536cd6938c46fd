"""What falls due by the passing of time alone: the next instant at which a case's clocks change status.

An entry says no more than "look at this case then". The case's own `due` is the authority: an entry that no longer
agrees with it is stale and is skipped when it surfaces, so moving a deadline costs one push and no search.

The entries of cases in memory lie in a heap. A case need not be in memory for its entry to wait: those that are not
lie in runs, sorted columns of some 25 bytes an entry, where one of the heap takes ten times as much. Somewhat before
they fall due they are asked for, so that the cases are back by then.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import pyarrow as pa

from streams.cases.case_state import CaseState
from streams.correlation.messages import CaseKey

AT_ONCE = -(1 << 63)
"""Due whatever the time is: a case of which is not known when it falls due."""
NEVER_DUE = (1 << 63) - 1
HEAP_KEPT = 10_000
"""A heap with more entries than this is rid of the stale ones, unless most are good. At 100,000 it filled up for
twenty minutes of a steady 300 events a second with 4,000 cases in memory."""

Entry = tuple[int, CaseKey]


class Waiting(NamedTuple):
    """Entries of one feed, sorted by due: the case's kind as a number of `kinds` (process and object type), its id."""

    dues: pa.Int64Array
    kinds: Sequence[tuple[str, str]]
    kind: pa.Int32Array
    ids: pa.StringArray


class Run:
    """Sorted entries that are taken from the front."""

    __slots__ = ("_at", "_waiting", "head")

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._at = -1
        self.head: int | None = None
        self._advance()

    def _advance(self) -> None:
        self._at += 1
        dues = self._waiting.dues
        self.head = dues[self._at].as_py() if self._at < len(dues) else None

    def pop(self) -> CaseKey:
        """The first case; `head` says when it is due. There must be one."""
        waiting, at = self._waiting, self._at
        process, kind = waiting.kinds[waiting.kind[at].as_py()]
        key = CaseKey(process, kind, waiting.ids[at].as_py())
        self._advance()
        return key

    def __len__(self) -> int:
        return len(self._waiting.dues) - self._at


class Timers:
    """Deadlines and at-risk points of cases, kept apart by feed, whose clocks differ.

    `find` gives a case that is in memory, or None.
    """

    def __init__(self, find: Callable[[CaseKey], CaseState | None], *, heap_kept: int = HEAP_KEPT) -> None:
        self._find = find
        self._heap_kept = heap_kept
        self._limits: dict[str, int] = {}
        self._heaps: dict[str, list[Entry]] = {}
        self._runs: dict[str, list[Run]] = {}

    def set(self, case: CaseState) -> None:
        """Take note of the case's `due` (None: nothing is due), on the clock of the feed that moved it last."""
        if case.due is None:
            case.armed = None
        elif case.armed != (wanted := (case.fold.feed, case.due)):
            case.armed = wanted
            heap = self._heaps.setdefault(case.fold.feed, [])
            heappush(heap, (case.due, case.key))
            if len(heap) > self._limits.get(case.fold.feed, self._heap_kept):
                self._weed(case.fold.feed)

    def lay_in(self, waiting: Mapping[str, Waiting]) -> None:
        """Entries by feed, of cases that need not be in memory."""
        for feed, entries in waiting.items():
            if len(entries.dues):
                self._runs.setdefault(feed, []).append(Run(entries))
                self._heaps.setdefault(feed, [])

    def let_go(self, cases: Iterable[CaseState]) -> None:
        """These cases leave memory: from now on they wait in runs."""
        leaving: dict[str, list[Entry]] = {}
        for case in cases:
            if case.due is not None:
                leaving.setdefault(case.fold.feed, []).append((case.due, case.key))
        self.lay_in({feed: _columns(sorted(entries)) for feed, entries in leaving.items()})

    def pop_absent(self, feed: str, until: int, limit: int) -> list[CaseKey]:
        """Cases out of memory that fall due by `until`: who brings them back sets them anew."""
        absent: list[CaseKey] = []
        runs = self._runs.get(feed, [])
        for run in runs:
            while run.head is not None and run.head <= until and len(absent) < limit:
                key = run.pop()
                case = self._find(key)
                if case is None:
                    absent.append(key)
                else:
                    self.set(case)  # it may have come back for an event that told nothing new
        runs[:] = [run for run in runs if run.head is not None]
        return absent

    def pop_due(self, feed: str, now: int, limit: int = 10_000) -> list[CaseKey]:
        """Cases with something due at or before `now`, earliest first within each run; each entry is given out once."""
        due: list[CaseKey] = []
        for at, key in self._surfacing(feed, now):
            case = self._find(key)
            if case is not None:
                if case.armed == (feed, at):
                    case.armed = None
                if case.due is None or case.fold.feed != feed or case.due > now:
                    self.set(case)  # the entry was stale; only a case that has lost its own gets a new one
                    continue
            due.append(key)
            if len(due) == limit:
                break
        return due

    def _surfacing(self, feed: str, now: int) -> Iterator[Entry]:
        runs, heap = self._runs.get(feed, []), self._heaps.get(feed, [])
        for run in runs:
            while (at := run.head) is not None and at <= now:
                yield at, run.pop()
        runs[:] = [run for run in runs if run.head is not None]
        while heap and heap[0][0] <= now:
            yield heappop(heap)

    def _weed(self, feed: str) -> None:
        """Take the stale entries out of a long heap; how long it may grow depends on how many were good."""
        heap = self._heaps[feed]
        heap[:] = sorted({entry for entry in heap if self._stands(feed, entry)})  # a sorted list is a heap
        self._limits[feed] = max(self._heap_kept, 2 * len(heap))

    def _stands(self, feed: str, entry: Entry) -> bool:
        case = self._find(entry[1])
        return case is not None and case.armed == (feed, entry[0])

    @property
    def feeds(self) -> tuple[str, ...]:
        return tuple(self._heaps)

    def __len__(self) -> int:
        """Entries, stale ones included."""
        runs = sum(len(run) for runs in self._runs.values() for run in runs)
        return runs + sum(map(len, self._heaps.values()))


def _columns(entries: Sequence[Entry]) -> Waiting:
    kinds = {(key.process, key.type): 0 for _, key in entries}
    numbers = {kind: number for number, kind in enumerate(kinds)}
    return Waiting(
        pa.array([due for due, _ in entries], pa.int64()),
        list(numbers),
        pa.array([numbers[key.process, key.type] for _, key in entries], pa.int32()),
        pa.array([key.id for _, key in entries], pa.string()),
    )
