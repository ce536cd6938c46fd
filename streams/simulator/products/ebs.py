"""Oracle E-Business Suite: business events as an agent writes them, and rows that it polls where none is seeded."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from metrics.words import SECOND, Event, ObjectRef
from streams.simulator.products.dialect import Document, Native, Product, Site, answer, carried, verb_of

SYSTEM, SOURCE = "simulated_ebs", "/oracle/ebs/prod"

_REQUISITION = {
    "created": "INCOMPLETE",
    "submitted": "IN PROCESS",
    "approved": "APPROVED",
    "rejected": "REJECTED",
    "withdrawn": "CANCELLED",
}
_ACTIONS = {"approved": "APPROVE", "cancelled": "CANCEL"}
_APPROVAL = {"requested": "", "approved": "APPROVE"}


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """The row or the event, with the details where the agent is asked for them."""
    kind, _, number = event.subject.partition("/")
    content = _CONTENTS[kind](number, event, document, site)
    told = Native(SYSTEM, msgspec.json.encode(content), carried(event))
    yield told
    if event.type == "purchase_order.approved.v1":
        yield answer(event, told, SOURCE, "order_details", content["eventKey"], _order_details(number, document))
    if event.type == "goods_receipt.posted.v1":
        group = str(event.sequence)
        yield answer(event, told, SOURCE, "receipt_details", group, _receipt_details(number, document, site))


def _at(time: int) -> str:
    """The canonical text of FND, in the zone of the database server, which keeps UTC here."""
    return datetime.fromtimestamp(time // SECOND, UTC).strftime("%Y/%m/%d %H:%M:%S")


def _requisition(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    verb = verb_of(event)
    return {
        "REQUISITION_HEADER_ID": int(number) + 700_000_000,
        "SEGMENT1": number,
        "ORG_ID": int(site.company),
        "AUTHORIZATION_STATUS": _REQUISITION[verb],
        "ATTRIBUTE1": document.attributes["department"],
        "ATTRIBUTE2": document.attributes["category"],
        "ATTRIBUTE3": document.one("cost_center"),
        "TOTAL_AMOUNT": document.amount.value if document.amount else None,
        "CURRENCY_CODE": document.amount.currency if document.amount else None,
        "CREATION_DATE": _at(document.created),
        "APPROVED_DATE": _at(event.time) if verb == "approved" else None,
        "LAST_UPDATE_DATE": _at(event.time),
    }


def _approval(number: str, event: Event, document: Document, _site: Site) -> dict[str, Any]:
    _, requisition, own = number.split("/")
    decided = verb_of(event) == "approved"
    return {
        "NOTIFICATION_ID": int(own),
        "MESSAGE_TYPE": "REQAPPRV",
        "DOCUMENT_NUMBER": requisition,
        "STATUS": "CLOSED" if decided else "OPEN",
        "RESULT": _APPROVAL[verb_of(event)] or None,
        "RECIPIENT_ROLE": document.attributes["approver"],
        "BEGIN_DATE": _at(document.created),
        "END_DATE": _at(event.time) if decided else None,
    }


def _order(number: str, event: Event, _document: Document, site: Site) -> dict[str, Any]:
    own = _id(number)
    if verb_of(event) == "issued":
        said = {"DOCUMENT_TYPE": "PO", "DOCUMENT_ID": own, "PO_NUMBER": own[-7:], "PO_REVISION_NUM": "0"}
        return _event("oracle.apps.po.event.setxml", f"{own}-{event.sequence}", event, said)
    action = _ACTIONS[verb_of(event)]
    said = {"document_type": "PO", "document_id": own, "action": action, "po_number": own[-7:], "org_id": site.company}
    return _event("oracle.apps.po.event.document_action_event", f"{own}-{event.sequence}", event, said)


def _receipt(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    own, group = _id(number), str(event.sequence)
    closed = "CLOSED FOR RECEIVING" if document.attributes.get("delivery") == "complete" else "OPEN"
    said = {"SHIPMENT_HEADER_ID": own, "GROUP_ID": group, "CLOSED_CODE": closed, "ORG_ID": site.company}
    return _event("oracle.apps.po.rcv.rcvtxn", f"{own}-{group}", event, said)


def _invoice(number: str, event: Event, _document: Document, site: Site) -> dict[str, Any]:
    own = _id(number)
    said = {"INVOICE_ID": own, "ORG_ID": site.company}
    return _event("oracle.apps.ap.event.invoice.approval", f"{own}-{event.sequence}", event, said)


def _event(name: str, key: str, event: Event, parameters: dict[str, str]) -> dict[str, Any]:
    return {
        "eventName": name,
        "eventKey": key,
        "correlationId": None,
        "sendDate": _at(event.time),
        "fromAgent": "WF_JAVA_DEFERRED@EBSPROD",
        "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
        "eventData": None,
    }


def _order_details(number: str, document: Document) -> dict[str, Any]:
    own = _id(number)
    return {
        "po_header_id": int(own),
        "po_number": own[-7:],
        "authorization_status": "APPROVED",
        "amount": document.amount.value if document.amount else None,
        "currency_code": document.amount.currency if document.amount else None,
        "vendor_number": document.one("supplier"),
        "requisition_numbers": document.objects.get("requisition", []),
        "cost_centers": document.objects.get("cost_center", []),
    }


def _receipt_details(number: str, document: Document, site: Site) -> dict[str, Any]:
    own = _id(number)
    return {
        "shipment_header_id": int(own),
        "receipt_num": own[-7:],
        "organization_code": site.company,
        "po_numbers": [_id(order)[-7:] for order in document.objects["purchase_order"]],
        "vendor_number": document.attributes["supplier"],
    }


def _id(number: str) -> str:
    """The internal id in a canonical number (`ebs:884120`)."""
    return number.partition(":")[2]


def _aliases(own: ObjectRef) -> tuple[str, ...]:
    """An order's receipts name it by the number that people use."""
    return (_id(own.id)[-7:],) if own.type == "purchase_order" else ()


_CONTENTS = {
    "requisition": _requisition,
    "approval_step": _approval,
    "purchase_order": _order,
    "goods_receipt": _receipt,
    "invoice": _invoice,
}
PRODUCT = Product(
    "ebs",
    SOURCE,
    frozenset(
        [f"requisition.{verb}" for verb in _REQUISITION]
        + [f"approval_step.{verb}" for verb in _APPROVAL]
        + [f"purchase_order.{verb}" for verb in (*_ACTIONS, "issued")]
        + ["goods_receipt.posted", "invoice.approved"]
    ),
    tell,
    snapshots=frozenset({"requisition", "approval_step"}),
    keeps=frozenset({"purchase_order"}),
    aliases=_aliases,
)
