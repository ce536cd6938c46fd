"""A case as a pure fold over its events in total order: milestones, states, clocks' marks, attributes.

The fold knows no deadline and no wall clock: it notes when clocks started, stopped and paused, and
`readings.py` reads them at an instant.
"""

import msgspec

from metrics.closing import OUTCOME
from metrics.words import Event
from streams.cases.by_hand import lift
from streams.cases.conformance import Verdict, judge, note_numbers
from streams.cases.duties import Duties
from streams.cases.plan import Plan, Reach, timed
from streams.correlation.correlator import ALIAS

OrderKey = tuple[int, int, int, str]
"""(time, source rank, sequence, event id): the total order of a case's events."""

BEFORE_ALL: OrderKey = (-(1 << 63), 0, 0, "")
_FNV_PRIME = 0x100000001B3
_MASK = (1 << 64) - 1


def order_key(plan: Plan, event: Event) -> OrderKey:
    return (event.time, plan.rank(event.source), event.sequence, event.id)


class Reached(msgspec.Struct, array_like=True, gc=False):
    """A milestone's occurrences: first and last time in microseconds, and how many."""

    first: int
    last: int
    count: int


class ClockMarks(msgspec.Struct, array_like=True, gc=False):
    """When one clock started, stopped, was cancelled, and stood still ([from, to or None, pause index])."""

    started: int | None = None
    stopped: int | None = None
    cancelled: int | None = None
    pauses: tuple[tuple[int, int | None, int], ...] = ()


class Fold(msgspec.Struct, array_like=True, gc=False):
    """The accumulators of one case. Attribute values are text; `rules` tells by which rules `verdict` came about
    (None: there are none)."""

    last_key: OrderKey = BEFORE_ALL
    events: int = 0
    first_time: int = 0
    first_started: int = 0
    milestones: dict[str, Reached] = {}
    branches: list[str] = []
    state_since: int = 0
    outcome: str = ""
    clocks: list[ClockMarks] = []
    variant: int = 0xCBF29CE484222325
    attributes: dict[str, str] = {}
    amount: str = ""
    currency: str = ""
    feed: str = ""
    simulated: bool = False
    verdict: Verdict | None = None
    rules: int = 0

    @property
    def last_time(self) -> int:
        return self.last_key[0]

    @property
    def state(self) -> str:
        """The end state once closed, else the states of the branches in progress, main line first."""
        if self.outcome:
            return self.outcome
        return " + ".join(dict.fromkeys(state for state in self.branches if state))


def new_fold(plan: Plan) -> Fold:
    definition = plan.definition
    clocks = [ClockMarks() for _ in timed(definition)]
    verdict = Verdict() if definition.conformance.rule_count else None
    return Fold(branches=[""] * len(definition.branches), clocks=clocks, verdict=verdict, rules=plan.rules)


def apply(fold: Fold, plan: Plan, event: Event, key: OrderKey) -> None:
    """Fold in one event; `key` must be greater than `fold.last_key`."""
    time = event.time
    started = time if event.started is None else event.started
    if fold.events == 0:
        fold.first_time, fold.first_started, fold.state_since = time, started, time
    elif started < fold.first_started:
        fold.first_started = started
    fold.events += 1
    fold.last_key = key
    fold.feed = event.feed or event.source
    if event.simulated:
        fold.simulated = True
    code, reaches, duties, conditional = plan.step(event.activity)
    verdict, ended = fold.verdict, fold.outcome != ""
    fold.variant = ((fold.variant ^ code) * _FNV_PRIME) & _MASK
    describe(fold, plan, event)
    if conditional:
        reaches = tuple((reach, None) for reach, where in reaches if where is None or where(event))
        if verdict is not None:
            duties = plan.duties(tuple([reach.name for reach, _ in reaches]))
    for reach, _ in reaches:
        _reach(fold, reach, time)
    if verdict is not None:
        _judge(verdict, plan, event, duties, fold.milestones, ended)


def _judge(
    verdict: Verdict, plan: Plan, event: Event, duties: Duties | None, milestones: dict[str, Reached], ended: bool
) -> None:
    """Hold the event against the rules of conformance."""
    if plan.judged_by:
        for ref in event.objects:
            if ref.qualifier == ALIAS:
                note_numbers(verdict, event, plan.judged_by)
                break
    if duties is not None:
        judge(verdict, event, duties, milestones, ended)


def describe(fold: Fold, plan: Plan, event: Event) -> None:
    """Take over the case attributes and the money that the event declares."""
    told, known = event.attributes, fold.attributes
    if told:
        for name, said, latest in plan.attributes:
            if latest or name not in known:
                value = told.get(said)
                if value is not None:
                    known[name] = value if isinstance(value, str) else str(value)
    amount = event.amount
    if amount is not None and event.objects[0].type == plan.definition.case_type:
        fold.amount, fold.currency = amount.value, amount.currency


def _reach(fold: Fold, reach: Reach, time: int) -> None:
    known = fold.milestones.get(reach.name)
    if known is None:
        fold.milestones[reach.name] = Reached(time, time, 1)
    else:
        known.last = time
        known.count += 1
    if fold.outcome == OUTCOME and reach.outcome != OUTCOME:
        lift(fold.clocks, fold.state_since)
        fold.outcome, fold.state_since = "", time
    if reach.moves_clocks:
        _move_clocks(fold.clocks, reach, time)
        _move_pauses(fold.clocks, reach, time)
    if fold.outcome:
        if not reach.reopens:
            return
        fold.outcome, fold.state_since = "", time
    for branch, state in reach.enters:
        if fold.branches[branch] != state:
            fold.branches[branch] = state
            fold.state_since = time
    if reach.outcome:
        fold.outcome, fold.state_since = reach.outcome, time


def _move_clocks(clocks: list[ClockMarks], reach: Reach, time: int) -> None:
    """Stops come before starts, so that a milestone that ends one lap may begin the next."""
    for index in reach.stops:
        if clocks[index].stopped is None:
            clocks[index].stopped = time
    for index in reach.cancels:
        clock = clocks[index]
        if clock.started is not None and clock.stopped is None and clock.cancelled is None:
            clock.cancelled = time
    for index in reach.starts:
        if clocks[index].started is None:
            clocks[index].started = time
    for index in reach.restarts:
        if clocks[index].stopped is None:
            clocks[index].started, clocks[index].cancelled = time, None


def _move_pauses(clocks: list[ClockMarks], reach: Reach, time: int) -> None:
    for index, pause in reach.closes:
        pauses = clocks[index].pauses
        clocks[index].pauses = tuple((a, time if b is None and p == pause else b, p) for a, b, p in pauses)
    for index, pause in reach.opens:
        if not any(b is None and p == pause for _, b, p in clocks[index].pauses):
            clocks[index].pauses += ((time, None, pause),)
