"""Native messages through the worker with privacy: what goes on and what is remembered tells of nobody."""

import pytest

from metrics.privacy.opened import Privacy
from metrics.privacy.sealing import Sealer
from metrics.privacy.tokens import Tokens
from streams.sources.stored import TABLE
from tests.fakes.memory_store import MemoryStore
from tests.unit.metrics.privacy.ring import POLICY, RING
from tests.unit.streams.engine.test_sources_worker import INVOICE, Life

PRIVACY = Privacy(POLICY, Tokens(RING), Sealer(RING))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_events_carry_tokens_and_the_snapshots_are_sealed(store: MemoryStore) -> None:
    plain = Life(MemoryStore()).read(*INVOICE)
    life = Life(store, privacy=PRIVACY).read(*INVOICE)
    assert [event["type"] for event in life.events] == [event["type"] for event in plain.events]
    (row,) = store.rows(TABLE)
    (open_row,) = Life(kept := MemoryStore()).read(*INVOICE) and kept.rows(TABLE)
    assert "coupa" in open_row["state_key"]
    assert "coupa" not in str(row)
    assert "fgs1." in str(row)


def test_a_later_life_opens_the_sealed_snapshots(store: MemoryStore) -> None:
    whole = Life(MemoryStore(), privacy=PRIVACY).read(*INVOICE)
    first = Life(store, privacy=PRIVACY).read(*INVOICE[:1])
    second = Life(store, privacy=PRIVACY).read(*INVOICE[1:], first=1)
    assert first.events + second.events == whole.events


def test_a_death_in_a_flush_repeats_events_with_the_same_ids(store: MemoryStore) -> None:
    whole = Life(MemoryStore(), privacy=PRIVACY).read(*INVOICE)
    dying = Life(store, kill_at="state", privacy=PRIVACY)
    with pytest.raises(KeyboardInterrupt):
        dying.read(*INVOICE)
    again = Life(store, privacy=PRIVACY).read(*INVOICE)
    assert {event["id"] for event in dying.events + again.events} == {event["id"] for event in whole.events}
