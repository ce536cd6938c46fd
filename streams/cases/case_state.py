"""One case in memory: its fold, its members, and what it has seen.

An event after the last applied one folds incrementally. Any other is either a redelivery, known by its
id's hash, or late: then the case asks to be folded again from all its events (`refold`). A case whose fold raises is
set aside (`failure`); it stays stale, so whatever comes for it has it folded again.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import msgspec

from metrics.sla.clock import ClockReading
from metrics.words import Event
from streams.cases.aside import Failure, folded, stripped
from streams.cases.by_hand import passes_by
from streams.cases.conformance import Deviation
from streams.cases.expectation import Expectation
from streams.cases.fold import BEFORE_ALL, Fold, OrderKey, apply, new_fold, order_key
from streams.cases.numbers import numbers_of
from streams.cases.plan import Plan, timed
from streams.correlation.messages import CaseKey, Key

HASHES_KEPT = 256
"""Beyond so many events a case no longer knows all it has seen, and asks the store."""


def hash_of(event_id: str) -> int:
    """64 bits of the id: enough to recognise a redelivery within one case."""
    return int.from_bytes(blake2b(event_id.encode(), digest_size=8).digest(), "big")


class Checkpoint(msgspec.Struct, array_like=True):
    """What a case row carries so that a worker can go on: everything but the events."""

    type: str
    definition_version: int
    revision: int
    fold: Fold
    members: list[Key]
    hashes: list[int]
    hashes_complete: bool
    readings: list[ClockReading | None]
    expected: list[Expectation | None] = []
    aside: str = ""


class CaseState:
    """Mutable state of one case, owned by one worker."""

    __slots__ = (
        "ahead", "armed", "dirty", "due", "expected", "facility", "failure", "fold", "hashes", "hashes_complete",
        "kept", "key", "late", "members", "pending", "plan", "readings", "recount", "revision", "stale", "told",
        "withdrawn",
    )  # fmt: skip

    def __init__(self, key: CaseKey, plan: Plan) -> None:
        self.key = key
        self.plan = plan
        self.fold: Fold = new_fold(plan)
        self.members: set[Key] = set()
        self.hashes: list[int] = []
        self.hashes_complete = True
        self.pending: dict[str, Event] = {}
        self.kept: dict[str, Event] | None = {}  # all its events that are stored; None: not all of them are here
        self.withdrawn: tuple[Event, ...] = ()
        self.late: tuple[tuple[Event, int], ...] = ()
        self.ahead: OrderKey = BEFORE_ALL  # of the newest event noted since the case went stale
        self.readings: list[ClockReading | None] = [None] * len(plan.definition.slas)
        self.expected: list[Expectation | None] = [None] * len(plan.definition.expects)
        self.recount = False
        self.facility = ""
        self.revision = 0
        self.due: int | None = None
        self.armed: tuple[str, int] | None = None
        self.stale = False
        self.dirty = False
        self.told: tuple[Deviation, ...] = ()
        self.failure: Failure | None = None

    def enter(self, event: Event, via: Key) -> None:
        """Take in an event of the member `via`, unless it is none of the process's business.

        Repeating it is harmless.
        """
        plan = self.plan
        if event.type in plan.passing and passes_by(event, self.key):
            return
        if via not in self.members:
            self.members.add(via)
            self.dirty = True
        if self.pending.get(event.id) is event:
            return  # most events name two members of the case and come through both
        key = order_key(plan, event)
        last_key = self.fold.last_key
        if key > last_key and not self.stale:
            self._note(event)
            try:
                apply(self.fold, plan, event, key)
            except Exception:  # whatever it was: folded again from all events it raises once more, and is told then
                self.stale = True
                return
            verdict = self.fold.verdict
            if verdict is not None and verdict.doubtful:
                self.stale = True
            return
        if key == last_key or event.id in self.pending or hash_of(event.id) in self.hashes:
            if self.failure is not None:
                self.dirty = True  # it comes again because somebody has mended something
            return
        self._count_if_late(event, key)
        self._note(event)
        self.stale = True

    def _count_if_late(self, event: Event, key: OrderKey) -> None:
        """Late is what comes after a later event of the case, one that waits to be folded as much as one that is."""
        newest = max(self.fold.last_key, self.ahead)
        if key > newest:
            self.ahead = key
        elif self.hashes_complete:
            self.late += ((event, newest[0]),)

    def drop(self, member: Key) -> None:
        """The object no longer belongs here: its events go, unless another member brought them too."""
        if member in self.members:
            self.members.discard(member)
            self.stale = self.dirty = True

    def _note(self, event: Event) -> None:
        self.pending[event.id] = event
        self.dirty = True
        hashes = self.hashes
        hashes.append(hash_of(event.id))
        if len(hashes) > HASHES_KEPT:
            del hashes[0]
            self.hashes_complete = False

    def refold(self, stored: Mapping[str, Event]) -> None:
        """Fold from scratch: the case's events in the store and those not yet flushed."""
        plan = self.plan
        belonging, leaving = self._sift({**stored, **self.pending}.values())
        ordered = sorted(((order_key(plan, event), event) for event in belonging), key=lambda pair: pair[0])
        fold = new_fold(plan)
        if fold.verdict is not None and plan.judged_by:
            fold.verdict.numbers = numbers_of((event for _, event in ordered), plan.judged_by)
        self.fold, self.failure = folded(plan, fold, ordered)
        self.withdrawn += tuple(leaving)
        for event in leaving:
            self.pending.pop(event.id, None)
        self.hashes = [hash_of(event.id) for _, event in ordered[-HASHES_KEPT:]]
        self.hashes_complete = len(ordered) <= HASHES_KEPT
        self.revision += 1
        self.recount = True
        self.stale = False
        self.ahead = BEFORE_ALL
        self.dirty = True
        if self.failure is not None:
            self._conclude_nothing()

    def set_aside(self, failure: Failure) -> None:
        """Its clocks cannot be read: nothing is concluded until it is folded again."""
        self.failure, self.fold = failure, stripped(self.plan, self.fold)
        self._conclude_nothing()

    def _conclude_nothing(self) -> None:
        self.readings = [None] * len(self.plan.definition.slas)
        self.expected = [None] * len(self.plan.definition.expects)
        self.due, self.facility, self.stale = None, "", True

    def _sift(self, events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
        belonging: list[Event] = []
        leaving: list[Event] = []
        for event in events:
            named = any((ref.type, ref.id) in self.members for ref in event.objects)
            (belonging if named else leaving).append(event)
        return belonging, leaving

    def checkpoint(self) -> Checkpoint:
        definition = self.plan.definition
        return Checkpoint(
            self.key.type, definition.version, self.revision, self.fold,
            sorted(self.members), self.hashes, self.hashes_complete, self.readings, self.expected,
            "" if self.failure is None else self.failure.why,
        )  # fmt: skip

    @classmethod
    def restore(cls, key: CaseKey, plan: Plan, saved: Checkpoint) -> "CaseState":
        """A case as it was last flushed; set aside, or under another plan than the one it was folded by, it must be
        folded again."""
        state = cls(key, plan)
        state.kept = None
        state.members = set(saved.members)
        state.hashes = saved.hashes
        state.hashes_complete = saved.hashes_complete
        state.told = saved.fold.verdict.deviations if saved.fold.verdict else ()
        state.revision = saved.revision
        definition = plan.definition
        counted = (len(saved.readings), len(saved.expected), len(saved.fold.clocks), saved.fold.rules)
        expected = (len(definition.slas), len(definition.expects), len(timed(definition)), plan.rules)
        if saved.definition_version != definition.version or counted != expected or saved.aside:
            state.stale = state.dirty = True
            state.failure = Failure(None, saved.aside) if saved.aside else None
            return state
        state.fold = saved.fold
        state.readings = saved.readings
        state.expected = saved.expected
        state.facility = saved.fold.attributes.get("facility", "")
        return state
