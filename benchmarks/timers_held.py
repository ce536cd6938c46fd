"""One structure that holds timers, in a process of its own: `python -m benchmarks.timers_held NAME COUNT DUE`.

Each takes COUNT timers of cases that are not in memory, spread over thirty days, DUE of them at the first instant, and
hands out those that are due. Counted is resident memory beyond that of the process before.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from heapq import heapify, heappop
from random import Random
from typing import Any

import msgspec
import pyarrow as pa

from metrics.words import DAY, SECOND
from streams.cases.timers import Timers, Waiting
from streams.correlation.messages import CaseKey

FIRST = 1_767_600_000 * SECOND


class Held(msgspec.Struct, frozen=True):
    """Bytes beyond the bare process, seconds to take them all in, seconds to hand out those that are due."""

    timers: int
    bytes: int
    filled: float
    popped: float


def entries(count: int, due: int) -> list[tuple[int, str]]:
    random = Random(7)
    later = sorted(FIRST + SECOND + int(random.random() * 30 * DAY) for _ in range(count - due))
    return [(at, f"R-{number:07d}") for number, at in enumerate([FIRST] * due + later)]


def _ours(count: int, due: int) -> tuple[object, Callable[[], int]]:
    made = entries(count, due)
    dues = pa.array([at for at, _ in made], pa.int64())
    ids = pa.array([name for _, name in made], pa.string())
    kind = pa.array(bytes(4 * count), pa.int32()) if count == 0 else pa.array([0] * count, pa.int32())
    timers = Timers(lambda _: None)
    timers.lay_in({"feed": Waiting(dues, [("timed", "requisition")], kind, ids)})
    return timers, lambda: len(timers.pop_due("feed", FIRST, due))


def _heapq(count: int, due: int) -> tuple[object, Callable[[], int]]:
    heap = [(at, CaseKey("timed", "requisition", name)) for at, name in entries(count, due)]
    heapify(heap)
    return heap, lambda: _pop(heap)


def _heapq_dict(count: int, due: int) -> tuple[object, Callable[[], int]]:
    """With what makes a moved deadline cheap: a dictionary that says which entry of a case still counts."""
    heap = [(at, CaseKey("timed", "requisition", name)) for at, name in entries(count, due)]
    heapify(heap)
    valid = {key: ("feed", at) for at, key in heap}

    def pop() -> int:
        found = 0
        while heap and heap[0][0] <= FIRST:
            at, key = heappop(heap)
            if valid.get(key) == ("feed", at):
                del valid[key]
                found += 1
        return found

    return (heap, valid), pop


def _call_later(count: int, due: int) -> tuple[object, Callable[[], int]]:
    loop = asyncio.new_event_loop()
    fired: list[CaseKey] = []
    start = loop.time()
    for at, name in entries(count, due):
        loop.call_at(start + (at - FIRST) / SECOND, fired.append, CaseKey("timed", "requisition", name))

    def pop() -> int:
        loop.call_later(0, loop.stop)
        loop.run_forever()
        return len(fired)

    return loop, pop


def _sortedcontainers(count: int, due: int) -> tuple[object, Callable[[], int]]:
    from sortedcontainers import SortedList  # type: ignore[import-untyped]

    held = SortedList((at, CaseKey("timed", "requisition", name)) for at, name in entries(count, due))

    def pop() -> int:
        found = 0
        while held and held[0][0] <= FIRST:
            held.pop(0)
            found += 1
        return found

    return held, pop


def _pop(heap: list[tuple[int, CaseKey]]) -> int:
    found = 0
    while heap and heap[0][0] <= FIRST:
        heappop(heap)
        found += 1
    return found


MAKERS: dict[str, Callable[[int, int], tuple[Any, Callable[[], int]]]] = {
    "ours": _ours,
    "heapq": _heapq,
    "heapq_dict": _heapq_dict,
    "call_later": _call_later,
    "sortedcontainers": _sortedcontainers,
}


def resident() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    name, count, due = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    entries(10, 1)
    pa.array([""])
    before, began = resident(), time.perf_counter()
    kept, pop = MAKERS[name](count, due)
    filled = time.perf_counter() - began
    taken = resident() - before
    began = time.perf_counter()
    found = pop()
    popped = time.perf_counter() - began
    assert found >= due, f"{found} of {due}, {type(kept).__name__}"
    sys.stdout.buffer.write(msgspec.json.encode(Held(count, taken, filled, popped)))


if __name__ == "__main__":
    main()
