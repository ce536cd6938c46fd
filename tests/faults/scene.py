"""A deterministic hospital's purchasing: numbered canonical events, and the order in which they are sent.

Requisitions are consolidated into orders, orders are delivered in parts, invoices may bill two orders, some
steps are done twice, some cases never end. Times are whole minutes, so that an oracle can count them.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 2, 17, tzinfo=UTC)
"""Minute 0. From here to late May no public holiday falls into the two facilities' zones."""

FEED = "erp"
COUPA, ORACLE, BANK = "/coupa/prod", "/oracle-fusion/prod", "/bank/prod"
FACILITIES = ("north", "mesa")

Ref = tuple[str, str]
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """One business event: `minute` since BEGIN, objects with the subject first, money in whole dollars."""

    number: int
    type: str
    source: str
    minute: int
    objects: tuple[Ref, ...]
    attributes: dict[str, str] = field(default_factory=dict)
    amount: int = 0

    @property
    def id(self) -> str:
        return f"e{self.number:07d}"

    def record(self, feed: str = FEED, begin: datetime = BEGIN) -> tuple[bytes, bytes]:
        """Key and value, a CloudEvents JSON object."""
        data: dict[str, object] = {
            "objects": [{"type": kind, "id": key} for kind, key in self.objects],
            "attributes": self.attributes,
        }
        if self.amount:
            data["amount"] = {"value": f"{self.amount}.00", "currency": "USD"}
        kind, key = self.objects[0]
        when = (begin + timedelta(minutes=self.minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
        envelope = {
            "specversion": "1.0", "id": self.id, "source": self.source, "type": self.type, "time": when,
            "subject": f"{kind}/{key}", "sequence": str(self.number), "feed": feed, "data": data,
        }  # fmt: skip
        return key.encode(), json.dumps(envelope, separators=(",", ":")).encode()


class Hospital:
    """Lives through purchases, one consolidated order at a time."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._steps: list[Step] = []
        self._last_order = ""

    def steps(self, count: int) -> list[Step]:
        """Exactly `count` events, in the order in which they were thought up (not in time)."""
        group = 0
        while len(self._steps) < count:
            self._purchase(group)
            group += 1
        return self._steps[:count]

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _later(self, minute: int, hours: float) -> int:
        """Some time after `minute`: mostly a fraction of `hours`, now and then many times as long; may be at once."""
        return minute + round(self._chance.expovariate(1.0) * hours * 60)

    def _note(
        self,
        type_: str,
        source: str,
        minute: int,
        *objects: Ref,
        amount: int = 0,
        attributes: Mapping[str, str] = NOTHING,
    ) -> None:
        step = Step(len(self._steps), f"{type_}.v1", source, minute, objects, dict(attributes), amount)
        self._steps.append(step)

    def _purchase(self, group: int) -> None:
        facility = self._chance.choice(FACILITIES)
        begin = self._chance.randrange(24 * 1440)
        names = [f"R{group}-{n}" for n in range(self._chance.choice((1, 1, 1, 2, 3)))]
        approved = {name: at for name in names if (at := self._requisition(name, begin, facility)) is not None}
        if approved and self._happens(0.95):
            self._order(f"P{group}", list(approved), max(approved.values()))

    def _requisition(self, name: str, minute: int, facility: str) -> int | None:
        """Returns the minute of approval, if it comes to that."""
        subject = ("requisition", name)
        department = self._chance.choice(("surgery", "lab", "pharmacy"))
        amount, where = self._chance.randrange(10, 5000), {"facility": facility, "department": department}
        self._note("requisition.created", COUPA, minute, subject, amount=amount, attributes=where)
        at = self._later(minute, 2)
        self._note("requisition.submitted", COUPA, at, subject, attributes=where)
        while self._happens(0.15):
            at = self._later(at, 4)
            self._note("requisition.info_requested", COUPA, at, subject)
            if self._happens(0.1):
                return None
            at = self._later(at, 20)
            self._note("requisition.info_provided", COUPA, at, subject)
        if self._happens(0.03):
            self._note("requisition.withdrawn", COUPA, self._later(at, 5), subject)
            return None
        while self._happens(0.1):
            at = self._later(at, 10)
            self._note("requisition.rejected", COUPA, at, subject, attributes={"reason": "budget"})
            if self._happens(0.3):
                return None
            at = self._later(at, 15)
            self._note("requisition.submitted", COUPA, at, subject)
        if self._happens(0.05):
            return None
        at = self._later(at, 12)
        self._note("requisition.approved", COUPA, at, subject)
        return at

    def _order(self, name: str, requisitions: list[str], minute: int) -> None:
        subject = ("purchase_order", name)
        serves = [("requisition", requisition) for requisition in requisitions]
        at = self._later(minute, 20)
        self._note("purchase_order.created", ORACLE, at, subject, *serves)
        at = self._later(at, 4)
        self._note("purchase_order.approved", ORACLE, at, subject)
        if self._happens(0.04):
            self._note("purchase_order.cancelled", ORACLE, self._later(at, 4), subject)
            return
        at = self._later(at, 4)
        self._note("purchase_order.issued", ORACLE, at, subject, ("supplier", f"S{len(name) % 7}"))
        if self._happens(0.9):
            self._note("purchase_order.acknowledged", ORACLE, self._later(at, 30), subject)
        if self._happens(0.9):
            self._deliveries(name, at)
        if self._happens(0.85):
            self._invoice(name, at)
        self._last_order = name

    def _deliveries(self, order: str, minute: int) -> None:
        at, parts = minute, self._chance.choice((1, 1, 2, 3))
        for part in range(parts):
            at = self._later(at, 70)
            delivery = "complete" if part == parts - 1 and self._happens(0.9) else "partial"
            receipt = ("goods_receipt", f"G{order}-{part}")
            self._note(
                "goods_receipt.posted",
                ORACLE,
                at,
                receipt,
                ("purchase_order", order),
                attributes={"delivery": delivery},
            )
            if self._happens(0.03):
                self._note("goods_receipt.reversed", ORACLE, self._later(at, 5), receipt)

    def _invoice(self, order: str, minute: int, lap: int = 0) -> None:
        subject = ("invoice", f"I{order}-{lap}")
        billed = [("purchase_order", order)]
        if self._last_order and self._happens(0.05):
            billed.append(("purchase_order", self._last_order))
        at = self._later(minute, 90)
        self._note("invoice.received", ORACLE, at, subject, *billed)
        while self._happens(0.15):
            at = self._exception(subject, at)
        if self._happens(0.04):
            at = self._later(at, 10)
            self._note("invoice.rejected", ORACLE, at, subject)
            if lap < 2:
                self._invoice(order, at, lap + 1)
            return
        at = self._later(at, 20)
        self._note("invoice.approved", ORACLE, at, subject)
        if self._happens(0.1):
            return
        at, payment = self._later(at, 150), ("payment", f"Y{order}-{lap}")
        self._note("invoice.paid", ORACLE, at, subject, payment)
        self._note("payment.executed", BANK, self._later(at, 24), payment, subject)

    def _exception(self, invoice: Ref, minute: int) -> int:
        at = self._later(minute, 10)
        reason = self._chance.choice(("price", "quantity"))
        self._note("invoice.exception", ORACLE, at, invoice, attributes={"reason": reason})
        if self._happens(0.5):
            at = self._later(at, 10)
            self._note("invoice.info_requested", ORACLE, at, invoice)
            at = self._later(at, 40)
            self._note("invoice.info_provided", ORACLE, at, invoice)
        at = self._later(at, 30)
        self._note("invoice.exceptioncleared", ORACLE, at, invoice)
        return at


def sending_order(steps: list[Step], seed: int, late: float = 0.05, doubled: float = 0.03) -> Iterator[Step]:
    """The steps as a producer sends them: by time, but a share comes late and a share comes twice."""
    chance = random.Random(seed)
    places: list[tuple[float, int, Step]] = []
    for place, step in enumerate(sorted(steps, key=lambda one: (one.minute, one.number))):
        delay = chance.uniform(1, 3000) if chance.random() < late else 0.0
        places.append((place + delay, len(places), step))
        if chance.random() < doubled:
            places.append((place + chance.uniform(0, 5000), len(places), step))
    return (step for _, _, step in sorted(places, key=lambda one: one[:2]))
