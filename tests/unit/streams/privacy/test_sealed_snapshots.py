"""Snapshots of sources in the store: nobody reads them without the keys, and a worker gets them back."""

from collections.abc import Iterable, Mapping

from metrics.privacy.keyring import Keyring
from metrics.privacy.sealing import Sealer
from metrics.privacy.tokens import Tokens
from streams.privacy.snapshots import SealedSnapshots
from streams.sources.memory import Remembered
from streams.sources.message import Snapshot
from tests.unit.metrics.privacy.ring import RETIRED, RING, ROTATED

KEY, SNAPSHOT = "servicenow|sys_user|Jo Ash", Snapshot(3, {"state": "open", "told": "Jo Ash", "none": None})


class Shelf(dict[str, Snapshot]):
    """The store's table."""

    def fetch(self, keys: Iterable[str]) -> Mapping[str, Snapshot]:
        return {key: self[key] for key in keys if key in self}


def sealed(ring: Keyring) -> SealedSnapshots:
    return SealedSnapshots(Tokens(ring), Sealer(ring))


def stored(ring: Keyring = RING) -> Shelf:
    closed = sealed(ring).closed({KEY: Remembered(SNAPSHOT, True)})
    assert [one.simulated for one in closed.values()] == [True]
    return Shelf({key: one.snapshot for key, one in closed.items()})


def test_what_is_stored_tells_nothing() -> None:
    told = str(stored())
    assert "Jo Ash" not in told
    assert "servicenow" not in told
    assert "open" not in told


def test_a_worker_gets_back_what_was_remembered() -> None:
    assert sealed(RING).opening(stored().fetch)([KEY, "other"]) == {KEY: SNAPSHOT}


def test_a_rotation_loses_nothing() -> None:
    assert sealed(ROTATED).opening(stored().fetch)([KEY]) == {KEY: SNAPSHOT}


def test_what_can_no_longer_be_opened_counts_as_not_seen() -> None:
    shelf = stored()
    assert sealed(RETIRED).opening(shelf.fetch)([KEY]) == {}
    (key,) = shelf
    moved = Shelf({Tokens(RING).state_key("another"): shelf[key]})
    assert sealed(RING).opening(moved.fetch)(["another"]) == {}


def test_what_was_stored_before_privacy_counts_as_not_seen() -> None:
    shelf = Shelf({Tokens(RING).state_key(KEY): SNAPSHOT})
    assert sealed(RING).opening(shelf.fetch)([KEY]) == {}
