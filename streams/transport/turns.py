"""Whose turn it is while there is a backlog: topics that matter more are handed on first, and none is starved.

Weighted fair queueing: handing on costs a topic records / weight, and the topic that has paid least is next. While no
topic is more than a batch behind, everything is handed on as it comes, and this costs a few subtractions a fetch.
When an urgent topic has been read to its end, those with less weight wait until what was read of it is committed: it
is in the store before they make a flush long.
"""

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Final

from faust.types import TP

Behind = Callable[[TP], int | None]
"""Records of a partition that were not handed on; None: the broker has not told yet."""
Handed = Mapping[TP, tuple[int, int]]
"""What a fetch gave, by partition: records and the last offset."""

LOOK_SECONDS: Final = 1.0
"""So long at most a new assignment waits until the broker has told how long each partition is."""
FETCH_SECONDS: Final = 0.25
"""So long a turn waits for its first record; then it is the next one's."""
HOLD_SECONDS, BETWEEN_SECONDS = 1.0, 3.0
"""How long at most the others wait for the commit of urgent records, and how often: these may come all the time."""


class Turns:
    """Chooses partitions for one consumer. `weights`: share by topic; a topic without one always has its turn."""

    def __init__(self, weights: Mapping[str, int], heavy: int, clock: Callable[[], float] = monotonic) -> None:
        """`heavy`: so many records make a topic wait for others."""
        self._weights = weights
        self._most = heavy
        self._clock = clock
        self.begin(())

    def begin(self, partitions: Iterable[TP]) -> None:
        """A new assignment."""
        self._partitions = tuple(tp for tp in partitions if tp.topic in self._weights)
        self._known = len(self._weights) < 2 or not self._partitions
        self._looking: float | None = None
        self._calm()

    def _calm(self) -> None:
        self._heavy: frozenset[str] = frozenset()
        self._paid: dict[str, float] = {}
        self._turn = ""
        self._turn_began: float | None = None
        self._ahead: dict[TP, int] = {}  # the offsets of what was handed on and is not committed
        self._awaited: dict[TP, int] = {}  # those that the less urgent wait for
        self._held_at: float | None = None

    def choose(self, ready: set[TP], behind: Behind) -> set[TP]:
        """Those of `ready` that may be handed on now."""
        if len(self._weights) < 2:
            return ready
        if not self._looked(behind):
            return set()
        waiting = self._waiting(behind)
        heavy = frozenset(topic for topic, records in waiting.items() if records > self._most)
        if not heavy:
            if self._heavy:
                self._calm()
            return ready
        self._heavy = heavy
        self._give_turn(waiting, {tp.topic for tp in ready if behind(tp)})
        held = self._held()
        if self._turn in held:
            self._turn_began = None
        shut = (heavy - {self._turn}) | held
        return {tp for tp in ready if tp.topic not in shut}

    def took(self, handed: Handed, behind: Behind) -> frozenset[str]:
        """These are handed on; returns the topics for which others wait from now on: they should be stored soon."""
        if not self._heavy:
            return frozenset()
        for tp, (records, last_offset) in handed.items():
            if tp.topic in self._weights:
                self._pay(tp.topic, records)
                self._ahead[tp] = last_offset + 1
        self._turn_began = None
        waiting, lightest = self._waiting(behind), min(self._weights[topic] for topic in self._heavy)
        read = {tp.topic for tp in handed if tp.topic not in waiting and self._weights.get(tp.topic, 0) > lightest}
        if not read or (self._held_at is not None and self._clock() - self._held_at < BETWEEN_SECONDS):
            return frozenset()
        self._held_at = self._clock()
        self._awaited = {tp: offset for tp, offset in self._ahead.items() if tp.topic in read}
        return frozenset(read)

    def committed(self, offsets: Mapping[TP, int]) -> None:
        """So far the partitions are in the store."""
        for tp, offset in offsets.items():
            for waited in (self._ahead, self._awaited):
                if waited.get(tp, offset + 1) <= offset:
                    del waited[tp]

    def _looked(self, behind: Behind) -> bool:
        if not self._known:
            now = self._clock()
            self._looking = now if self._looking is None else self._looking
            told = all(behind(tp) is not None for tp in self._partitions)
            self._known = told or now - self._looking >= LOOK_SECONDS
        return self._known

    def _waiting(self, behind: Behind) -> dict[str, int]:
        found: dict[str, int] = {}
        for tp in self._partitions:
            if records := behind(tp):
                found[tp.topic] = found.get(tp.topic, 0) + records
        return found

    def _give_turn(self, waiting: Mapping[str, int], with_room: set[str]) -> None:
        """The topic that has paid least is next; one of which nothing comes although it has room loses its turn."""
        level = min((self._paid[topic] for topic in waiting if topic in self._paid), default=0.0)
        for topic in waiting:
            self._paid[topic] = max(self._paid.get(topic, level), 0.0)
        for topic in self._paid.keys() - waiting.keys():
            del self._paid[topic]
        now = self._clock()
        if self._turn_began is not None and self._turn in waiting and now - self._turn_began >= FETCH_SECONDS:
            self._pay(self._turn, self._most)
            self._turn_began = None
        turn = min(waiting, key=lambda topic: (self._paid[topic], -self._weights[topic]))
        if turn != self._turn or self._turn_began is None:
            self._turn, self._turn_began = turn, now
        if turn not in with_room:
            self._turn_began = None  # the worker has its hands full of it

    def _pay(self, topic: str, records: int) -> None:
        self._paid[topic] = self._paid.get(topic, 0.0) + records / self._weights[topic]

    def _held(self) -> frozenset[str]:
        """The topics that wait for the commit of urgent records."""
        if self._held_at is None or self._clock() - self._held_at >= HOLD_SECONDS:
            return frozenset()
        urgent = max((self._weights[tp.topic] for tp in self._awaited), default=0)
        return frozenset(topic for topic in self._heavy if self._weights[topic] < urgent)
