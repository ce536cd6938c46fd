"""Events for the tests of contracts: small, readable, and told apart by what they lack."""

from typing import Any

import msgspec

from metrics.words import Amount, Event, ObjectRef

RECEIPT = "goods_receipt.posted.v1"


def event(event_type: str = RECEIPT, objects: str = "goods_receipt/GR-1 purchase_order/PO-1", **more: Any) -> Event:
    """An event about the first of `objects`, which are written ``type/id`` with blanks between them."""
    references = tuple(ObjectRef(*text.split("/")) for text in objects.split())
    made = Event(
        id=more.pop("id", "e-1"),
        type=event_type,
        activity=event_type,
        time=more.pop("time", 0),
        source=more.pop("source", "/depot/prod"),
        objects=references,
        origin="flowglass.events/0@i",
        position=7,
        subject=more.pop("subject", objects.split()[0]),
    )
    return msgspec.structs.replace(made, **more)


EUROS = Amount("12.50", "EUR")
