"""Coupa: the whole document as JSON after each change of its status, times with the offset of the facility."""

from collections.abc import Iterator
from typing import Any

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, local, verb_of

SYSTEM = "simulated_coupa"

_REQUISITION = {
    "created": "draft",
    "submitted": "pending_approval",
    "approved": "approved",
    "rejected": "draft",
    "withdrawn": "withdrawn",
}
_ORDER = {"created": "draft", "issued": "issued", "acknowledged": "issued", "cancelled": "cancelled"}
_INVOICE = {
    "received": "new",
    "exception": "ap_hold",
    "exceptioncleared": "pending_approval",
    "approved": "approved",
    "rejected": "rejected",
    "paid": "approved",
}
_APPROVAL = {"requested": "pending_approval", "approved": "approved"}
_RECEIPT = ("posted", "reversed")


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """The document as it stands after the event."""
    kind, _, number = event.subject.partition("/")
    content = _CONTENTS[kind](number, event, document, site)
    content["updated-at"] = local(event.time, site.zone)
    yield Native(SYSTEM, msgspec.json.encode(content), carried(event))


def _money(document: Document, name: str) -> dict[str, Any]:
    if document.amount is None:
        return {}
    return {name: document.amount.value, "currency": {"code": document.amount.currency}}


def _requisition(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    verb, said = verb_of(event), document.attributes
    account = {"segment-1": site.company, "segment-2": document.one("cost_center")}
    submitted = document.said.get("submitted")
    return {
        "id": int(number),
        "status": _REQUISITION[verb],
        **_money(document, "total"),
        "requested-by": {"employee-number": document.opened_by} if document.opened_by else {"login": "par-level"},
        "department": {"name": said["department"]},
        "ship-to-address": {"location-code": site.facility},
        "requisition-lines": [{"line-num": 1, "commodity": {"name": said["category"]}, "account": account}],
        "submitted-at": local(submitted, site.zone) if submitted else None,
        "reject-reason-comment": said.get("reason") if verb == "rejected" else None,
        "created-at": local(document.created, site.zone),
    }


def _order(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    served = document.objects["requisition"]
    confirmed = document.said.get("acknowledged")
    return {
        "po-number": number,
        "status": _ORDER[verb_of(event)],
        "version": 1,
        **_money(document, "total"),
        "supplier": {"number": document.one("supplier")},
        "requisition-header": {"id": int(served[0])},
        "custom-fields": {"requisitions": [int(one) for one in served]},
        "ship-to-address": {"location-code": site.facility},
        "order-lines": [
            {
                "line-num": str(line),
                "commodity": {"name": document.attributes["category"]},
                "account": {"segment-1": site.company, "segment-2": center},
            }
            for line, center in enumerate(document.objects["cost_center"], start=1)
        ],
        "acknowledged-at": local(confirmed, site.zone) if confirmed else None,
        "created-at": local(document.created, site.zone),
    }


def _invoice(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    verb = verb_of(event)
    supplier, _, own = number.partition("/")
    failed = [{"code": document.attributes["reason"].split()[0]}] if verb == "exception" else []
    return {
        "invoice-number": own,
        "status": _INVOICE[verb],
        "paid": verb == "paid",
        **_money(document, "gross-total"),
        "supplier": {"number": supplier},
        "invoice-lines": [
            {"line-num": line, "po-number": order} for line, order in enumerate(document.objects["purchase_order"], 1)
        ],
        "bill-to-address": {"location-code": site.facility},
        "tolerance-failures": failed,
        "payments": [{"id": payment} for payment in document.objects.get("payment", ())],
        "payment-date": local(event.time, site.zone) if verb == "paid" else None,
        "created-at": local(document.created, site.zone),
    }


def _receipt(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    complete = document.attributes.get("delivery") == "complete"
    reversed_ = verb_of(event) == "reversed"
    return {
        "id": int(number),
        "type": "ReceivingQuantityConsumption",
        "transaction-date": local(document.created, site.zone),
        "order-line": {
            "order-header-number": document.one("purchase_order"),
            "status": "soft_closed_for_receiving" if complete else "partially_received",
        },
        "inventory-location": {"code": site.facility},
        "voided-value": "1.0" if reversed_ else None,
    }


def _approval(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    _, about, own = number.split("/")
    granted = verb_of(event) == "approved"
    return {
        "id": int(own),
        "position": document.attributes["step"],
        "status": _APPROVAL[verb_of(event)],
        "approval-date": local(event.time, site.zone) if granted else None,
        "type": "ManagementHierarchyApproval",
        "approvable-type": "RequisitionHeader",
        "approvable-id": int(about),
        "approver": {"employee-number": document.attributes["approver"]},
        "approved-by": {"employee-number": event.actor} if granted else None,
        "created-at": local(document.created, site.zone),
    }


_CONTENTS = {
    "requisition": _requisition,
    "purchase_order": _order,
    "invoice": _invoice,
    "goods_receipt": _receipt,
    "approval_step": _approval,
}
PRODUCT = Product(
    "coupa",
    "/coupa/prod",
    frozenset(
        [f"requisition.{verb}" for verb in _REQUISITION]
        + [f"purchase_order.{verb}" for verb in _ORDER]
        + [f"invoice.{verb}" for verb in _INVOICE]
        + [f"goods_receipt.{verb}" for verb in _RECEIPT]
        + [f"approval_step.{verb}" for verb in _APPROVAL]
    ),
    tell,
    snapshots=frozenset(_CONTENTS),
)
