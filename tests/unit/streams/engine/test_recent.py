"""Cases that began in this memory are folded again from it; others, and those flushed long ago, from the store."""

import asyncio
from collections.abc import Mapping, Sequence

from metrics.words import Event
from streams.cases.case_state import CaseState
from streams.cases.plan import Plan
from streams.correlation.messages import CaseKey, Key
from streams.engine.recent import RecentEvents
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline

REQUISITION: Key = ("requisition", "R")


class AskedStore(MemoryStore):
    """Remembers whose events were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def events_of_cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Mapping[str, Event]]:
        self.asked += [key.id for key in keys]
        return super().events_of_cases(keys)


def asked_for(*, restarted: bool) -> AskedStore:
    """An approval, then, a flush later, the request before it: in one life of the worker, or in two."""

    async def scene() -> AskedStore:
        store = AskedStore()
        worker = Pipeline(store, [ORDERING])
        await worker.start()
        await worker.take([event("ordered", 20, REQUISITION)])
        await worker.flush()
        if restarted:
            worker = Pipeline(store, [ORDERING], epoch=2)
            await worker.start()
        await worker.take([event("asked", 10, REQUISITION)])
        await worker.flush()
        await worker.take([event("asked", 5, REQUISITION)])
        await worker.flush()
        return store

    return asyncio.run(scene())


def test_a_case_that_began_here_asks_the_store_for_nothing() -> None:
    assert asked_for(restarted=False).asked == []


def test_a_case_that_was_restored_asks_for_its_events() -> None:
    assert asked_for(restarted=True).asked == ["R", "R"]


def test_both_come_to_the_same() -> None:
    here, there = asked_for(restarted=False).rows("cases"), asked_for(restarted=True).rows("cases")
    assert [(row["events"], row["state"], row["variant"]) for row in here] == [
        (row["events"], row["state"], row["variant"]) for row in there
    ]
    assert here[0]["events"] == 3


def flushed(recent: RecentEvents, plan: Plan, name: str, *times: int) -> CaseState:
    case = CaseState(CaseKey("ordering", "requisition", name), plan)
    for time in times:
        case.enter(event("asked", time, ("requisition", name)), ("requisition", name))
    recent.keep(case)
    case.pending = {}
    return case


def test_what_was_flushed_longest_ago_is_given_up_first() -> None:
    recent, plan = RecentEvents(limit=3), Plan(ORDERING)
    old, new = flushed(recent, plan, "A", 1, 2), flushed(recent, plan, "B", 3, 4)
    recent.trim()
    assert old.kept is None
    assert new.kept is not None
    assert len(new.kept) == 2


def test_a_case_that_leaves_memory_is_forgotten() -> None:
    recent, plan = RecentEvents(limit=1), Plan(ORDERING)
    gone, stays = flushed(recent, plan, "A", 1), flushed(recent, plan, "B", 2)
    recent.forget([gone])
    recent.trim()
    assert gone.kept is None
    assert stays.kept is not None
