"""What a worker does about sources: divert the paused ones, count the others, pause who is over a limit."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from metrics.words import DeadLetter, Event
from streams.codecs.cloudevents import Record
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.divert import Divert
from streams.dead_letters.limits import DeadLetterLimits
from streams.dead_letters.pauses import Pause
from streams.dead_letters.source_name import source_of


class PauseBook:
    """Which sources are paused, and the count that pauses them. Without I/O: the worker reads and writes the list.

    Not safe for concurrent use.
    """

    def __init__(
        self,
        clock: Callable[[], int],
        limits: DeadLetterLimits | None = None,
        name_of: Callable[[DeadLetter], str] = source_of,
    ) -> None:
        """`name_of`: by which name a dead letter counts, and its source is paused; '' counts for nobody."""
        self._clock = clock
        self._limits = limits or DeadLetterLimits()
        self._name_of = name_of
        self._known: dict[str, Pause] = {}
        self._paused: set[str] = set()
        self._new: list[Pause] = []

    @property
    def paused(self) -> frozenset[str]:
        """The sources that are paused now."""
        return frozenset(self._paused)

    @property
    def names(self) -> Collection[str]:
        """The same as a view that goes along with every change."""
        return self._paused

    def renew(self, stored: Mapping[str, Pause]) -> None:
        """Take the list as the store has it; a pause of our own that is not stored yet stays."""
        waiting = {pause.source for pause in self._new}
        wanted = {name for name, pause in stored.items() if pause.paused} | waiting
        for source in self._paused - wanted:
            self._limits.forget(source)
        self._known = dict(stored)
        self._paused.clear()
        self._paused.update(wanted)

    def take_new(self) -> list[Pause]:
        """Pauses since the last call, to be stored with this flush (`pause_columns`)."""
        new, self._new = self._new, []
        self._known.update((pause.source, pause) for pause in new)
        return new

    def observe(self, read: Mapping[str, int], dead_letters: Sequence[DeadLetter]) -> None:
        """Note how many messages of each source were read, and which could not be."""
        died = Counter([self._name_of(letter) for letter in dead_letters if letter.reason != SOURCE_PAUSED])
        now = self._clock()
        for source in read.keys() | died.keys():
            if source not in self._paused:
                verdict = self._limits.observe(source, read.get(source, 0), died[source], now)
                if verdict.over:
                    self._pause(source, verdict.why, now)

    def _pause(self, source: str, why: str, now: int) -> None:
        known = self._known.get(source)
        self._new.append(Pause(source, known.version + 1 if known else 1, True, "limit", why, now))
        self._paused.add(source)


class SourceGate(PauseBook):
    """Stands behind the codec of events."""

    def __init__(self, clock: Callable[[], int], limits: DeadLetterLimits | None = None) -> None:
        super().__init__(clock, limits)
        self._divert = Divert(self._paused)

    def admit(
        self, events: Sequence[Event], dead_letters: Sequence[DeadLetter], records: Sequence[Record] = ()
    ) -> tuple[Sequence[Event], Sequence[DeadLetter]]:
        """The events that go on and all dead letters. What a source sends after it went over its limit goes aside.

        `records` are those that were decoded, so that what goes aside keeps its record byte for byte.
        """
        kept, dead = self._divert.apply(events, dead_letters, records)
        self.observe(Counter([event.source for event in kept]), dead_letters)
        return kept, dead
