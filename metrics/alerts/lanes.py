"""One lane a receiver: messages in their order, each sent until it is taken. A slow receiver holds up no other.

Before each attempt the lane has it proven that this evaluator is still the owner; without proof nothing is sent.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import structlog

from metrics.alerts.notifiers.port import Answer, Delivered, Notifier, Refused, Retry, StateNotifier
from metrics.alerts.state import MessageState, Queued
from metrics.alerts.words import Told
from metrics.store.errors import StoreError
from metrics.words import SECOND

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 12.0
"""Seconds between attempts, doubled each time: a receiver that is back has everything within half a minute."""
IDLE = 3600.0

Proof = Callable[[], bool]
Steady = Callable[[], float]


class Settled(NamedTuple):
    """What became of an attempt. `state` queued: it failed, and is tried again."""

    queued: Queued
    state: MessageState
    error: str = ""


Report = Callable[[Settled], None]


class Lane(Protocol):
    """Sends to one receiver. Only one thread calls `step`; any may call `put` and `clear`."""

    def put(self, messages: Iterable[Queued], /) -> None: ...
    def clear(self) -> None: ...
    def step(self) -> float:
        """Attempt what is due; the seconds until there may be more to do."""
        ...

    @property
    def waiting(self) -> int: ...


class Pacing:
    """When to try again."""

    def __init__(self, steady: Steady) -> None:
        self._steady = steady
        self._pause = 0.0
        self._not_before = 0.0

    @property
    def wait(self) -> float:
        """Seconds until an attempt may be made; at most 0 when it may."""
        return self._not_before - self._steady()

    def failed(self, at_least: float = 0.0) -> None:
        self._pause = min(max(FIRST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
        self._not_before = self._steady() + max(self._pause, at_least)

    def succeeded(self) -> None:
        self._pause = self._not_before = 0.0


class MessageLane:
    """Messages one by one."""

    def __init__(self, name: str, notifier: Notifier, proves: Proof, report: Report, steady: Steady) -> None:
        self._name = name
        self._notifier = notifier
        self._proves = proves
        self._report = report
        self._queue: deque[Queued] = deque()
        self._pacing = Pacing(steady)

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def put(self, messages: Iterable[Queued]) -> None:
        self._queue.extend(messages)

    def clear(self) -> None:
        self._queue.clear()

    def step(self) -> float:
        if not self._queue:
            return IDLE
        if (wait := self._pacing.wait) > 0:
            return wait
        if not proven(self._proves):
            return FIRST_PAUSE
        try:
            queued = self._queue[0]
        except IndexError:  # cleared meanwhile
            return IDLE
        answer = self._notifier.send(queued.message)
        tried = queued._replace(attempts=queued.attempts + 1)
        if isinstance(answer, Retry):
            self._again(queued, tried, answer)
        else:
            self._settle(queued, tried, answer)
        return max(0.0, self._pacing.wait)

    def _again(self, queued: Queued, tried: Queued, answer: Retry) -> None:
        self._pacing.failed(answer.after)
        log.warning("an alert could not be delivered; trying again", receiver=self._name, reason=answer.reason)
        if self._queue and self._queue[0] is queued:
            self._queue[0] = tried
        if tried.attempts == 1:
            self._report(Settled(tried, "queued", answer.reason))

    def _settle(self, queued: Queued, tried: Queued, answer: Delivered | Refused) -> None:
        self._pacing.succeeded()
        if self._queue and self._queue[0] is queued:
            self._queue.popleft()
        if isinstance(answer, Refused):
            log.error("an alert was refused for good", receiver=self._name, reason=answer.reason)
            self._report(Settled(tried, "refused", answer.reason))
        else:
            self._report(Settled(tried, "delivered"))


class StateLane:
    """The state of all alerts at once, again and again; messages are delivered with the first post after them."""

    def __init__(
        self,
        name: str,
        notifier: StateNotifier,
        proves: Proof,
        report: Report,
        steady: Steady,
        clock: Callable[[], int],
    ) -> None:
        self._name = name
        self._notifier = notifier
        self._proves = proves
        self._report = report
        self._steady = steady
        self._clock = clock
        self._lock = threading.Lock()
        self._queue: list[Queued] = []
        self._states: dict[str, Told] = {}
        self._next_post = 0.0
        self._pacing = Pacing(steady)

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def put(self, messages: Iterable[Queued]) -> None:
        with self._lock:
            self._queue += messages

    def clear(self) -> None:
        with self._lock:
            self._queue, self._states = [], {}

    def show(self, states: Iterable[Told]) -> None:
        """The alerts as they stand now: those that fire, and those resolved lately."""
        with self._lock:
            self._states = {one.id: one for one in states}

    def step(self) -> float:
        with self._lock:
            queue, states = tuple(self._queue), self._with_queued()
        if not states:
            return IDLE
        wait = max(self._pacing.wait, 0.0 if queue else self._next_post - self._steady())
        if wait > 0:
            return wait
        if not proven(self._proves):
            return FIRST_PAUSE
        self._judge(queue, self._notifier.post(states, self._clock()))
        return max(0.0, self._pacing.wait)

    def _with_queued(self) -> list[Told]:
        """What is shown now, and what only a message that waits knows of."""
        found = {one.id: one for queued in self._queue for one in queued.message.alerts}
        return list((found | self._states).values())

    def _judge(self, queue: Sequence[Queued], answer: Answer) -> None:
        tried = [one._replace(attempts=one.attempts + 1) for one in queue]
        if isinstance(answer, Delivered):
            self._pacing.succeeded()
            self._next_post = self._steady() + self._notifier.resend / SECOND
            with self._lock:
                self._queue = [one for one in self._queue if not any(one is sent for sent in queue)]
            for one in tried:
                self._report(Settled(one, "delivered"))
            return
        # One alert that Alertmanager refuses must not hold the others up for ever; nothing is dropped for it either.
        self._pacing.failed(answer.after if isinstance(answer, Retry) else LONGEST_PAUSE)
        log.warning("alerts could not be delivered; trying again", receiver=self._name, reason=answer.reason)
        with self._lock:
            after = {id(old): new for old, new in zip(queue, tried, strict=True)}
            self._queue = [after.get(id(one), one) for one in self._queue]
        for one in tried:
            if one.attempts == 1:
                self._report(Settled(one, "queued", answer.reason))


def proven(proves: Proof) -> bool:
    """Whether this evaluator is the owner; a store that is away proves nothing."""
    try:
        return proves()
    except StoreError:
        return False


class Lanes:
    """All lanes, each in a thread of its own."""

    def __init__(self, lanes: Mapping[str, MessageLane | StateLane]) -> None:
        self._lanes = lanes
        self._stopping = threading.Event()
        self._wakers = {name: threading.Event() for name in lanes}
        self._threads = [
            threading.Thread(target=self._run, args=(name, lane), name=f"lane-{name}", daemon=True)
            for name, lane in lanes.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def put(self, messages: Iterable[Queued]) -> None:
        """Hand messages to their receivers; one that is not declared any more keeps its messages in the store."""
        by_name: dict[str, list[Queued]] = {}
        for one in messages:
            by_name.setdefault(one.message.receiver, []).append(one)
        for name in by_name.keys() & self._lanes.keys():
            self._lanes[name].put(by_name[name])
            self._wakers[name].set()

    def show(self, name: str, states: Iterable[Told]) -> None:
        lane = self._lanes[name]
        if isinstance(lane, StateLane):
            lane.show(states)
            self._wakers[name].set()

    @property
    def stateful(self) -> tuple[str, ...]:
        return tuple(name for name, lane in self._lanes.items() if isinstance(lane, StateLane))

    def waiting(self) -> dict[str, int]:
        return {name: lane.waiting for name, lane in self._lanes.items()}

    def clear(self) -> None:
        """Forget everything: somebody else is the owner now, and the store keeps what waits."""
        for lane in self._lanes.values():
            lane.clear()

    def stop(self, patience: float) -> None:
        """Let attempts that are under way end, for `patience` seconds together."""
        self._stopping.set()
        for waker in self._wakers.values():
            waker.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(patience / max(1, len(self._threads)))

    def _run(self, name: str, lane: MessageLane | StateLane) -> None:
        waker = self._wakers[name]
        while not self._stopping.is_set():
            waker.clear()
            try:
                wait = lane.step()
            except Exception:  # a fault of ours in one lane must not end it: what waits would wait for ever
                log.exception("a lane failed", receiver=name)
                wait = LONGEST_PAUSE
            if wait > 0 and not self._stopping.is_set():
                waker.wait(wait)
