"""Supplier onboarding: documents that go missing, checks that run side by side, a vendor record that must spread."""

from dataclasses import dataclass
from random import Random

from metrics.words import DAY, HOUR, MINUTE, SECOND, ObjectRef
from streams.simulator.flaws import DUPLICATE, Flaws
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps
from streams.simulator.strays import BANK_UNCHECKED
from streams.simulator.world import CATEGORIES, Facility

PROCESS = "supplier_onboarding"
JAGGAER, S4, COUPA, BANK = "/jaggaer/prod", "/sap-s4/prod", "/coupa/prod", "/bank/prod"

_A_DAY = 4.6
_CHECKS = 3
_TWICE, _REMEMBERED = 0.06, 40
_MISSING, _REJECTED, _WITHDRAWN, _SYNC_FAILED = 0.28, 0.06, 0.04, 0.08
_DOCUMENTS = ("tax_form", "insurance", "bank_letter")


@dataclass(slots=True)
class Candidate:
    """A supplier to be; `open` counts the checks that are not through."""

    case: Case
    ref: ObjectRef
    attributes: dict[str, str]
    twin: "Candidate | None" = None
    """The same company under an earlier number."""
    requested: int = 0
    documents: tuple[tuple[str, ObjectRef], ...] = ()
    open: int = _CHECKS


class SupplierDesk:
    """Registers suppliers and activates those that pass."""

    def __init__(self, stage: Stage, office: Office, flaws: Flaws) -> None:
        self._stage = stage
        self._office = office
        self._flaws = flaws
        self._known: list[Candidate] = []

    def open(self) -> None:
        """Start the wish for new suppliers at every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._wishes(facility))

    def _wishes(self, facility: Facility) -> Steps:
        rng = Random(f"suppliers/{self._stage.plan.seed}/{facility.id}")
        arrivals = Arrivals(self._stage, self._office, facility, _A_DAY, rng)
        while True:
            yield from arrivals.next()
            case = Case(PROCESS, self._stage.number("S"), facility.id, Random(rng.getrandbits(64)))
            department = self._office.department(facility, rng)
            attributes = {
                "facility": facility.id,
                "department": department.name,
                "category": rng.choice(list(CATEGORIES)),
            }
            candidate = Candidate(case, ObjectRef("supplier", case.id, "subject"), attributes)
            attributes["tax_id"] = self._tax_id(candidate, rng)
            self._stage.start(self._register(candidate))

    def _tax_id(self, candidate: Candidate, rng: Random) -> str:
        """The supplier's tax number; that of an earlier one where somebody asks for the same company once more."""
        if self._known and rng.random() < _TWICE:
            candidate.twin = rng.choice(self._known[-_REMEMBERED:])
            return candidate.twin.attributes["tax_id"]
        self._known.append(candidate)
        return f"{rng.randrange(10, 99)}-{rng.randrange(1_000_000, 9_999_999)}"

    def _register(self, candidate: Candidate) -> Steps:
        stage, rng = self._stage, candidate.case.rng
        stage.join(candidate.ref, [candidate.case])
        yield from self._event(candidate, "supplier.requested.v1", JAGGAER, "requested", via="portal_to_supplier_hub")
        candidate.requested = stage.happened
        self._doubled(candidate)
        done, actor = self._office.serve("supplier_desk", stage.now, spread(rng, 45 * MINUTE, 0.5))
        yield done
        candidate.documents = self._documents(candidate)
        yield from self._ask(candidate, candidate.documents, actor)
        if rng.random() < _WITHDRAWN:
            yield stage.now + spread(rng, 5 * DAY, 0.6)
            yield from self._event(candidate, "supplier.withdrawn.v1", JAGGAER, "withdrawn")
            self._doubled(candidate, stage.happened)
            return
        yield from self._receive(candidate, candidate.documents)
        for check in (self._risk(candidate), self._tax(candidate), self._bank(candidate)):
            stage.start(check)

    def _doubled(self, candidate: Candidate, until: int | None = None) -> None:
        """Tell that a company has two numbers, from the request for the second on."""
        twin = candidate.twin
        if twin is None or not twin.requested:
            return
        since = max(candidate.requested, twin.requested)
        objects = [("supplier", twin.case.id), ("supplier", candidate.case.id)]
        self._flaws.tell(DUPLICATE, objects, [JAGGAER], since, until, field="tax_id")

    def _documents(self, candidate: Candidate) -> tuple[tuple[str, ObjectRef], ...]:
        found = []
        for kind in _DOCUMENTS:
            ref = ObjectRef("supplier_document", self._stage.number("SD"), "subject")
            self._stage.join(ref, [candidate.case])
            found.append((kind, ref))
        return tuple(found)

    def _ask(self, candidate: Candidate, documents: tuple[tuple[str, ObjectRef], ...], actor: str) -> Steps:
        for kind, ref in documents:
            yield self._stage.now + 2 * SECOND + int(candidate.case.rng.random() * MINUTE)
            attributes = {**candidate.attributes, "document_kind": kind}
            objects = (ref, ObjectRef("supplier", candidate.case.id, "supplier"))
            step = Step(
                "supplier.document_requested.v1", JAGGAER, objects, ("documents_requested",), attributes, None, actor
            )
            yield from self._stage.perform(step)

    def _receive(self, candidate: Candidate, documents: tuple[tuple[str, ObjectRef], ...]) -> Steps:
        """The supplier hands everything in at last."""
        yield self._stage.now + spread(candidate.case.rng, 4 * DAY, 0.8, 45 * DAY)
        objects = (*(ref for _, ref in documents), ObjectRef("supplier", candidate.case.id, "supplier"))
        step = Step(
            "supplier.document_received.v1",
            JAGGAER,
            objects,
            ("documents_received",),
            candidate.attributes,
            via="portal_to_supplier_hub",
        )
        yield from self._stage.perform(step)

    def _risk(self, candidate: Candidate) -> Steps:
        stage, rng = self._stage, candidate.case.rng
        hours = self._office.hours[candidate.case.facility]
        yield from stage.wait(hours, spread(rng, 9 * HOUR, 0.7))
        if rng.random() < _MISSING:
            done, actor = self._office.serve("supplier_desk", stage.now, spread(rng, 20 * MINUTE, 0.5))
            yield done
            missing = candidate.documents[: rng.choice((1, 2))]
            yield from self._ask(candidate, missing, actor)
            yield from self._receive(candidate, missing)
        done, actor = self._office.serve("compliance", stage.now, spread(rng, 80 * MINUTE, 0.6))
        yield done
        more = {"risk": rng.choice(("low", "low", "low", "medium", "high"))}
        yield from self._event(candidate, "supplier.risk_reviewed.v1", JAGGAER, "risk_reviewed", actor, more)
        yield from self._checked(candidate)

    def _tax(self, candidate: Candidate) -> Steps:
        yield self._stage.now + spread(candidate.case.rng, HOUR, 0.9)
        yield from self._event(candidate, "supplier.tax_verified.v1", JAGGAER, "tax_verified", via="tax_lookup")
        yield from self._checked(candidate)

    def _bank(self, candidate: Candidate) -> Steps:
        hours = self._office.hours[candidate.case.facility]
        yield from self._stage.wait(hours, spread(candidate.case.rng, 9 * HOUR, 0.8))
        done, actor = self._office.serve("treasury", self._stage.now, spread(candidate.case.rng, 30 * MINUTE, 0.5))
        yield done
        if not self._stage.strays(BANK_UNCHECKED, candidate.ref, [candidate.case]):
            yield from self._event(candidate, "supplier.bank_verified.v1", BANK, "bank_verified", actor)
        yield from self._checked(candidate)

    def _checked(self, candidate: Candidate) -> Steps:
        """One check is through; the last one leads to the decision."""
        candidate.open -= 1
        if candidate.open:
            return
        stage, rng = self._stage, candidate.case.rng
        yield from stage.wait(self._office.hours[candidate.case.facility], spread(rng, 6 * HOUR, 0.8))
        done, actor = self._office.serve("supplier_desk", stage.now, spread(rng, 40 * MINUTE, 0.5))
        yield done
        if rng.random() < _REJECTED:
            more = {"reason": "insurance too low"}
            yield from self._event(candidate, "supplier.rejected.v1", JAGGAER, "rejected", actor, more)
            self._doubled(candidate, stage.happened)
            return
        yield from self._event(candidate, "supplier.approved.v1", JAGGAER, "approved", actor)
        yield from self._activate(candidate)

    def _activate(self, candidate: Candidate) -> Steps:
        stage, rng = self._stage, candidate.case.rng
        contract = ObjectRef("contract", stage.number("CT"), "subject")
        stage.join(contract, [candidate.case])
        yield from stage.wait(self._office.hours[candidate.case.facility], spread(rng, 3 * HOUR, 0.8))
        signed = (contract, ObjectRef("supplier", candidate.case.id, "supplier"))
        terms = {**candidate.attributes, "payment_terms": rng.choice(("NET30", "NET45", "NET60"))}
        yield from stage.perform(Step("contract.signed.v1", COUPA, signed, ("contract_signed",), terms))
        yield stage.now + spread(rng, HOUR, 0.9)
        more = {"system": "sap-s4"}
        yield from self._event(candidate, "supplier.created.v1", S4, "vendor_created", more=more, via="jaggaer_to_s4")
        yield from self._spread(candidate)
        yield from stage.wait(self._office.hours[candidate.case.facility], spread(rng, 2 * HOUR, 0.7))
        active = (candidate.ref, ObjectRef("contract", contract.id, "contract"))
        yield from stage.perform(Step("supplier.activated.v1", S4, active, ("active",), candidate.attributes))

    def _spread(self, candidate: Candidate) -> Steps:
        """The vendor record reaches the procurement system, at the first try or after a repair."""
        stage, rng = self._stage, candidate.case.rng
        more = {"system": "coupa"}
        yield stage.now + spread(rng, 35 * MINUTE, 0.8)
        if rng.random() < _SYNC_FAILED:
            failed = {**more, "reason": "payment terms unknown"}
            yield from self._event(candidate, "supplier.sync_failed.v1", COUPA, "sync_failed", more=failed)
            yield from stage.wait(self._office.hours[candidate.case.facility], spread(rng, 5 * HOUR, 0.6))
        yield from self._event(candidate, "supplier.synced.v1", COUPA, "synced", more=more, via="s4_to_coupa_supplier")

    def _event(
        self,
        candidate: Candidate,
        kind: str,
        source: str,
        milestone: str,
        actor: str = "",
        more: dict[str, str] | None = None,
        via: str = "",
    ) -> Steps:
        attributes = {**candidate.attributes, **more} if more else candidate.attributes
        step = Step(kind, source, (candidate.ref,), (milestone,), attributes, None, actor, via)
        yield from self._stage.perform(step)
