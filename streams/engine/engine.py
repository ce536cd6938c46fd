"""The main job: events in, frozen flushes out.

`take` folds a batch into the state in memory; `freeze` turns everything since the last flush into
columns. Nothing here writes: `flush.py` does, and only what was frozen.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from metrics.words import DeadLetter, Event, Marker
from streams.cases.case_state import CaseState
from streams.cases.expected import ExpectationChange
from streams.cases.readings import Restatement, Transition
from streams.cases.timers import Timers
from streams.cases.verdicts import VerdictChange
from streams.correlation.correlator import Correlator, Wanted
from streams.correlation.messages import Arrive, CaseKey, CaseMessage, Drop, Enter, Key, Message
from streams.correlation.object_state import ObjectState
from streams.engine.cache import StateCache
from streams.engine.feeds import Feed, Feeds
from streams.engine.insist import insist
from streams.engine.ports import StateStore
from streams.engine.read_cases import Aside, read_cases
from streams.engine.recent import RecentEvents
from streams.engine.waking import Waker

BREATH = 2_000
"""Events, or cases, between two moments at which the loop may do other things, such as letting time pass."""
WAITING_EVENTS = 32
"""An object without a case keeps so many events in memory; the store has them all."""


_FOR_CASES = (Enter, Drop)  # made once: `Enter | Drop` would be built anew at each look
_by_time = attrgetter("time", "sequence")


class Late(NamedTuple):
    case: CaseKey
    event: Event
    case_time: int


class Harvest(NamedTuple):
    """Everything that happened since the last flush."""

    events: list[Event]
    dead_letters: list[DeadLetter]
    markers: list[Marker]
    outbox: list[Message]
    cases: list[CaseState]
    objects: list[ObjectState]
    feeds: list[Feed]
    late: list[Late]
    transitions: list[Transition]
    restatements: list[Restatement]
    expectations: list[ExpectationChange]
    verdicts: list[VerdictChange]
    aside: list[Aside]


class Engine:
    """Correlates, folds and keeps time for the shards of one worker. Not safe for concurrent use."""

    def __init__(
        self,
        correlator: Correlator,
        cache: StateCache,
        store: StateStore,
        feeds: Feeds,
        owns: Callable[[Key], bool] = lambda key: True,
    ) -> None:
        self._correlator = correlator
        self.cache = cache
        self._store = store
        self.feeds = feeds
        self._owns = owns
        self._recent = RecentEvents()
        self._waker = Waker(cache, feeds, self._touch)
        self._unfolded: list[Event] = []
        self._events: list[Event] = []
        self._dead_letters: list[DeadLetter] = []
        self._markers: list[Marker] = []
        self._outbox: list[Message] = []
        self._wanted: list[Wanted] = []
        self._touched_objects: dict[Key, ObjectState] = {}
        self._touched_cases: dict[CaseKey, CaseState] = {}

    @property
    def timers(self) -> Timers:
        """When something of which case falls due."""
        return self._waker.timers

    async def start(self, shards: Iterable[int]) -> int:
        """Load what is open in `shards`; returns how many cases came into memory."""
        cases, waiting = await insist(partial(asyncio.to_thread, self.cache.load, list(shards)), "open cases")
        self._waker.begin(cases, waiting)
        for case in cases:
            if case.stale:  # its definition's version is gone: it goes on under the newest
                self._touched_cases[case.key] = case
        return len(cases)

    async def take(
        self,
        events: Sequence[Event],
        dead_letters: Sequence[DeadLetter] = (),
        markers: Sequence[Marker] = (),
        partition: int = 0,
    ) -> None:
        """Fold in one batch of one partition."""
        self.note(events, dead_letters, markers, partition)
        await self._fold()

    def note(
        self,
        events: Sequence[Event],
        dead_letters: Sequence[DeadLetter] = (),
        markers: Sequence[Marker] = (),
        partition: int = 0,
    ) -> None:
        """Take in one batch of one partition; `harvest` folds it, together with what else came until then."""
        self._dead_letters.extend(dead_letters)
        self._markers.extend(markers)
        self._unfolded.extend(events)
        self.feeds.see(events, partition)
        for marker in markers:
            self.feeds.mark(marker)

    async def _fold(self) -> None:
        """Fold what was noted, in the order of time.

        Partitions are read in turns, each a stretch of time at once: in the order of arrival many of the events
        of a history would be earlier than what their case has already, and each such case be folded again.
        """
        events, self._unfolded = self._unfolded, []
        events.sort(key=_by_time)
        self._events.extend(events)
        queue: deque[Message] = deque()
        for start in range(0, len(events), BREATH):
            for event in events[start : start + BREATH]:
                self._arrive(event, queue)
                if queue:
                    self._drain(queue)
            await asyncio.sleep(0)
        await self.deliver(queue)

    def _arrive(self, event: Event, queue: deque[Message]) -> None:
        """Bring an event to its objects. One in memory is ours and needs no message to itself."""
        objects, follow, roles = self.cache.objects, self._correlator.follow, self._correlator.rules.roles
        for ref in event.objects:
            kind = ref.type
            if not roles[kind].is_member:
                continue
            key = (kind, ref.id)
            state = objects.get(key)
            if state is None and self._owns(key):
                state = self.cache.begin(key)
            if state is None:
                self._post(queue, Arrive(key, event))
                continue
            state.see(event)
            self._touched_objects[key] = state
            for case in state.kept:
                self._enter(queue, case, key, event)
            for message in follow(state, event):
                self._post(queue, message)

    def _enter(self, queue: deque[Message], key: CaseKey, via: Key, event: Event) -> None:
        case = self.cache.cases.get(key)
        if case is None:
            self._post(queue, Enter(key, via, event))
            return
        case.enter(event, via)
        if case.dirty:
            self._touched_cases[key] = case

    async def receive(self, messages: Iterable[Message]) -> None:
        """Handle messages of others. What is not ours (sent when shards were dealt out otherwise) is sent on."""
        ours: deque[Message] = deque()
        for message in messages:
            self._post(ours, message)
        await self.deliver(ours)

    async def deliver(self, queue: deque[Message]) -> None:
        """Handle messages until none is left, looking up in the store what is not in memory."""
        self._drain(queue)
        while self.cache.parked_objects or self.cache.parked_cases or self._wanted:
            queue.extend(await insist(partial(asyncio.to_thread, self.cache.fetch_parked), "state of keys"))
            for message in await insist(partial(asyncio.to_thread, self._fetch_wanted), "events of objects"):
                self._post(queue, message)
            self._drain(queue)

    def _post(self, queue: deque[Message], message: Message) -> None:
        (queue if self._owns(message.target) else self._outbox).append(message)

    def _drain(self, queue: deque[Message]) -> None:
        cache, handle = self.cache, self._correlator.handle
        while queue:
            message = queue.popleft()
            if isinstance(message, _FOR_CASES):
                self._tell_case(message)
                continue
            state = cache.object_for(message)
            if state is None:
                continue
            for answer in handle(state, message):
                if isinstance(answer, Wanted):
                    self._wanted.append(answer)
                elif isinstance(answer, Enter):
                    self._enter(queue, answer.case, answer.via, answer.event)
                else:
                    self._post(queue, answer)
            if state.dirty or state.events:
                self._touched_objects[state.key] = state

    def _tell_case(self, message: CaseMessage) -> None:
        case = self.cache.case_for(message)
        if case is None:
            return
        if isinstance(message, Enter):
            case.enter(message.event, message.via)
        else:
            case.drop(message.member)
        if case.dirty:
            self._touched_cases[case.key] = case

    def _fetch_wanted(self) -> list[Message]:
        wanted = self._wanted
        if not wanted:
            return []
        stored = self._store.events_of_objects(list({want.object for want in wanted}))
        self._wanted = []
        return [
            Enter(want.case, want.object, event)
            for want in wanted
            if (state := self.cache.objects.get(want.object)) is None or want.case in state.kept  # else told: it left
            for event in stored.get(want.object, ())
        ]

    def wake(self) -> int:
        """Let time pass: mark the cases with something due; returns how many."""
        return self._waker.wake()

    async def bring_back(self) -> int:
        """Bring back into memory what falls due soon; returns how many cases."""
        return await self._waker.bring_back()

    def _touch(self, case: CaseState) -> None:
        self._touched_cases[case.key] = case

    async def harvest(self) -> Harvest:
        """Everything since the last flush. The state is settled first: late cases folded again, clocks read."""
        await self._fold()
        self.wake()
        await self._waker.rouse()
        cases = list(self._touched_cases.values())
        late = [Late(case.key, event, time) for case in cases for event, time in case.late]
        await self._refold([case for case in cases if case.stale])
        found = await read_cases(cases, self._present(cases), self._waker.woken, BREATH)
        for case in cases:
            self.timers.set(case)
        harvest = Harvest(
            self._events, self._dead_letters, self._markers, self._outbox, cases,
            list(self._touched_objects.values()), self.feeds.take_dirty(), late, *found,
        )  # fmt: skip
        self._events, self._dead_letters, self._markers, self._outbox = [], [], [], []
        self._touched_cases, self._touched_objects, self._waker.woken = {}, {}, set()
        return harvest

    def _present(self, cases: Sequence[CaseState]) -> dict[str, int]:
        return {feed: self.feeds.now(feed) for feed in {case.fold.feed for case in cases}}

    async def _refold(self, stale: list[CaseState]) -> None:
        if not stale:
            return
        keys = [case.key for case in stale if case.kept is None]
        ask = partial(asyncio.to_thread, self._store.events_of_cases, keys)
        stored = await insist(ask, "events of cases") if keys else {}
        for case in stale:
            case.refold(stored.get(case.key, {}) if case.kept is None else case.kept)

    def release(self, harvest: Harvest) -> None:
        """After the flush: what is in the store need not stay in memory."""
        for case in harvest.cases:
            self._recent.keep(case)
            case.pending, case.withdrawn, case.late = {}, (), ()
            case.dirty = False
        for state in harvest.objects:
            if state.kept or len(state.events) > WAITING_EVENTS:
                state.events = ()
                state.stored = True
            state.dirty = False
        self._recent.trim()
        gone = self.cache.evict()
        self._recent.forget(gone)
        self.timers.let_go(gone)
