"""SAP S/4HANA: CloudEvents of SAP's own types. Orders and invoices are thin; details come when asked for."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, answer, carried, verb_of, zulu

SYSTEM, SOURCE = "simulated_s4hana", "/sap-s4/prod"

_TYPES = {
    "purchase_order.created": "purchaseorder.v1.PurchaseOrder.Created",
    "purchase_order.approved": "purchaseorder.v1.PurchaseOrder.Approved",
    "goods_receipt.posted": "materialdocument.v1.MaterialDocument.Created",
    "goods_receipt.reversed": "materialdocument.v1.MaterialDocument.Created",
    "invoice.received": "supplierinvoice.v1.SupplierInvoice.Created",
    "invoice.exception": "supplierinvoice.v1.SupplierInvoice.Changed",
    "invoice.exceptioncleared": "supplierinvoice.v1.SupplierInvoice.Changed",
    "supplier.created": "supplier.v1.Supplier.Created",
}
_MOVEMENTS = {"posted": "101", "reversed": "102"}


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """The notification, and for a new order or invoice what S/4HANA answers about it."""
    kind, _, number = event.subject.partition("/")
    own = str(UUID(int=event.sequence, version=4))
    content = {
        "specversion": "1.0",
        "id": own,
        "source": "/default/sap.s4.beh/ER9CLNT100",
        "type": f"sap.s4.beh.{_TYPES[event.type.rpartition('.')[0]]}.v1",
        "time": zulu(event.time),
        "datacontenttype": "application/json",
        "data": _DATA[kind](number, event, document, site),
    }
    told = Native(SYSTEM, msgspec.json.encode(content), carried(event))
    yield told
    if event.type == "purchase_order.created.v1":
        yield answer(event, told, SOURCE, "order_details", own, _order_details(number, document, site))
    if event.type == "invoice.received.v1":
        yield answer(event, told, SOURCE, "invoice_details", own, _invoice_details(number, event, document))


def _order(number: str, _event: Event, _document: Document, _site: Site) -> dict[str, Any]:
    return {"PurchaseOrder": number}


def _receipt(number: str, event: Event, document: Document, site: Site) -> dict[str, Any]:
    material, year = number.split("/")
    return {
        "MaterialDocument": material,
        "MaterialDocumentYear": year,
        "GoodsMovementType": _MOVEMENTS[verb_of(event)],
        "PurchaseOrder": document.one("purchase_order"),
        "Plant": site.company,
        "IsCompletelyDelivered": document.attributes.get("delivery") == "complete",
    }


def _invoice(number: str, event: Event, document: Document, _site: Site) -> dict[str, Any]:
    company, own, year = number.split("/")
    data = {"CompanyCode": company, "SupplierInvoice": own, "FiscalYear": year}
    if verb_of(event) == "exception":
        return data | {"PaymentBlockingReason": document.attributes["reason"][:1].upper()}
    return data | {"PaymentBlockingReason": ""} if verb_of(event) == "exceptioncleared" else data


def _supplier(number: str, _event: Event, _document: Document, _site: Site) -> dict[str, Any]:
    return {"Supplier": number}


_DATA = {"purchase_order": _order, "goods_receipt": _receipt, "invoice": _invoice, "supplier": _supplier}


def _order_details(number: str, document: Document, site: Site) -> dict[str, Any]:
    """The order as OData has it: one item for each requisition, the amount on the first."""
    amount = document.amount
    items = [
        {
            "PurchaseOrderItem": str(place * 10),
            "PurchaseRequisition": requisition,
            "NetAmount": amount.value if amount is not None and place == 1 else "0.00",
        }
        for place, requisition in enumerate(document.objects["requisition"], start=1)
    ]
    order = {
        "PurchaseOrder": number,
        "CompanyCode": site.company,
        "Supplier": document.one("supplier"),
        "DocumentCurrency": amount.currency if amount else "",
        "to_PurchaseOrderItem": {"results": items},
    }
    return {"d": order}


def _invoice_details(number: str, event: Event, document: Document) -> dict[str, Any]:
    company, own, year = number.split("/")
    amount = document.amount
    invoice = {
        "CompanyCode": company,
        "SupplierInvoice": own,
        "FiscalYear": year,
        "PostingDate": f"/Date({event.time // 1000})/",
        "SupplierInvoiceIDByInvcgParty": f"RE{own[2:]}",
        "InvoicingParty": document.one("supplier"),
        "DocumentCurrency": amount.currency if amount else "",
        "InvoiceGrossAmount": amount.value if amount else "",
        "SupplierInvoiceStatus": "5",
        "to_SuplrInvcItemPurOrdRef": {
            "results": [{"PurchaseOrder": order} for order in document.objects["purchase_order"]]
        },
    }
    return {"d": invoice}


PRODUCT = Product("s4hana", SOURCE, frozenset(_TYPES), tell)
