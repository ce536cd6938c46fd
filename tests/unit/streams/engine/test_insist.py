"""A store that is away is asked again, by look-ups as by writes."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from metrics.store.errors import StoreUnavailable
from metrics.words import Event
from streams.cases.case_state import Checkpoint
from streams.correlation.messages import CaseKey, Key
from streams.correlation.object_state import ObjectState
from streams.engine.insist import insist
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline


class MoodyStore(MemoryStore):
    """Every kind of look-up fails the first time it is tried."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()

    def _first_time(self, name: str) -> None:
        if name not in self.refused:
            self.refused.add(name)
            raise StoreUnavailable("away")

    def objects(self, keys: Sequence[Key]) -> Mapping[Key, ObjectState]:
        self._first_time("objects")
        return super().objects(keys)

    def cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Checkpoint]:
        self._first_time("cases")
        return super().cases(keys)

    def events_of_objects(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Event]]:
        self._first_time("events of objects")
        return super().events_of_objects(keys)

    def events_of_cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Mapping[str, Event]]:
        self._first_time("events of cases")
        return super().events_of_cases(keys)


def test_no_look_up_that_failed_loses_a_message() -> None:
    async def scene() -> MoodyStore:
        store = MoodyStore()
        first = Pipeline(store, [ORDERING])
        await first.start()
        await first.take([event("received", 30, ("goods_receipt", "G"), ("purchase_order", "P"))])
        await first.flush()
        second = Pipeline(store, [ORDERING], epoch=2)
        await second.start()
        await second.take([event("ordered", 20, ("purchase_order", "P"), ("requisition", "R"))])
        await second.flush()
        await second.take([event("asked", 10, ("requisition", "R"))])
        await second.flush()
        third = Pipeline(store, [ORDERING], epoch=3)
        await third.start()
        await third.take([event("received", 5, ("goods_receipt", "H"), ("purchase_order", "P"))])
        await third.flush()
        return store

    store = asyncio.run(scene())
    assert store.refused == {"objects", "cases", "events of objects", "events of cases"}
    (case,) = store.rows("cases")
    assert (case["events"], case["state"]) == (4, "here")


def test_any_other_error_is_raised_at_once() -> None:
    async def wrong() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        asyncio.run(insist(wrong, "nothing"))
