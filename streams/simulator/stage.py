"""The stage: simulated time, the heap of what happens next, and the one way a step becomes an event."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from random import Random

from metrics.words import SECOND, Event, ObjectRef
from streams.simulator.carriers import Carrier, derived_trace_id, draw_carrier
from streams.simulator.clockwork import OfficeHours, moment
from streams.simulator.delivery import Courier
from streams.simulator.faults import (
    DUPLICATE_SENDER,
    EXPIRED_CREDENTIAL,
    LATE_BATCH,
    MAPPING_ERROR,
    OUTAGE,
    SLOW_QUEUE,
    Fault,
    FaultSchedule,
)
from streams.simulator.interfaces import INTERFACES, Delivery, Interface, deliver, redelivery_delay
from streams.simulator.plan import FEED, SimulationPlan
from streams.simulator.processes import PEOPLE, concerns
from streams.simulator.products.dialect import Native
from streams.simulator.products.landscape import Landscape, Telling
from streams.simulator.silences import Silences
from streams.simulator.step import Case, Step, Steps
from streams.simulator.step_trace import StepTrace
from streams.simulator.strays import Stray, Strays
from streams.simulator.tracing import SeededIds, SpanBatch, SpanRecorder
from streams.simulator.truth import Ledger
from streams.simulator.world import World


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery of an event in the dialect of its product; `facility` keeps what belongs together in order."""

    event: Event
    messages: tuple[Native, ...]
    facility: str


Called = Callable[[str], str]
"""How Flowglass calls a person of a number: by the number itself, or by a token."""
Output = Event | Told | SpanBatch
_FORCED = {OUTAGE: 504, EXPIRED_CREDENTIAL: 401}
_LOST_SHARE = 0.4
_LIVE_FLUSH = 5 * SECOND


class Stage:
    """One run of the simulation, advanced by whoever wants its output."""

    def __init__(
        self,
        plan: SimulationPlan,
        world: World,
        faults: FaultSchedule,
        ledger: Ledger,
        tag: str,
        landscape: Landscape | None = None,
        called: Called = str,
    ) -> None:
        self.plan = plan
        self.world = world
        self.now = plan.start
        self.rng = Random(f"stage/{plan.seed}/{plan.anchor}")
        self.ledger = ledger
        self.silences = Silences(plan)
        self._strays = Strays(plan.seed, ledger.stray)
        self._tag = tag
        self._faults = faults
        self._ready: list[Output] = []
        ids = SeededIds(f"spans/{plan.seed}/{plan.anchor}")
        self._recorder = SpanRecorder(ids, plan.span_partitions, plan.spans_per_message, self._ready.append)
        self._courier = Courier(plan, Random(f"delivery/{plan.seed}/{plan.anchor}"))
        self._landscape = landscape
        self._called = called
        self.happened = plan.start
        """When the last event happened, as its system tells it."""
        self.watch: Callable[[Event], None] = _ignore
        """Is shown each event as it happens."""
        self._heap: list[tuple[int, int, Steps | Event | Told]] = []
        self._order = count()
        self._numbers: dict[str, Iterator[int]] = {}
        self._events = count(1)
        self._members: dict[tuple[str, str], tuple[Case, ...]] = {}

    def number(self, prefix: str, kind: str = "", facility: str = "", **parts: str) -> str:
        """The next business number of a kind, unlike any of another run.

        `kind`: the object's type, where the product at `facility` gives numbers of its own, perhaps made of `parts`.
        """
        n = next(self._numbers.setdefault(prefix, count(1)))
        own = self._landscape.number(facility, kind, n, **parts) if self._landscape and kind else ""
        return own or f"{prefix}-{self._tag}-{n:06d}"

    @property
    def year(self) -> str:
        """The year in which it is, in UTC: the fiscal year of documents."""
        return str(moment(self.now).year)

    def start(self, steps: Steps, at: int | None = None) -> None:
        """Let `steps` begin at `at` (default: now)."""
        heappush(self._heap, (self.now if at is None else at, next(self._order), steps))

    def strays(self, stray: Stray, document: ObjectRef, cases: Sequence[Case]) -> bool:
        """Whether a document departs from the declared way here, on purpose."""
        return self._strays.befalls(stray, document.id, cases, self.now)

    def join(self, ref: ObjectRef, cases: Sequence[Case]) -> None:
        """Say to which cases a new object belongs; it never changes."""
        self._members[ref.type, ref.id] = tuple(cases)
        self.ledger.member(ref, cases)

    def advance(self, until: int) -> Iterator[Output]:
        """Everything sent until `until`, in the order of sending."""
        heap, ready = self._heap, self._ready
        while heap and heap[0][0] <= until:
            self.now, _, item = heappop(heap)
            if isinstance(item, Event | Told):
                ready.append(item)
            else:
                resume = next(item, None)
                if resume is not None:
                    heappush(heap, (max(resume, self.now), next(self._order), item))
            if ready:
                yield from ready
                ready.clear()
        self.now = max(self.now, until)

    def flush(self) -> Iterator[Output]:
        """The spans that wait for a full message."""
        self._recorder.flush()
        yield from self._ready
        self._ready.clear()

    def flush_regularly(self) -> Steps:
        """Hand on spans every few seconds: live, nobody wants to wait for a full message."""
        while True:
            yield self.now + _LIVE_FLUSH
            self._recorder.flush()

    def wait(self, hours: OfficeHours, work: int) -> Steps:
        """Let `work` of opening time pass."""
        yield hours.after(self.now, work)

    def perform(self, step: Step) -> Steps:
        """Bring the step's message over its interface, however long that takes, then let it happen."""
        cases = self._cases(step)
        if not step.via:
            yield from self._awaken(step)
            self._happen(step, cases, None)
            return
        key = step.key or step.objects[0]
        carrier = draw_carrier(self.plan.carriers, self.rng, key, step.objects)
        trace_id = self._derived(cases[0]) if carrier.derived and cases else None
        trace = StepTrace(self._recorder, INTERFACES[step.via], carrier, trace_id, self.now)
        self.ledger.trace_begins(trace, carrier, key, cases)
        began = self.now
        fault = yield from self._travel(INTERFACES[step.via], trace)
        if fault is not None:
            self.ledger.effect(fault, step.type, cases, self.now - began)
        yield from self._awaken(step)
        self._happen(step, cases, trace if carrier.on_event else None)
        self.ledger.trace_ends(trace)

    def _awaken(self, step: Step) -> Steps:
        """Wait until the step's system is there; another silence may have begun meanwhile."""
        while (back := self.silences.back(step.source, self.now, self.rng)) is not None:
            yield back

    def announce(self, event: Event) -> None:
        """Send an event that is no part of the play: with its own number, in time, and once."""
        told = self._landscape.tell(event) if self._landscape else Telling(event)
        facility = str(event.attributes["facility"])
        self._ready.append(Told(told.event, told.messages, facility) if told.messages else told.event)

    def trace_alone(self, interface: Interface, carrier: Carrier, delivery: Delivery) -> None:
        """Record the trace of a call that serves no case."""
        trace = StepTrace(self._recorder, interface, carrier, None, delivery.start)
        trace.delivered(delivery)
        self.ledger.trace_alone(trace, carrier)

    def _travel(self, interface: Interface, trace: StepTrace) -> Generator[int, None, Fault | None]:
        """Deliver until one delivery succeeds; the fault that held it up or that its sender has, if any."""
        failures = 0
        hit: Fault | None = None
        while True:
            fault = self._faults.active(interface.name, self.now)
            hit = fault or hit
            kind = fault.kind if fault else ""
            if fault and kind == SLOW_QUEUE:
                yield self.now + int(fault.delay * self.rng.uniform(0.3, 1.0))
            if fault and kind == MAPPING_ERROR and self.rng.random() < _LOST_SHARE:
                trace.lost(self.now, "no mapping for unit of measure")
                yield fault.end + int(self.rng.uniform(0.5, 4.0) * 3600 * SECOND)
                continue
            delivery = deliver(interface, self.now, self.rng, _FORCED.get(kind, 0))
            yield delivery.end
            trace.delivered(delivery)
            if delivery.succeeded:
                return hit
            failures += 1
            yield self.now + redelivery_delay(failures, self.rng)

    def _derived(self, case: Case) -> int:
        """The trace id that is computed from a case, whose number may be a token by the time it is looked for."""
        return derived_trace_id(case.process, self._called(case.id) if case.process in PEOPLE else case.id)

    def _cases(self, step: Step) -> tuple[Case, ...]:
        """The cases of all objects named, each once."""
        found: dict[tuple[str, str], Case] = {}
        for ref in step.objects:
            for case in self._members.get((ref.type, ref.id), ()):
                if concerns(case, step):
                    found[case.process, case.id] = case
        return tuple(found.values())

    def _happen(self, step: Step, cases: Sequence[Case], trace: StepTrace | None) -> None:
        event = self._event(step, trace)
        self.ledger.event(event, cases, step)
        self.happened = event.time
        self.watch(event)
        told = self._landscape.tell(event) if self._landscape else Telling(event)
        fault = self._faults.active(step.via, self.now) if step.via else None
        late = fault.end if fault and fault.kind == LATE_BATCH else 0
        twice = fault is not None and fault.kind == DUPLICATE_SENDER
        for at, copy in self._courier.deliveries(told.event, late, twice, ordered=told.ordered):
            output = Told(copy, told.messages, str(event.attributes["facility"])) if told.messages else copy
            if at <= self.now:
                self._ready.append(output)
            else:
                heappush(self._heap, (at, next(self._order), output))

    def _event(self, step: Step, trace: StepTrace | None) -> Event:
        number = next(self._events)
        subject = step.objects[0]
        grain = self._landscape.grain(str(step.attributes["facility"]), step.type) if self._landscape else 1
        return Event(
            id=f"sim-{self._tag}-{number:07d}",
            type=step.type,
            activity=step.type,
            time=self.now - self.now % grain,
            source=step.source,
            objects=step.objects,
            origin="",
            position=0,
            subject=f"{subject.type}/{subject.id}",
            feed=FEED,
            sequence=number,
            recorded=self.now,
            attributes=dict(step.attributes),
            amount=step.amount,
            actor=step.actor,
            trace_id=f"{trace.context.trace_id:032x}" if trace else "",
            span_id=f"{trace.context.span_id:016x}" if trace else "",
            trace_source="traceparent" if trace else "",
            simulated=True,
        )


def _ignore(_event: Event) -> None:
    """Nobody watches."""
