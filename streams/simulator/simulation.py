"""Puts the hospital group together: one call makes a run that yields what it sends."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from metrics.words import Event
from streams.simulator.budgets import Budgets
from streams.simulator.change import Mobility
from streams.simulator.chores import start_chores
from streams.simulator.contingent import Agency
from streams.simulator.faults import FaultSchedule, schedule_faults
from streams.simulator.flaws import Flaws
from streams.simulator.guard_truth import GuardTruth
from streams.simulator.misdeeds import Misdeeds
from streams.simulator.nights import Nights
from streams.simulator.offboarding import Offboarding
from streams.simulator.office import Office
from streams.simulator.onboarding import Onboarding
from streams.simulator.outcome import Outcomes
from streams.simulator.payables import Payables
from streams.simulator.plan import SimulationPlan
from streams.simulator.procurement import Procurement
from streams.simulator.products.landscape import load_landscape
from streams.simulator.propagation import Propagation
from streams.simulator.purchasing import Purchasing
from streams.simulator.stage import Called, Output, Stage
from streams.simulator.supplier import SupplierDesk
from streams.simulator.truth import Ledger, Write, discard
from streams.simulator.world import build_world

_TAG_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def run_tag(plan: SimulationPlan) -> str:
    """Four letters that set the business numbers of one run apart from those of every other."""
    digest = sha256(f"{plan.seed}/{plan.anchor}".encode()).digest()
    return "".join(_TAG_LETTERS[byte % len(_TAG_LETTERS)] for byte in digest[:4])


def run_number(plan: SimulationPlan) -> str:
    """Three digits that set the numbers of products apart that have no letters."""
    return f"{int.from_bytes(sha256(f'{plan.anchor}/{plan.seed}'.encode()).digest()[:4]) % 900 + 100}"


class Simulation:
    """One run: first its history, then as much of what follows as is asked for.

    `called`: how Flowglass calls the people of the group, where it makes tokens of their numbers.
    """

    def __init__(self, plan: SimulationPlan, write: Write = discard, called: Called = str) -> None:
        self.plan = plan
        self.faults: FaultSchedule = schedule_faults(plan)
        self.ledger = Ledger(Outcomes(plan.start), write)
        for fault in self.faults.faults:
            write(fault.record())
        world = build_world(plan.seed)
        landscape = load_landscape(run_number(plan), plan.connected) if plan.native else None
        self._stage = Stage(plan, world, self.faults, self.ledger, run_tag(plan), landscape, called)
        for dead in self._stage.silences.feeds:
            write(dead.record())
        office = Office(plan, world)
        flaws = Flaws(self._stage, world, write)
        misdeeds = Misdeeds(plan.seed)
        self._stage.watch = _all(flaws.note, misdeeds.note, GuardTruth(write).note)
        flaws.open()
        payables = Payables(self._stage, office)
        purchasing = Purchasing(self._stage, office, payables, misdeeds)
        Procurement(self._stage, office, purchasing, misdeeds).open()
        offboarding = Offboarding(self._stage, office)
        offboarding.open()
        Onboarding(self._stage, office, flaws, offboarding).open()
        Mobility(self._stage, office).open()
        SupplierDesk(self._stage, office, flaws).open()
        Agency(self._stage, office).open()
        Nights(self._stage, office).open()
        Propagation(self._stage, office).open()
        Budgets(self._stage, world, run_tag(plan)).open()
        start_chores(self._stage)

    def history(self) -> Iterator[Output]:
        """Everything sent up to the anchor, in the order of sending."""
        yield from self._stage.advance(self.plan.anchor)
        yield from self._stage.flush()

    def live(self, until: int) -> Iterator[Output]:
        """What is sent after the anchor, up to `until`; call again with later instants to go on."""
        if not self.ledger.live:
            self.ledger.live = True
            self._stage.start(self._stage.flush_regularly())
        yield from self._stage.advance(until)

    @property
    def now(self) -> int:
        """How far the simulation has come, microseconds UTC."""
        return self._stage.now


def _all(*watchers: Callable[[Event], None]) -> Callable[[Event], None]:
    """All of them are shown what happens."""

    def watch(event: Event) -> None:
        for watcher in watchers:
            watcher(event)

    return watch


def generate(plan: SimulationPlan, write: Write = discard) -> Iterator[Output]:
    """The history of a plan; `write` receives the records of truth that arise on the way."""
    return Simulation(plan, write).history()
