"""When a source sends so much that cannot be read that it is better not read at all.

A bad mapping or a broken sender makes every record a dead letter. Over the limit the source is paused:
what it sends goes aside whole, and comes back with a replay once the cause is repaired.
"""

from collections import deque
from typing import NamedTuple

from metrics.words import MINUTE


class Limits(NamedTuple):
    """How much may die. `share` of the last `window` records, judged from `least` records on, and `a_minute`.

    The defaults: one record in two of a thousand is no accident any more (a source with a single bad type
    stays far below), a hundred records are enough to tell, and ten a second fill the list faster than people
    can read it.
    """

    share: float = 0.5
    window: int = 1_000
    least: int = 100
    a_minute: int = 600


class Verdict(NamedTuple):
    """Whether a source is over its limit, and what to tell people."""

    over: bool
    why: str = ""


WITHIN = Verdict(False)
MOST_SOURCES = 10_000
"""Names come from outside: the source unseen for longest is forgotten beyond so many."""


class _Recent:
    """One source's latest records, in chunks as they came: (records, dead) and (time, dead)."""

    __slots__ = ("chunks", "dead", "minute", "minute_dead", "records")

    def __init__(self) -> None:
        self.chunks: deque[tuple[int, int]] = deque()
        self.records = 0
        self.dead = 0
        self.minute: deque[tuple[int, int]] = deque()
        self.minute_dead = 0

    def add(self, records: int, dead: int, now: int, window: int) -> None:
        self.chunks.append((records, dead))
        self.records += records
        self.dead += dead
        while self.records - self.chunks[0][0] >= window:
            gone, gone_dead = self.chunks.popleft()
            self.records -= gone
            self.dead -= gone_dead
        if dead:
            self.minute.append((now, dead))
            self.minute_dead += dead
        while self.minute and self.minute[0][0] <= now - MINUTE:
            self.minute_dead -= self.minute.popleft()[1]


class DeadLetterLimits:
    """Counts by source. Pure: the time is an argument."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008  (immutable)
        self._limits = limits
        self._sources: dict[str, _Recent] = {}

    def observe(self, source: str, ok: int, dead: int, now: int) -> Verdict:
        """Note that `ok` records of a source were read and `dead` were not, at `now` (microseconds).

        The window holds whole observations: it is never shorter than asked, and longer when one is. An
        unknown source ('') is always within: nothing of it could be kept away.
        """
        if not source or ok + dead <= 0:
            return WITHIN
        recent = self._sources.pop(source, None) or _Recent()
        self._sources[source] = recent
        if len(self._sources) > MOST_SOURCES:
            del self._sources[next(iter(self._sources))]
        recent.add(ok + dead, dead, now, self._limits.window)
        return self._judge(recent)

    def forget(self, source: str) -> None:
        """Start again with a source, when it is resumed."""
        self._sources.pop(source, None)

    def _judge(self, recent: _Recent) -> Verdict:
        limits = self._limits
        if recent.minute_dead > limits.a_minute:
            return Verdict(True, f"{recent.minute_dead} dead letters within a minute, the limit is {limits.a_minute}")
        if recent.records >= limits.least and recent.dead > limits.share * recent.records:
            allowed = f"the limit is {limits.share:.0%}"
            return Verdict(True, f"{recent.dead} of the last {recent.records} records could not be read, {allowed}")
        return WITHIN
