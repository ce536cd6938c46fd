"""When a worker says that it is not ready: soon where the store refuses what it sends, later where all is only slow."""

import pytest
from opentelemetry.trace import NoOpTracer

from metrics.exposition import Exposition
from metrics.store.errors import StoreFull, StoreUnavailable
from streams.engine import observed as module
from streams.engine.flush import Frozen
from streams.engine.observed import REFUSED_SECONDS, STALLED_SECONDS, Observed


class Hand:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Hand:
    hand = Hand()
    monkeypatch.setattr(module, "monotonic", hand)
    return hand


def test_a_flush_that_the_store_refuses_is_told_in_seconds_and_forgotten_with_its_end(clock: Hand) -> None:
    observed = Observed(Exposition(), NoOpTracer())
    assert "no partitions" in observed.ready()
    observed.owns_partitions = True
    with observed.flush(Frozen([], [], [], {})):
        observed.held_up(StoreUnavailable("nobody answers"))
        clock.now = REFUSED_SECONDS
        assert observed.ready() == ""
        clock.now += 0.1
        assert "nobody answers" in observed.ready()
    assert observed.ready() == ""
    with observed.flush(Frozen([], [], [], {})):
        clock.now += REFUSED_SECONDS + 1
        assert observed.ready() == "", "what an earlier flush met is over"


def test_a_slow_flush_is_told_later_and_a_full_disk_at_once(clock: Hand) -> None:
    observed = Observed(Exposition(), NoOpTracer())
    observed.owns_partitions = True
    with observed.flush(Frozen([], [], [], {})):
        clock.now = STALLED_SECONDS
        assert observed.ready() == ""
        clock.now += 0.1
        assert "more than 10 s" in observed.ready()
        observed.held_up(StoreFull("the store's disk is full"))
        assert observed.ready() == "the store's disk is full"
