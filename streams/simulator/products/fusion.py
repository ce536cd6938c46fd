"""Oracle Fusion: payables events as Oracle Integration relays them, and rows of REST pages where there are none."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, answer, carried, local, verb_of

SYSTEM, SOURCE = "simulated_fusion_erp", "/oracle/fusion/erp/prod"
_UTC = ZoneInfo("UTC")

_REQUISITION = {
    "created": "INCOMPLETE",
    "submitted": "PENDING APPROVAL",
    "approved": "APPROVED",
    "rejected": "REJECTED",
    "withdrawn": "WITHDRAWN",
}
_INVOICE = {
    "received": "Payables Invoice Created",
    "approved": "Payables Invoice Approved",
    "rejected": "Payables Invoice Canceled",
    "exception": "Invoice Hold Applied",
    "exceptioncleared": "",
    "paid": "Payables Payment Created",
}
_RECEIPT = {"posted": "RECEIVE", "reversed": "RETURN TO VENDOR"}
_RELEASED = """<ns1:onEvent xmlns:ns1="http://xmlns.example.invalid/apps/financials/events" \
xmlns:ns0="http://xmlns.example.invalid/apps/financials/types"><ns0:ApInvHoldReleasedInfo>\
<ns0:InvoiceId><ns0:newValue value="{invoice}"/><ns0:oldValue value="{invoice}"/></ns0:InvoiceId>\
<ns0:HoldId><ns0:newValue value="{hold}"/><ns0:oldValue value="{hold}"/></ns0:HoldId>\
<ns0:HoldLookupCode><ns0:newValue/><ns0:oldValue value="{reason}"/></ns0:HoldLookupCode>\
<ns0:ReleaseDate><ns0:newValue value="{at}"/><ns0:oldValue/></ns0:ReleaseDate>\
</ns0:ApInvHoldReleasedInfo></ns1:onEvent>"""


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """What Fusion says of the event, and of a new invoice its details."""
    kind, _, number = event.subject.partition("/")
    if event.type == "invoice.exceptioncleared.v1":
        yield _released(event, number)
        return
    content = _CONTENTS[kind](number, event, document, site)
    told = Native(SYSTEM, msgspec.json.encode(content), carried(event))
    yield told
    if event.type == "invoice.received.v1":
        yield answer(event, told, SOURCE, "invoice_details", "once", _details(number, document, site))


def _at(time: int) -> str:
    return local(time, _UTC)


def _requisition(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    verb = verb_of(event)
    said = document.said
    return {
        "RequisitionHeaderId": int("3002" + number[-9:]),
        "Requisition": number,
        "RequisitioningBUId": int(site.company),
        "DocumentStatus": _REQUISITION[verb],
        "LifecycleStatus": None,
        "PreparerId": document.opened_by,
        "DFF": [{"department": document.attributes["department"], "category": document.attributes["category"]}],
        "DocumentTotal": document.amount.value if document.amount else None,
        "CurrencyCode": document.amount.currency if document.amount else None,
        "lines": {"items": [{"LineNumber": 1, "CostCenter": document.one("cost_center")}]},
        "CreationDate": _at(document.created),
        "SubmissionDate": _at(said["submitted"]) if "submitted" in said else None,
        "ApprovedDate": _at(event.time) if verb == "approved" else None,
        "LastUpdateDate": _at(event.time),
    }


def _receipt(number: str, event: Event, document: Document, _site: Site) -> dict[str, Any]:
    organization, own = number.split("/")
    complete = document.attributes.get("delivery") == "complete"
    return {
        "TransactionId": event.sequence,
        "TransactionType": _RECEIPT[verb_of(event)],
        "TransactionDate": _at(event.time),
        "ReceiptNumber": own,
        "OrganizationCode": organization,
        "PurchaseOrder": document.one("purchase_order"),
        "SupplierNumber": document.attributes["supplier"],
        "ScheduleStatus": "CLOSED FOR RECEIVING" if complete else "OPEN",
    }


def _commitment(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    return {
        "CommitmentId": int(_id(number)),
        "TransactionNumber": 1,
        "CommitmentAction": "RESERVE",
        "DocumentType": "REQUISITION",
        "DocumentNumber": document.one("requisition"),
        "Amount": document.amount.value if document.amount else None,
        "Currency": document.amount.currency if document.amount else None,
        "TransactionDate": _at(event.time),
        "CostCenter": document.one("cost_center"),
        "ControlBudget": f"{site.company} OPERATING",
    }


def _invoice(number: str, event: Event, document: Document, _site: Site) -> dict[str, Any]:
    verb = verb_of(event)
    content: dict[str, Any] = {"eventName": _INVOICE[verb], "eventId": event.id, "eventTime": _at(event.time)}
    if verb == "exception":
        hold = {"HoldId": _hold(number), "HoldLookupCode": document.attributes["reason"].upper()}
        return content | {"InvoiceId": int(_id(number)), "HoldDate": _at(event.time), **hold}
    if verb == "paid" and document.amount is not None:
        paid = {"InvoiceId": int(_id(number)), "AmountPaidPaymentCurrency": document.amount.value}
        return content | {
            "checkId": int(_id(document.one("payment"))),
            "paymentNumber": int(_id(document.one("payment"))[-7:]),
            "paymentDate": _at(event.time)[:10],
            "paidAmount": document.amount.value,
            "paymentCurrency": document.amount.currency,
            "paymentMethod": "EFT",
            "supplierNumber": document.attributes["supplier"],
            "relatedInvoices": [paid],
        }
    return content | {"InvoiceId": int(_id(number))}


def _details(number: str, document: Document, site: Site) -> dict[str, Any]:
    amount = document.amount
    lines = [
        {"LineNumber": line, "PurchaseOrderNumber": order}
        for line, order in enumerate(document.objects["purchase_order"], start=1)
    ]
    invoice = {
        "InvoiceId": int(_id(number)),
        "InvoiceNumber": f"RE{number[-8:]}",
        "InvoiceAmount": amount.value if amount else None,
        "InvoiceCurrency": amount.currency if amount else None,
        "SupplierNumber": document.one("supplier"),
        "BusinessUnit": site.company,
        "ValidationStatus": "Not validated",
        "invoiceLines": {"items": lines},
    }
    return {"items": [invoice], "count": 1, "hasMore": False}


def _released(event: Event, number: str) -> Native:
    at = _at(event.time)[:19]
    reason = str(event.attributes.get("reason", "price")).upper()
    body = _RELEASED.format(invoice=_id(number), hold=_hold(number), reason=reason, at=at)
    return Native(SYSTEM, body.encode(), carried(event))


def _id(number: str) -> str:
    """The surrogate id in a canonical number (`fusion:300000912345678`)."""
    return number.partition(":")[2]


def _hold(number: str) -> int:
    return int("88" + _id(number)[-8:])


_CONTENTS = {"requisition": _requisition, "goods_receipt": _receipt, "commitment": _commitment, "invoice": _invoice}
PRODUCT = Product(
    "fusion",
    SOURCE,
    frozenset(
        [f"requisition.{verb}" for verb in _REQUISITION]
        + [f"invoice.{verb}" for verb in _INVOICE]
        + [f"goods_receipt.{verb}" for verb in _RECEIPT]
        + ["commitment.posted"]
    ),
    tell,
    snapshots=frozenset({"requisition"}),
)
