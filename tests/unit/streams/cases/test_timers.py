"""Timers: each case is given out once when it is due, on the clock of its feed, in memory or not."""

import pyarrow as pa

from metrics.words import SECOND
from streams.cases.case_state import CaseState
from streams.cases.timers import AT_ONCE, HEAP_KEPT, Timers, Waiting
from streams.correlation.messages import CaseKey
from tests.unit.streams.cases.one_case import KEY, OneCase


class Scene:
    """Timers over the cases in memory."""

    def __init__(self, heap_kept: int = 100) -> None:
        self.cases: dict[CaseKey, CaseState] = {}
        self.timers = Timers(self.cases.get, heap_kept=heap_kept)

    def case(self, due: int | None, feed: str = "erp", id: str = KEY.id) -> CaseState:
        state = OneCase().happen(("asked", 0)).state
        state.key, state.fold.feed, state.due = KEY._replace(id=id), feed, due
        self.cases[state.key] = state
        self.timers.set(state)
        return state

    def moved(self, case: CaseState, due: int | None, feed: str = "erp") -> None:
        case.due, case.fold.feed = due, feed
        self.timers.set(case)

    def popped(self, now: int, feed: str = "erp", limit: int = 10_000) -> list[str]:
        return [key.id for key in self.timers.pop_due(feed, now, limit)]


def waiting(*entries: tuple[int, str]) -> Waiting:
    dues, ids = zip(*entries, strict=True)
    kind = pa.array([0] * len(ids), pa.int32())
    return Waiting(pa.array(dues, pa.int64()), [(KEY.process, KEY.type)], kind, pa.array(ids, pa.string()))


def test_a_case_is_given_out_once_when_it_is_due() -> None:
    scene = Scene()
    scene.case(5 * SECOND)
    assert scene.popped(4 * SECOND) == []
    assert scene.popped(5 * SECOND) == [KEY.id]
    assert scene.popped(9 * SECOND) == []
    assert len(scene.timers) == 0


def test_a_deadline_that_moved_counts_and_its_old_place_does_not() -> None:
    scene = Scene()
    scene.moved(scene.case(5), 9)
    assert scene.popped(8) == []
    assert scene.popped(9) == [KEY.id]


def test_a_case_with_nothing_due_is_left_alone() -> None:
    scene = Scene()
    scene.moved(scene.case(5), None)
    assert scene.popped(100) == []


def test_a_case_that_goes_on_under_another_feed_falls_due_on_that_feeds_clock() -> None:
    scene = Scene()
    scene.moved(scene.case(5, "history"), 5, "live")
    assert scene.popped(100, "history") == []
    assert scene.popped(5, "live") == [KEY.id]


def test_a_case_that_left_memory_still_falls_due() -> None:
    scene = Scene()
    scene.timers.let_go([scene.cases.pop(scene.case(5).key)])
    assert scene.popped(4) == []
    assert set(scene.popped(5)) == {KEY.id}
    assert scene.popped(9) == []


def test_cases_out_of_memory_are_asked_for_before_they_fall_due_and_those_in_memory_are_not() -> None:
    scene = Scene()
    scene.timers.lay_in({"erp": waiting((3, "A"), (4, "here"), (5, "B"), (9, "C"))})
    scene.case(4, id="here")
    assert scene.timers.pop_absent("erp", 2, 10) == []
    assert [key.id for key in scene.timers.pop_absent("erp", 8, 1)] == ["A"]
    assert [key.id for key in scene.timers.pop_absent("erp", 8, 10)] == ["B"]
    scene.case(3, id="A")
    scene.case(5, id="B")
    assert scene.popped(8) == ["A", "here", "B"]


def test_a_case_that_came_back_and_was_set_anew_has_two_entries_and_one_due() -> None:
    scene = Scene()
    scene.case(5)
    again = scene.case(5)
    assert len(scene.timers) == 2
    assert set(scene.popped(5)) == {KEY.id}
    scene.moved(again, 9)
    assert scene.popped(8) == []
    assert scene.popped(9) == [KEY.id]


def test_no_more_are_given_out_than_asked_for() -> None:
    scene = Scene()
    for number in range(5):
        scene.case(number, id=f"R{number}")
    assert scene.popped(10, limit=3) == ["R0", "R1", "R2"]
    assert scene.popped(10, limit=3) == ["R3", "R4"]


def test_entries_laid_in_from_a_store_fall_due_beside_those_that_are_set() -> None:
    scene = Scene()
    scene.timers.lay_in({"erp": waiting((AT_ONCE, "odd"), (3, "A"), (7, "B")), "crm": waiting((1, "C"))})
    scene.case(4, id="here")
    assert scene.popped(-(1 << 62)) == ["odd"], "of which nothing is known is looked at whatever the time is"
    assert scene.popped(5) == ["A", "here"]
    assert scene.popped(7) == ["B"]
    assert scene.popped(1, "crm") == ["C"]
    assert len(scene.timers) == 0


def test_a_laid_in_entry_of_a_case_whose_deadline_moved_since_is_stale() -> None:
    scene = Scene()
    scene.timers.lay_in({"erp": waiting((3, KEY.id))})
    scene.case(8)
    assert scene.popped(5) == []
    assert scene.popped(8) == [KEY.id]


def test_a_long_heap_loses_nothing_that_is_due() -> None:
    scene = Scene(heap_kept=10)
    for number in range(100):
        scene.case(1000 - number, id=f"R{number:02}")
    assert sorted(scene.popped(1000)) == [f"R{number:02}" for number in range(100)]


def test_cases_that_leave_memory_out_of_a_long_heap_fall_due_all_the_same() -> None:
    scene = Scene(heap_kept=10)
    for number in range(50):
        scene.case(number, id=f"R{number:02}")
    scene.timers.let_go(scene.cases.values())
    scene.cases.clear()
    for number in range(50, 100):
        scene.case(number, id=f"R{number:02}")
    assert set(scene.popped(1000)) == {f"R{number:02}" for number in range(100)}


def test_stale_entries_do_not_pile_up() -> None:
    scene = Scene(heap_kept=10)
    case = scene.case(1)
    for due in range(2, 1000):
        scene.moved(case, due)
    assert len(scene.timers) <= 11
    assert scene.popped(998) == []
    assert scene.popped(999) == [KEY.id]


def test_a_clock_that_went_back_loses_no_deadline() -> None:
    scene = Scene()
    case = scene.case(5)
    assert scene.popped(5) == [KEY.id]
    scene.timers.set(case)  # looked at when the clock said 4 again: nothing changed
    assert scene.popped(4) == []
    assert scene.popped(5) == [KEY.id]


def test_by_itself_a_heap_is_not_left_long() -> None:
    cases: dict[CaseKey, CaseState] = {}
    timers = Timers(cases.get)
    case = OneCase().happen(("asked", 0)).state
    case.fold.feed = "erp"
    cases[case.key] = case
    for due in range(30_000):
        case.due = due
        timers.set(case)
    assert len(timers) <= HEAP_KEPT <= 10_000  # at 100,000 it filled up for twenty minutes
