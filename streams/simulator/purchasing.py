"""Buyers, orders and deliveries: approved requisitions become purchase orders, some of them shared."""

from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.clockwork import OfficeHours
from streams.simulator.misdeeds import Misdeeds
from streams.simulator.office import Office, spread
from streams.simulator.payables import Order, Payables
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps, money
from streams.simulator.strays import APPROVED_AFTERWARDS, DELIVERED_ANYWAY, UNAPPROVED_ORDER
from streams.simulator.world import Department

S4 = "/sap-s4/prod"
_CONSOLIDATED, _CANCELLED, _SILENT, _PARTIAL, _REVERSED, _QUOTED = 0.22, 0.015, 0.03, 0.24, 0.012, 0.22
_BIN_AGE = 7 * HOUR
_THIN_RECEIPTS = "mountain"
"""There the product tells a receipt without its order, and nobody could see that the order was cancelled."""
_LEAD_DAYS = {"equipment": 11.0, "implants": 5.0, "it_hardware": 6.0, "maintenance": 5.0}


@dataclass(frozen=True)
class Need:
    """One requisition: its case, its place, what it asks for and for how much (US cents)."""

    case: Case
    ref: ObjectRef
    department: Department
    category: str
    cents: int
    automatic: bool

    @cached_property
    def cost_center(self) -> ObjectRef:
        return ObjectRef("cost_center", self.department.cost_center, "charged_to")

    @cached_property
    def attributes(self) -> dict[str, str]:
        """What every event of the requisition says about its place."""
        place = self.department
        return {
            "facility": place.facility.id,
            "department": place.name,
            "cost_center": place.cost_center,
            "category": self.category,
        }


class Purchasing:
    """The buying desk with its bins for shared orders, the supplier's answers, and the receiving dock."""

    def __init__(self, stage: Stage, office: Office, payables: Payables, misdeeds: Misdeeds) -> None:
        self._stage = stage
        self._misdeeds = misdeeds
        self._office = office
        self._payables = payables
        self._bins: dict[tuple[str, str], list[Need]] = {}

    def buy(self, need: Need) -> Steps:
        """Take an approved requisition to an order; waits in a bin if it is to share one."""
        stage, rng = self._stage, need.case.rng
        if need.automatic:
            yield stage.now + spread(rng, 2 * MINUTE, 0.5)
        else:
            done, _ = self._office.serve("buying", stage.now, spread(rng, 24 * MINUTE, 0.6, 4 * HOUR))
            yield done
            if rng.random() < _QUOTED:
                yield from stage.wait(self._office.hours[need.department.facility.id], spread(rng, 18 * HOUR, 0.7))
        if rng.random() >= _CONSOLIDATED:
            yield from self._order([need])
            return
        waiting = self._bins.setdefault((need.department.facility.id, need.category), [])
        waiting.append(need)
        if len(waiting) == 1:
            stage.start(self._empty_later(waiting), stage.now + _BIN_AGE)
        elif len(waiting) == 3 or rng.random() < 0.5:
            shared, waiting[:] = waiting[:], []
            yield from self._order(shared)

    def _empty_later(self, waiting: list[Need]) -> Steps:
        """A bin's first requisition does not wait for company for ever."""
        if waiting:
            shared, waiting[:] = waiting[:], []
            yield from self._order(shared)

    def _order(self, needs: list[Need]) -> Steps:
        stage, first = self._stage, needs[0]
        rng = Random(first.case.rng.getrandbits(64))
        wanted = rng.choice(self._office.world.suppliers[first.category])
        supplier = self._misdeeds.supplier(first.case.id, wanted)
        ref = ObjectRef("purchase_order", stage.number("PO", "purchase_order", first.case.facility), "subject")
        cases = tuple(need.case for need in needs)
        attributes = {"facility": first.department.facility.id, "supplier": supplier.id, "category": first.category}
        order = Order(ref, cases, supplier, attributes, sum(need.cents for need in needs), rng)
        stage.join(ref, cases)
        named = tuple(ObjectRef("requisition", need.case.id, "serves") for need in needs)
        centers = tuple(dict.fromkeys(need.cost_center for need in needs))
        created = Step(
            "purchase_order.created.v1",
            S4,
            (ref, *named, *centers, order.sold_by),
            ("po_created",),
            attributes,
            money(order.cents),
            via="coupa_to_s4_order",
        )
        yield from stage.perform(created)
        yield from self._release(order, all(need.automatic for need in needs))
        yield from self._confirm(order)
        if rng.random() < _CANCELLED:
            yield stage.now + spread(rng, 20 * MINUTE, 0.7)
            yield from self._event(order, "cancelled")
            if first.case.facility != _THIN_RECEIPTS and stage.strays(DELIVERED_ANYWAY, ref, cases):
                yield stage.now + 2 * DAY
                yield from self._receive(order, "complete")
            return
        yield from self._deliver(order)
        self._payables.bill(order)

    def _release(self, order: Order, automatic: bool) -> Steps:
        if automatic or order.cents < 120_000:
            yield self._stage.now + spread(order.rng, 3 * MINUTE, 0.6)
            actor = ""
        else:
            yield from self._stage.wait(self._hours(order), spread(order.rng, int(2.5 * HOUR), 1.0))
            done, actor = self._office.serve("buying", self._stage.now, spread(order.rng, 8 * MINUTE, 0.5))
            yield done
        strays = self._stage.strays
        afterwards = strays(APPROVED_AFTERWARDS, order.ref, order.cases)
        if not afterwards and not strays(UNAPPROVED_ORDER, order.ref, order.cases):
            yield from self._event(order, "approved", actor)
        yield self._stage.now + spread(order.rng, 4 * MINUTE, 0.8)
        yield from self._event(order, "issued", via="s4_to_network")
        if afterwards:
            yield self._stage.now + HOUR
            yield from self._event(order, "approved", actor)

    def _confirm(self, order: Order) -> Steps:
        """The supplier's confirmation: by machine in minutes, by people in days, or never."""
        luck = order.rng.random()
        if luck < _SILENT:
            return
        if luck < 0.45:
            yield self._stage.now + spread(order.rng, 6 * MINUTE, 0.9)
        else:
            yield from self._stage.wait(self._hours(order), int(order.supplier.answer_days * 6 * HOUR))
        yield from self._event(order, "acknowledged", via="network_to_s4")

    def _deliver(self, order: Order) -> Steps:
        stage, rng = self._stage, order.rng
        days = _LEAD_DAYS.get(str(order.attributes["category"]), 3.0)
        yield stage.now + spread(rng, int(days * DAY), 0.55, 45 * DAY)
        parts = rng.choice((2, 2, 3)) if rng.random() < _PARTIAL else 1
        for part in range(1, parts + 1):
            receipt = yield from self._receive(order, "complete" if part == parts else "partial")
            if part < parts:
                yield stage.now + spread(rng, 2 * DAY, 0.7, 20 * DAY)
        if rng.random() < _REVERSED:
            yield stage.now + spread(rng, 3 * HOUR, 0.5)
            objects = (receipt, ObjectRef("purchase_order", order.ref.id, "order"))
            step = Step("goods_receipt.reversed.v1", S4, objects, ("receipt_reversed",), order.attributes)
            yield from stage.perform(step)
            yield stage.now + spread(rng, DAY, 0.5)
            yield from self._receive(order, "complete")

    def _receive(self, order: Order, delivery: str) -> Generator[int, None, ObjectRef]:
        stage = self._stage
        done, actor = self._office.serve("receiving", stage.now, spread(order.rng, 10 * MINUTE, 0.5))
        yield done
        number = stage.number("GR", "goods_receipt", str(order.attributes["facility"]), year=stage.year)
        receipt = ObjectRef("goods_receipt", number, "subject")
        stage.join(receipt, order.cases)
        step = Step(
            "goods_receipt.posted.v1",
            S4,
            (receipt, ObjectRef("purchase_order", order.ref.id, "order")),
            ("received", "delivered") if delivery == "complete" else ("received",),
            {**order.attributes, "delivery": delivery},
            actor=actor,
            via="stockroom_to_s4",
        )
        yield from stage.perform(step)
        return receipt

    def _event(self, order: Order, what: str, actor: str = "", via: str = "") -> Steps:
        objects = (order.ref, order.sold_by) if via else (order.ref,)
        step = Step(f"purchase_order.{what}.v1", S4, objects, (f"po_{what}",), order.attributes, None, actor, via)
        yield from self._stage.perform(step)

    def _hours(self, order: Order) -> OfficeHours:
        return self._office.hours[str(order.attributes["facility"])]
