"""Builders of events and small definitions for tests."""

from metrics.definitions.model import Definition, Entry, LinkRule, Match
from metrics.words import SECOND, Amount, Event, ObjectRef


def event(
    activity: str,
    at: int,
    *objects: tuple[str, str],
    id: str = "",
    sequence: int = 0,
    source: str = "/test",
    origin: str = "test",
    position: int = 0,
    amount: str = "",
    **attributes: str,
) -> Event:
    """An event `at` seconds after 1970, naming `objects`; its id defaults to what it says."""
    return Event(
        id=id or f"{activity}@{at}:{objects}:{sequence}",
        type=activity,
        activity=activity,
        time=at * SECOND,
        source=source,
        feed="",
        objects=tuple(ObjectRef(kind, key) for kind, key in objects),
        origin=origin,
        position=position,
        sequence=sequence,
        attributes=dict(attributes),
        amount=Amount(amount, "USD") if amount else None,
    )


ORDERING = Definition(
    process="ordering",
    version=1,
    hash="",
    title="Ordering",
    owner="buyers",
    case_type="requisition",
    links=(
        LinkRule("purchase_order", "requisition", 50),
        LinkRule("goods_receipt", "purchase_order", 50),
        LinkRule("invoice", "purchase_order", 50),
    ),
    milestones=("asked", "ordered", "received", "paid"),
    matches={
        "asked": (Match(0, None),),
        "ordered": (Match(1, None),),
        "received": (Match(2, None),),
        "paid": (Match(3, None),),
    },
    enters={0: (Entry(0, "asking"),), 1: (Entry(0, "waiting"),), 2: (Entry(0, "here"),)},
    ends={3: "done"},
    attributes={"facility": "facility"},
)
"""Requisition → purchase order → receipt and invoice, with four milestones and no SLA."""
