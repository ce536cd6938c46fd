"""The ledger by brute force: each document's events walked through in order, with nothing of the product's own code."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, cast

from metrics.words import Event

POSTS = {
    "requested": ("requisition", {"created", "submitted", "changed", "detailed"}),
    "committed": ("purchase_order", {"created", "changed", "detailed", "approved", "issued", "acknowledged"}),
    "received": ("goods_receipt", {"posted", "detailed"}),
    "invoiced": ("invoice", {"received", "detailed"}),
    "paid": ("payment", {"executed", "issued"}),
}
RESTORES = {"requested": {"approved"}, "invoiced": {"approved", "exceptioncleared", "paid"}}
CANCELS = {
    "requested": {"rejected", "withdrawn"},
    "committed": {"cancelled"},
    "received": {"reversed"},
    "invoiced": {"rejected", "voided"},
    "paid": {"failed", "voided"},
    "paid by invoice": {"voided"},
}
UPWARDS = {
    "purchase_order": "requisition",
    "goods_receipt": "purchase_order",
    "invoice": "purchase_order",
    "payment": "invoice",
}
BUDGETS = ("budget", "labour_budget")
Key = tuple[str, str, str]
Money = tuple[str, Decimal] | None


class Standing(NamedTuple):
    """What stands: money as (currency, amount), None where nobody told it."""

    money: Money
    first: int
    department: str


def ledger(events: Iterable[Event]) -> dict[Key, Standing]:
    """Everything that stands, by stage, document type and id."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda e: (e.time, e.sequence, e.id))
    found: dict[Key, Standing] = {}
    for stage, (kind, posts) in POSTS.items():
        for document in {subject(e)[1] for e in ordered if subject(e)[0] == kind}:
            own = [e for e in ordered if subject(e) == (kind, document)]
            standing = walk(own, posts, RESTORES.get(stage, set()), CANCELS[stage])
            if standing:
                found[stage, kind, document] = Standing(*standing, department=place(kind, document, ordered))
    named = {ref.id for e in ordered if subject(e)[0] == "payment" and verb(e) in POSTS["paid"][1] for ref in e.objects}
    for document in {subject(e)[1] for e in ordered if subject(e)[0] == "invoice"} - named:
        own = [e for e in ordered if subject(e) == ("invoice", document)]
        standing = walk(own, {"paid"}, set(), CANCELS["paid by invoice"])
        if standing:
            found["paid", "invoice", document] = Standing(*standing, department=place("invoice", document, ordered))
    for kind in BUDGETS:
        for document in {subject(e)[1] for e in ordered if subject(e)[0] == kind}:
            own = [e for e in ordered if subject(e) == (kind, document)]
            standing = walk(own, {"set"}, set(), {"withdrawn"})
            if standing:
                dated = [e.effective_date for e in own if e.effective_date]
                first = day_of(dated[-1]) if dated else standing[1]
                department = place(kind, document, ordered)
                found["budget", kind, document] = Standing(standing[0], first, department)
    value_receipts(found, ordered)
    accrue(found, ordered)
    return found


def day_of(date: str) -> int:
    """The first instant of a day, microseconds UTC."""
    return int(datetime.fromisoformat(f"{date}T00:00:00+00:00").timestamp()) * 1_000_000


def walk(own: list[Event], posts: set[str], restores: set[str], cancels: set[str]) -> tuple[Money, int] | None:
    """Whether a document stands after its events, with its money and the time it first came."""
    stands, money, first = False, cast(Money, None), cast(int | None, None)
    for event in own:
        if verb(event) in posts:
            first = event.time if first is None else first
            stands = True
            if event.amount is not None:
                money = (event.amount.currency, Decimal(event.amount.value))
        elif verb(event) in restores:
            stands = True
        elif verb(event) in cancels:
            stands = False
    return (money, first) if stands and first is not None else None


def place(kind: str, document: str, ordered: list[Event]) -> str:
    """The department of a document: its own, else the one that all requisitions above it agree on."""
    told = [
        e.attributes["department"] for e in ordered if subject(e) == (kind, document) and "department" in e.attributes
    ]
    if told or kind in ("requisition", *BUDGETS):
        return str(told[-1]) if told else ""
    departments = {place("requisition", one, ordered) for one in requisitions(kind, document, ordered)}
    return departments.pop() if len(departments) == 1 else ""


def requisitions(kind: str, document: str, ordered: list[Event]) -> set[str]:
    """The requisitions that a document leads to by what its events name."""
    if kind == "requisition":
        return {document}
    if kind in BUDGETS:
        return set()
    above = UPWARDS[kind]
    named = {r.id for e in ordered if subject(e) == (kind, document) for r in e.objects if r.type == above}
    return {one for name in named for one in requisitions(above, name, ordered)}


def value_receipts(found: dict[Key, Standing], ordered: list[Event]) -> None:
    """Give the receipt that completes an order what its other receipts leave of the order's money."""
    by_order: Mapping[str, list[str]] = {}
    for stage, kind, document in found:
        orders = {
            r.id for e in ordered if subject(e) == (kind, document) for r in e.objects if r.type == "purchase_order"
        }
        if stage == "received" and len(orders) == 1:
            by_order = {**by_order, (order := orders.pop()): [*by_order.get(order, []), document]}
    for order, receipts in by_order.items():
        whole = found.get(("committed", "purchase_order", order))
        rows = {document: found["received", "goods_receipt", document] for document in receipts}
        known = [row.money for row in rows.values() if row.money]
        last = [d for d in receipts if complete(d, ordered) and rows[d].money is None]
        if whole is None or whole.money is None or not last or any(c != whole.money[0] for c, _ in known):
            continue
        chosen = max(last, key=lambda document: (rows[document].first, document))
        rest = whole.money[1] - sum((amount for _, amount in known), Decimal(0))
        found["received", "goods_receipt", chosen] = rows[chosen]._replace(money=(whole.money[0], rest))


def accrue(found: dict[Key, Standing], ordered: list[Event]) -> None:
    """Add what was received and not billed: per order and currency, what came first is billed first."""
    received = {key: row for key, row in found.items() if key[0] == "received"}
    invoices = {key: row for key, row in found.items() if key[0] == "invoiced"}
    owing: dict[tuple[str, str], list[tuple[int, str, Decimal]]] = {}
    billed_at_all = {order for key in invoices for order in orders(key, ordered)}
    for key, row in received.items():
        named = orders(key, ordered)
        if len(named) == 1 and row.money:
            owing.setdefault((named[0], row.money[0]), []).append((row.first, key[2], row.money[1]))
        elif not set(named) & billed_at_all:
            found["accrued", *key[1:]] = row._replace(money=None)
    billed = dict.fromkeys(owing, Decimal(0))
    for key, row in invoices.items():
        for order, share in shares(orders(key, ordered), row.money, owing).items():
            billed[order] += share
    for order, lines in owing.items():
        rest = max(sum(amount for _, _, amount in lines) - billed[order], Decimal(0))
        for _, document, amount in sorted(lines, reverse=True):
            part = min(max(amount, Decimal(0)), rest)
            rest -= part
            if part > 0:
                key = ("accrued", "goods_receipt", document)
                found[key] = received["received", "goods_receipt", document]._replace(money=(order[1], part))


def shares(
    named: list[str], money: Money, owing: Mapping[tuple[str, str], list[tuple[int, str, Decimal]]]
) -> dict[tuple[str, str], Decimal]:
    """An invoice's money by order, as what was received on each of them, to the cent; the last takes the rest."""
    if money is None:
        return {}
    worths = {
        (order, money[0]): sum(
            (max(amount, Decimal(0)) for _, _, amount in owing.get((order, money[0]), [])), Decimal(0)
        )
        for order in named
    }
    worths = {order: worth for order, worth in worths.items() if worth > 0}
    total, upto, given = sum(worths.values(), Decimal(0)), Decimal(0), Decimal(0)
    found = {}
    for order, worth in worths.items():
        upto += worth
        whole = money[1] if upto == total else (money[1] * upto / total).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        found[order], given = whole - given, whole
    return found


def orders(key: Key, ordered: list[Event]) -> list[str]:
    """The orders that a document's events of a stage name, in order."""
    return sorted({r.id for e in ordered if subject(e) == key[1:] for r in e.objects if r.type == "purchase_order"})


def complete(document: str, ordered: list[Event]) -> bool:
    """Whether the newest that a receipt says of its delivery is that it completes the order."""
    said = [e.attributes["delivery"] for e in ordered if subject(e)[1] == document and "delivery" in e.attributes]
    return bool(said) and said[-1] == "complete"


def subject(event: Event) -> tuple[str, str]:
    """The type and id of what an event is about."""
    kind, _, identity = event.subject.partition("/")
    return kind, identity


def verb(event: Event) -> str:
    """What happened to it."""
    return event.type.split(".")[1]
