"""Invoices and payments: matching, exceptions that wait for the supplier, and the daily payment run."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.clockwork import OfficeHours
from streams.simulator.office import Office, spread
from streams.simulator.processes import DISPUTES
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps, money
from streams.simulator.strays import UNANSWERED
from streams.simulator.world import Supplier

S4 = "/sap-s4/prod"
BANK = "/bank/prod"
_COLLECTIVE, _SPLIT, _ASKED, _REJECTED, _RETURNED = 0.20, 0.06, 0.62, 0.05, 0.006
_REASONS = ("price differs", "quantity differs", "no receipt", "tax code", "unknown order line")


@dataclass(frozen=True, slots=True)
class Order:
    """A delivered (or coming) purchase order with the cases it serves; `cents` in US cents."""

    ref: ObjectRef
    cases: tuple[Case, ...]
    supplier: Supplier
    attributes: Mapping[str, Any]
    cents: int
    rng: Random

    @property
    def sold_by(self) -> ObjectRef:
        """The supplier, as an object that events on the order name; it belongs to no case."""
        return ObjectRef("supplier", self.supplier.id, "supplier")


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice over one or more orders of a supplier."""

    ref: ObjectRef
    orders: tuple[Order, ...]
    attributes: Mapping[str, Any]
    cents: int
    rng: Random
    dispute: Case | None
    """The case of its exception, if it is going to have one."""

    @property
    def cases(self) -> tuple[Case, ...]:
        """Those of the orders it bills, and its own."""
        served = dict.fromkeys(case for order in self.orders for case in order.cases)
        return tuple(served) if self.dispute is None else (*served, self.dispute)


class Payables:
    """Accounts payable: what it is billed for, and when it pays."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office
        self._collected: dict[tuple[str, str], list[Order]] = {}

    def bill(self, order: Order) -> None:
        """Let the supplier bill a delivered order: at once, in two parts, or collected with others."""
        luck = order.rng.random()
        delay = spread(order.rng, 2 * DAY, 0.8, 30 * DAY)
        if luck < _COLLECTIVE:
            key = (order.supplier.id, str(order.attributes["facility"]))
            waiting = self._collected.setdefault(key, [])
            waiting.append(order)
            if len(waiting) == 1:
                self._stage.start(self._collective(waiting), self._stage.now + delay + 6 * DAY)
            return
        if luck < _COLLECTIVE + _SPLIT:
            half = order.cents // 2
            self._stage.start(self._invoice((order,), half), self._stage.now + delay)
            self._stage.start(self._invoice((order,), order.cents - half), self._stage.now + delay + 3 * DAY)
            return
        self._stage.start(self._invoice((order,), order.cents), self._stage.now + delay)

    def _collective(self, waiting: list[Order]) -> Steps:
        orders, waiting[:] = tuple(waiting), []
        yield from self._invoice(orders, sum(order.cents for order in orders))

    def _invoice(self, orders: Sequence[Order], cents: int) -> Steps:
        """One invoice from its arrival to its payment or refusal."""
        stage = self._stage
        first = orders[0]
        place = str(first.attributes["facility"])
        number = stage.number("INV", "invoice", place, supplier=first.supplier.id, year=stage.year)
        ref = ObjectRef("invoice", number, "subject")
        attributes = {"facility": first.attributes["facility"], "supplier": first.supplier.id}
        rng = Random(first.rng.getrandbits(64))
        wrong = rng.random() < first.supplier.exception_share
        dispute = Case(DISPUTES, number, place, rng, "invoice_exception") if wrong else None
        bill = Bill(ref, tuple(orders), attributes, cents, rng, dispute)
        stage.join(ref, bill.cases)
        named = tuple(ObjectRef("purchase_order", order.ref.id, "billed") for order in orders)
        received = Step(
            "invoice.received.v1",
            S4,
            (ref, *named, first.sold_by),
            ("invoice_received",),
            attributes,
            money(cents),
            via="capture_to_s4",
        )
        yield from stage.perform(received)
        done, actor = self._office.serve("payables", stage.now, spread(bill.rng, 12 * MINUTE, 0.6))
        yield done
        if bill.dispute is not None:
            cleared = yield from self._exception(bill)
            if not cleared:
                return
            yield stage.now + spread(bill.rng, 4 * MINUTE, 0.7)
        yield from self._event(bill, "approved", "invoice_approved", actor)
        yield from self._pay(bill)

    def _exception(self, bill: Bill) -> Generator[int, None, bool]:
        """A mismatch and what becomes of it; False when the invoice goes back to the supplier."""
        stage, rng = self._stage, bill.rng
        reason = {"reason": rng.choice(_REASONS)}
        yield from self._event(bill, "exception", "invoice_exception", more=reason)
        done, actor = self._office.serve("payables", stage.now, spread(rng, 35 * MINUTE, 0.6))
        yield done
        unanswered = False
        if rng.random() < _ASKED:
            yield from self._event(bill, "info_requested", "supplier_asked", actor)
            yield from stage.wait(self._hours(bill), spread(rng, 14 * HOUR, 0.9, 150 * HOUR))
            unanswered = stage.strays(UNANSWERED, bill.ref, bill.cases)
            if not unanswered:
                yield from self._event(bill, "info_provided", "supplier_answered")
        yield from stage.wait(self._hours(bill), spread(rng, 19 * HOUR, 1.0, 150 * HOUR))
        done, actor = self._office.serve("payables", stage.now, spread(rng, 25 * MINUTE, 0.6))
        yield done
        if rng.random() < _REJECTED and not unanswered:
            yield from self._event(bill, "rejected", "invoice_rejected", actor, reason)
            delay = spread(rng, 4 * DAY, 0.6, 30 * DAY)
            stage.start(self._invoice(bill.orders, bill.cents), stage.now + delay)
            return False
        yield from self._event(bill, "exceptioncleared", "exception_cleared", actor, {"resolution": "corrected"})
        return True

    def _pay(self, bill: Bill) -> Steps:
        stage, rng = self._stage, bill.rng
        yield stage.now + spread(rng, 12 * DAY, 0.45, 50 * DAY)
        done, actor = self._office.serve("treasury", stage.now, spread(rng, 3 * MINUTE, 0.5))
        yield done
        payment = ObjectRef("payment", stage.number("PY", "payment", str(bill.attributes["facility"])), "subject")
        stage.join(payment, bill.cases)
        settled = (payment, ObjectRef("invoice", bill.ref.id, "settles"))
        amount = money(bill.cents)
        if rng.random() < _RETURNED:
            more = {**bill.attributes, "reason": "account closed"}
            yield from stage.perform(Step("payment.failed.v1", BANK, settled, (), more, amount, via="s4_to_bank"))
            yield from stage.wait(self._hours(bill), spread(rng, 10 * HOUR, 0.6))
        executed = Step(
            "payment.executed.v1", BANK, settled, ("payment_executed",), bill.attributes, amount, via="s4_to_bank"
        )
        yield from stage.perform(executed)
        yield stage.now + spread(rng, 40 * MINUTE, 0.7)
        paid = (ObjectRef("invoice", bill.ref.id, "subject"), ObjectRef("payment", payment.id, "payment"))
        yield from stage.perform(Step("invoice.paid.v1", S4, paid, ("paid",), bill.attributes, amount, actor))

    def _event(
        self, bill: Bill, what: str, milestone: str, actor: str = "", more: Mapping[str, Any] | None = None
    ) -> Steps:
        attributes = {**bill.attributes, **more} if more else bill.attributes
        step = Step(f"invoice.{what}.v1", S4, (bill.ref,), (milestone,), attributes, actor=actor)
        yield from self._stage.perform(step)

    def _hours(self, bill: Bill) -> OfficeHours:
        return self._office.hours[str(bill.attributes["facility"])]
