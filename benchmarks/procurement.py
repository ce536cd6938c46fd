"""The scene of the whole job: ninety days of requisition to pay in a hospital group, by a seed.

About eight events a case and 2.3 objects an event, in the order of their times, so that some thousand cases are open
at any moment. One requisition in twenty is rejected, one order in twenty serves two requisitions, one delivery
in five comes in two parts, one invoice in eight is an exception.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from metrics.words import DAY, HOUR, MINUTE, Amount, Event, ObjectRef
from streams.codecs.cloudevents import encode
from streams.codecs.encoding import Encoded

FEED = "benchmark"
START = 1_767_600_000_000_000
"""2026-01-05T08:00:00Z, a Monday, in microseconds."""
SPAN = 90 * DAY
EVENTS_A_CASE = 8.37

_FACILITIES = ("north", "south", "east", "west", "central")
_DEPARTMENTS = ("emergency", "surgery", "cardiology", "radiology", "pharmacy", "laboratory", "facilities")
_CATEGORIES = ("medical_supplies", "pharmaceuticals", "equipment", "services", "food", "it")
_COUPA, _S4, _BANK = "/coupa/prod", "/sap-s4/prod", "/bank/prod"


class _Step(NamedTuple):
    """One event to be: hours after the step before (mean), and what it says."""

    type: str
    source: str
    hours: float
    objects: tuple[ObjectRef, ...]
    attributes: dict[str, str]
    cents: int = 0


def events(count: int, seed: int = 7) -> list[Event]:
    """At least `count` events of whole cases, in the order of their times."""
    random = Random(seed)
    made: list[tuple[int, int, _Step]] = []
    number = 0
    while len(made) < count:
        number += 1
        at = START + int(random.random() * SPAN)
        for step in _case(random, number):
            at += int(random.expovariate(1 / step.hours) * HOUR) + MINUTE
            made.append((at, len(made), step))
    made.sort()
    return [_event(random, index, at, step) for index, (at, _, step) in enumerate(made)]


def records(count: int, seed: int = 7) -> list[Encoded]:
    """The events as they stand in the topic: key, value, headers."""
    return [encode(event) for event in events(count, seed)]


def _case(random: Random, number: int) -> Iterator[_Step]:
    """The steps of one case, in order."""
    requisition = ObjectRef("requisition", f"PR-{number:07}", "subject")
    centre = ObjectRef("cost_center", f"CC-{random.randrange(300)}", "charged_to")
    cents = int(random.lognormvariate(10, 1)) + 500
    about = {
        "facility": random.choice(_FACILITIES),
        "department": random.choice(_DEPARTMENTS),
        "category": random.choice(_CATEGORIES),
    }
    yield _Step("requisition.submitted.v1", _COUPA, 1, (requisition, centre), about, cents)
    if random.random() < 0.05:
        yield _Step("requisition.rejected.v1", _COUPA, 9, (requisition,), about)
        return
    yield _Step("requisition.approved.v1", _COUPA, 9, (requisition, centre), about)
    yield from _order(random, number, about, cents)


def _order(random: Random, number: int, about: dict[str, str], cents: int) -> Iterator[_Step]:
    """Buying and delivery."""
    order = ObjectRef("purchase_order", f"PO-{number:07}", "subject")
    supplier = ObjectRef("supplier", f"S-{random.randrange(400)}", "supplier")
    serves = [ObjectRef("requisition", f"PR-{number:07}", "serves")]
    if number > 1 and random.random() < 0.05:
        serves.append(ObjectRef("requisition", f"PR-{number - 1:07}", "serves"))
    said = {"facility": about["facility"], "category": about["category"]}
    yield _Step("purchase_order.created.v1", _S4, 12, (order, *serves, supplier), said, cents)
    yield _Step("purchase_order.issued.v1", _S4, 3, (order, supplier), said)
    yield _Step("purchase_order.acknowledged.v1", _S4, 10, (order, supplier), said)
    parts = 2 if random.random() < 0.2 else 1
    for part in range(parts):
        receipt = ObjectRef("goods_receipt", f"GR-{number:07}-{part}", "subject")
        delivery = "complete" if part == parts - 1 else "partial"
        place = ObjectRef("purchase_order", order.id, "order")
        yield _Step("goods_receipt.posted.v1", _S4, 90, (receipt, place), {**said, "delivery": delivery})
    yield from _invoice(random, number, said, (ObjectRef("purchase_order", order.id, "order"), supplier), cents)


def _invoice(
    random: Random, number: int, said: dict[str, str], names: Sequence[ObjectRef], cents: int
) -> Iterator[_Step]:
    """The bill and its payment."""
    invoice = ObjectRef("invoice", f"IN-{number:07}", "subject")
    yield _Step("invoice.received.v1", _S4, 60, (invoice, *names), said, cents)
    if random.random() < 0.125:
        why = {**said, "reason": random.choice(("price", "quantity", "no receipt"))}
        yield _Step("invoice.exception.v1", _S4, 5, (invoice, *names), why)
        yield _Step("invoice.exceptioncleared.v1", _S4, 30, (invoice, *names), said)
    yield _Step("invoice.approved.v1", _S4, 20, (invoice, *names), said)
    yield _Step("invoice.paid.v1", _BANK, 200, (invoice, ObjectRef("payment", f"PY-{number:07}", "payment")), said)


def _event(random: Random, index: int, at: int, step: _Step) -> Event:
    subject = step.objects[0]
    traced = random.random() < 0.5
    return Event(
        id=f"bench-{index:09}",
        type=step.type,
        activity=step.type,
        time=at,
        source=step.source,
        objects=step.objects,
        origin="",
        position=0,
        subject=f"{subject.type}/{subject.id}",
        feed=FEED,
        sequence=index,
        recorded=at,
        attributes=step.attributes,
        amount=Amount(f"{step.cents // 100}.{step.cents % 100:02}", "USD") if step.cents else None,
        trace_id=random.randbytes(16).hex() if traced else "",
        span_id=random.randbytes(8).hex() if traced else "",
        trace_source="traceparent" if traced else "",
    )
