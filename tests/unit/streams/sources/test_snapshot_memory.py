"""Snapshots in memory stand for those in the store."""

from collections.abc import Iterable, Mapping

import pytest

from metrics.store.errors import StoreUnavailable
from streams.sources.memory import SnapshotMemory
from streams.sources.message import Outcome, Snapshot

OLD, NEW = Snapshot(1, {"status": "draft"}), Snapshot(2, {"status": "sent"})


class Stored:
    """What the store holds, and how often it was asked."""

    def __init__(self, **held: Snapshot) -> None:
        self.held = held
        self.asked: list[list[str]] = []
        self.away = False

    def __call__(self, keys: Iterable[str]) -> Mapping[str, Snapshot]:
        if self.away:
            raise StoreUnavailable("away")
        self.asked.append(list(keys))
        return self.held


def test_what_only_the_store_knows_is_wanted_and_fetched_once() -> None:
    stored = Stored(a=OLD)
    memory = SnapshotMemory(stored)
    assert memory.get("a") is None
    assert memory.get("b") is None
    assert memory.wants
    memory.fetch()
    assert not memory.wants
    assert (memory.get("a"), memory.get("b")) == (OLD, None)
    assert not memory.wants
    assert stored.asked == [["a", "b"]]


def test_a_store_that_is_away_leaves_it_wanted() -> None:
    stored = Stored(a=OLD)
    memory = SnapshotMemory(stored)
    memory.get("a")
    stored.away = True
    with pytest.raises(StoreUnavailable):
        memory.fetch()
    stored.away = False
    assert memory.wants
    memory.fetch()
    assert memory.get("a") == OLD


def test_what_changed_is_handed_over_once_and_stays_known() -> None:
    memory = SnapshotMemory(Stored())
    memory.remember({"a": OLD})
    memory.remember({"a": NEW})
    assert memory.take_changed() == {"a": (NEW, False)}
    assert memory.take_changed() == {}
    assert memory.get("a") == NEW


def test_memory_is_bounded_and_what_left_is_fetched_again() -> None:
    stored = Stored(k0=OLD)
    memory = SnapshotMemory(stored, limit=10)
    memory.remember({f"k{number}": NEW for number in range(20)})
    memory.evict()
    assert memory.get("k19") == NEW
    assert memory.get("k0") is None
    assert memory.wants


def test_what_was_mapped_ahead_holds_while_its_snapshots_are_what_it_saw() -> None:
    memory = SnapshotMemory(Stored(b=OLD))
    plain = memory.rehearse(Outcome)
    unknown, stored = (memory.rehearse(lambda key=key: Outcome(state={"x": memory.get(key) or NEW})) for key in "ab")
    memory.fetch()
    assert memory.confirms(plain)
    assert memory.confirms(unknown)
    assert not memory.confirms(stored)
    memory.remember({"a": OLD})
    assert not memory.confirms(unknown)
