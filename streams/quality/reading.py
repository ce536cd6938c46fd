"""The reader of events: what each batch proves, and how far its partition is. It keeps nothing that must survive."""

from collections.abc import Iterable, Sequence
from typing import Final

from metrics.quality.facts import EARLIEST, Fact
from metrics.quality.observing import Observer
from metrics.words import Event, Marker
from streams.engine.feeds import NEVER
from streams.quality.messages import Tide

MOST_REMEMBERED: Final = 200_000
"""Earliest facts that were sent already; forgetting them only sends them again."""


class _Stream:
    """One feed in one partition since the last flush."""

    __slots__ = ("newest", "phase", "systems")

    def __init__(self) -> None:
        self.phase = ""
        self.newest = NEVER
        self.systems: set[str] = set()


class Reading:
    """Gathers facts and tides between two flushes."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._facts: list[Fact] = []
        self._streams: dict[tuple[int, str], _Stream] = {}
        self._at_end: set[int] = set()
        self._read: set[int] = set()
        self._sent: dict[tuple[str, ...], tuple[int, str]] = {}

    def read(self, partition: int, events: Sequence[Event], markers: Sequence[Marker], *, at_end: bool) -> None:
        """Take in one batch. `at_end`: nothing lay behind it when it was fetched."""
        facts, observe = self._facts, self._observer.facts
        newest: dict[tuple[str, str], int] = {}
        for event in events:
            key = (event.feed or event.source, event.source)
            if event.time > newest.get(key, NEVER):
                newest[key] = event.time
            if found := observe(event):
                facts += self._news(found)
        for (feed, source), time in newest.items():
            stream = self._stream(partition, feed)
            stream.newest = max(stream.newest, time)
            stream.systems.add(self._observer.system_of_source(source))
        for marker in markers:
            self._stream(partition, marker.feed).phase = marker.kind
        self._read.add(partition)
        self.stands(partition, at_end=at_end)

    def stands(self, partition: int, *, at_end: bool) -> None:
        """Whether everything that was in the partition has been read."""
        self._at_end.add(partition) if at_end else self._at_end.discard(partition)

    def stands_unless_read(self, partition: int) -> None:
        """The partition is read to its end, unless a batch of it said otherwise."""
        if partition not in self._read:
            self.stands(partition, at_end=True)

    def take(self, now: int, *, quietly: bool = False) -> tuple[list[Fact], list[Tide]]:
        """What was gathered; partitions read to their ends are complete up to `now`.

        `quietly`: without news there is nothing to say, not even that time passes. (What a reader says comes back to
        its own process: saying so each time would never end.)
        """
        facts, self._facts = self._facts, []
        if quietly and not facts and not self._streams:
            return [], []
        tides = [
            Tide(partition, feed, stream.phase, stream.newest, tuple(sorted(stream.systems)))
            for (partition, feed), stream in self._streams.items()
        ]
        self._streams = {}
        return facts, tides + [Tide(partition, "", "", now) for partition in sorted(self._at_end)]

    def _stream(self, partition: int, feed: str) -> _Stream:
        return self._streams.setdefault((partition, feed), _Stream())

    def _news(self, facts: Iterable[Fact]) -> Iterable[Fact]:
        """Without the earliest facts that tell nothing earlier than one sent before."""
        for fact in facts:
            if fact.kind in EARLIEST:
                key = (fact.type, fact.id, fact.kind, fact.field, fact.system, fact.value)
                weight = (fact.time, fact.proof)
                if (before := self._sent.get(key)) is not None and before <= weight:
                    continue
                if len(self._sent) >= MOST_REMEMBERED:
                    self._sent.clear()
                self._sent[key] = weight
            yield fact
