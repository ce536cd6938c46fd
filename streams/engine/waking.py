"""Cases with which something is to happen because time has passed, in memory or not."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from metrics.words import SECOND
from streams.cases.case_state import CaseState
from streams.cases.timers import Timers, Waiting
from streams.correlation.messages import CaseKey
from streams.engine.cache import StateCache
from streams.engine.feeds import Feeds
from streams.engine.insist import insist

AHEAD = 60 * SECOND
"""So long before something of a case falls due it is brought back into memory."""
BACK_AT_ONCE = 1_000
"""So many cases at most are brought back between two flushes, which must not wait for long."""


class Waker:
    """Lets time pass on the clocks of the feeds; `touch` takes note of a case that must be looked at."""

    def __init__(self, cache: StateCache, feeds: Feeds, touch: Callable[[CaseState], None]) -> None:
        self._cache = cache
        self._feeds = feeds
        self._touch = touch
        self.timers = Timers(cache.cases.get)
        self.woken: set[CaseKey] = set()
        self._asleep: set[CaseKey] = set()

    def begin(self, loaded: Sequence[CaseState], waiting: Mapping[str, Waiting]) -> None:
        """Start afresh with the cases in memory, and with when those that are not fall due."""
        self.timers = Timers(self._cache.cases.get)
        self.timers.lay_in(waiting)
        for case in loaded:
            self.timers.set(case)

    def wake(self) -> int:
        """Mark the cases with something due; returns how many."""
        before = len(self.woken) + len(self._asleep)
        for feed in self.timers.feeds:
            for key in self.timers.pop_due(feed, self._feeds.now(feed)):
                case = self._cache.cases.get(key)
                if case is None:
                    self._asleep.add(key)
                elif not case.dirty:
                    self._wake(case)
        return len(self.woken) + len(self._asleep) - before

    async def bring_back(self) -> int:
        """Cases out of memory that fall due soon come back, so that they are not waited for then; returns how many."""
        keys = [
            key
            for feed in self.timers.feeds
            for key in self.timers.pop_absent(feed, self._feeds.now(feed) + AHEAD, BACK_AT_ONCE)
        ]
        await self._fetch(keys, "cases that fall due soon")
        return len(keys)

    async def rouse(self) -> None:
        """Bring the cases that fell due out of memory back; what their timers said may have changed since."""
        await self._fetch(list(self._asleep), "cases that fell due")
        self._asleep.clear()

    async def _fetch(self, keys: Sequence[CaseKey], what: str) -> None:
        if not keys:
            return
        for case in await insist(partial(asyncio.to_thread, self._cache.fetch, keys), what):
            due = case.due is not None and case.due <= self._feeds.now(case.fold.feed)
            if case.stale or (due and not case.dirty):
                self._wake(case)
            else:
                self.timers.set(case)

    def _wake(self, case: CaseState) -> None:
        case.dirty = True
        self.woken.add(case.key)
        self._touch(case)
