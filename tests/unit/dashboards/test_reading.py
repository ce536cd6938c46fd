"""The reader keeps answers for a while, and a store that is away costs one time-out, not one a card."""

import threading
import time
from typing import Any

import pytest

from dashboards.reading import KeepingReader, Unanswered
from metrics.queries.rows import Process
from metrics.store.errors import StoreUnavailable
from tests.unit.dashboards.fake_reader import FakeReader


class Hand:
    """A clock set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_same_question_is_asked_once_while_its_answer_is_fresh() -> None:
    store, clock = FakeReader(), Hand()
    reader = KeepingReader(store, clock)
    reader.rows("processes", Process)
    reader.rows("processes", Process)
    assert len(store.asked) == 1
    clock.now = 4.0
    reader.rows("processes", Process)
    assert len(store.asked) == 2


def test_other_parameters_are_another_question() -> None:
    store = FakeReader(case_counts=[])
    reader = KeepingReader(store, Hand())
    for facility in ("north", "south", "north"):
        reader.rows("case_counts", Process, facility=facility, statuses=["a"])
    assert [parameters["facility"] for _, parameters in store.asked] == ["north", "south"]


def test_an_unreachable_store_fails_fast_until_it_is_tried_again() -> None:
    store, clock = FakeReader(), Hand()
    store.problem = StoreUnavailable("no route")
    reader = KeepingReader(store, clock)
    for _ in range(5):
        with pytest.raises(Unanswered, match="does not answer"):
            reader.rows("processes", Process)
    assert len(store.asked) == 1
    store.problem, clock.now = None, 2.0
    assert reader.rows("processes", Process)


@pytest.mark.parametrize("problem", [ValueError("syntax"), StoreUnavailable("Array does not start with '['", 130)])
def test_a_refused_question_does_not_silence_the_others(problem: Exception) -> None:
    store = FakeReader()
    reader = KeepingReader(store, Hand())
    store.problem = problem
    with pytest.raises(Unanswered, match="could not answer this"):
        reader.rows("feeds", Process)
    store.problem = None
    assert reader.rows("processes", Process)


class Slow(FakeReader):
    """Takes so many seconds of the clock for an answer."""

    def __init__(self, clock: Hand, took: float) -> None:
        super().__init__(alert_actions=[])
        self._clock = clock
        self._took = took

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        self._clock.now += self._took
        return super().rows(name, row_type, **parameters)


@pytest.mark.parametrize(
    ("took", "name", "kept"),
    [(0.0, "processes", 2.0), (0.2, "processes", 6.0), (9.0, "processes", 15.0), (9.0, "alert_actions", 0.0)],
)
def test_what_took_the_store_long_is_kept_longer_but_never_for_long(took: float, name: str, kept: float) -> None:
    clock = Hand()
    store = Slow(clock, took)
    reader = KeepingReader(store, clock)
    counts = []
    for waits in (0.0, kept - 0.1, kept + 0.2):
        clock.now += max(waits, 0.0)
        reader.rows(name, Process)
        counts.append(len(store.asked))
    assert counts == ([1, 1, 2] if kept else [1, 2, 3])


class Gate(FakeReader):
    """Answers once it is opened, from the second question on."""

    def __init__(self) -> None:
        super().__init__()
        self.opened, self.asking = threading.Event(), threading.Event()

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        found = super().rows(name, row_type, **parameters)
        if len(self.asked) > 1:
            self.asking.set()
            assert self.opened.wait(20)
        return found


def test_an_answer_is_asked_for_anew_beside_the_request() -> None:
    store, clock = Gate(), Hand()
    reader = KeepingReader(store, clock)
    kept = reader.rows("processes", Process)
    clock.now = 3.0
    for _ in range(5):
        assert reader.rows("processes", Process) is kept
    assert store.asking.wait(20)
    store.opened.set()
    until = time.monotonic() + 20
    while reader.rows("processes", Process) is kept and time.monotonic() < until:
        time.sleep(0.01)
    assert reader.rows("processes", Process) is not kept
    assert len(store.asked) == 2


def test_what_is_old_is_waited_for() -> None:
    store, clock = FakeReader(), Hand()
    reader = KeepingReader(store, clock)
    kept = reader.rows("processes", Process)
    clock.now = 4.1
    assert reader.rows("processes", Process) is not kept
