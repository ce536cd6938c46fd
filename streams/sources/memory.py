"""Snapshots in memory: a cache of the store, never the truth.

A snapshot that is not here may be in the store. `map` cannot wait for it, so it is noted as wanted; the worker fetches
what is wanted and maps the message again, which is harmless: mapping is pure.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from streams.sources.message import Outcome, Snapshot


class Remembered(NamedTuple):
    """A snapshot to be stored, and whether it is of something real."""

    snapshot: Snapshot
    simulated: bool


class Rehearsed(NamedTuple):
    """What a message gave, and the snapshots that it asked for, as they were then."""

    outcome: Outcome
    asked: tuple[tuple[str, Snapshot | None], ...]


Fetch = Callable[[Iterable[str]], Mapping[str, Snapshot]]


class SnapshotMemory:
    """What is remembered of the objects of the systems that send snapshots, for the partitions of one worker."""

    def __init__(self, fetch: Fetch, *, limit: int = 500_000) -> None:
        self._fetch = fetch
        self._limit = limit
        self._known: dict[str, Snapshot | None] = {}
        self._changed: dict[str, Remembered] = {}
        self._wanted: set[str] = set()
        self._asked: list[tuple[str, Snapshot | None]] | None = None

    def get(self, key: str) -> Snapshot | None:
        """As a mapping asks: None also when only the store knows (`wants` then says so)."""
        if key not in self._known:
            self._wanted.add(key)
        found = self._known.get(key)
        if self._asked is not None:
            self._asked.append((key, found))
        return found

    def rehearse(self, mapped: Callable[[], Outcome]) -> Rehearsed:
        """Map a message before everything that it asks for may be known."""
        asked: list[tuple[str, Snapshot | None]] = []
        self._asked = asked
        outcome = mapped()
        self._asked = None
        return Rehearsed(outcome, tuple(asked))

    def confirms(self, rehearsed: Rehearsed) -> bool:
        """Whether the message would give the same now: each snapshot that it asked for is still the one it saw."""
        known = self._known
        return all(known.get(key) is seen for key, seen in rehearsed.asked)

    @property
    def wants(self) -> bool:
        """Whether something was asked for that has to be fetched first."""
        return bool(self._wanted)

    def fetch(self) -> None:
        """Fetch what is wanted. Raises StoreUnavailable, and then still wants it."""
        found = self._fetch(sorted(self._wanted))
        self._known.update((key, found.get(key)) for key in self._wanted)
        self._wanted = set()

    def remember(self, changed: Mapping[str, Snapshot], *, simulated: bool = False) -> None:
        """Take over what a message changed; `simulated`: nothing of it is real."""
        self._known.update(changed)
        self._changed.update((key, Remembered(snapshot, simulated)) for key, snapshot in changed.items())

    def take_changed(self) -> dict[str, Remembered]:
        """What changed since the last call, to be stored."""
        changed, self._changed = self._changed, {}
        return changed

    def evict(self) -> None:
        """Make room, the first remembered first. Only after a flush: what is stored need not stay."""
        excess = len(self._known) - self._limit
        if excess > 0:
            for key in list(self._known)[: excess + self._limit // 10]:
                del self._known[key]
