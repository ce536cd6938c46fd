"""One order as four products tell it, each in its own dialect: how a hospital's buying looks from outside."""

import json
from typing import Any

REQUISITION, ORDER, SUPPLIER, INVOICE = "55120", "4500017203", "1288", "LB-2026-0419"

Told = tuple[str, bytes]
"""The system's name, and its message."""


def requisition(status: str, at: str) -> Told:
    """Coupa sends the whole requisition after each change."""
    told = {
        "id": int(REQUISITION), "status": status, "total": "12480.50", "currency": {"code": "USD"},
        "requested-by": {"id": 41, "login": "w204417", "employee-number": "204417"}, "department": {"name": "Surgery"},
        "requisition-lines": [{"id": 1}], "created-at": "2026-03-02T08:00:00-08:00", "updated-at": at,
        "submitted-at": None if status == "draft" else "2026-03-02T09:00:00-08:00", "reject-reason-comment": None,
    }  # fmt: skip
    return "coupa", json.dumps(told).encode()


def order_created() -> Told:
    """S/4HANA says only that there is an order; what it serves has to be asked."""
    told = {
        "specversion": "1.0", "id": "QgEBrBNQHu6k1Xn3s0p4Sg==", "source": "/default/sap.s4.beh/ER9CLNT100",
        "type": "sap.s4.beh.purchaseorder.v1.PurchaseOrder.Created.v1", "time": "2026-03-04T18:53:06Z",
        "datacontenttype": "application/json", "data": {"PurchaseOrder": ORDER},
    }  # fmt: skip
    return "s4hana", json.dumps(told).encode()


def order_details() -> bytes:
    """The answer of S/4HANA's interface."""
    item = {"PurchaseOrderItem": "10", "NetAmount": "12480.50", "PurchaseRequisition": REQUISITION}
    order = {"PurchaseOrder": ORDER, "Supplier": SUPPLIER, "DocumentCurrency": "USD", "CompanyCode": "1010"}
    return json.dumps({"d": {**order, "to_PurchaseOrderItem": {"results": [item]}}}).encode()


def cxml(payload: str, at: str, request: str, sender: str = "HOSPITAL") -> Told:
    """A message on the business network; the supplier is known there by the buyer's own number."""
    receiver = "HOSPITAL" if sender == SUPPLIER else SUPPLIER
    return (
        "ariba",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<cXML payloadID="{payload}@network.invalid" timestamp="{at}" xml:lang="en-US"><Header>
  <From><Credential domain="privateid"><Identity>{sender}</Identity></Credential></From>
  <To><Credential domain="privateid"><Identity>{receiver}</Identity></Credential></To>
  <Sender><Credential domain="NetworkID"><Identity>{sender}</Identity><SharedSecret>canary-Secret-17</SharedSecret>
  </Credential><UserAgent>Story</UserAgent></Sender></Header>
  <Request deploymentMode="production">{request}</Request></cXML>""".encode(),
    )


REFERENCE = f'<OrderReference orderID="{ORDER}"/>'
MONEY = '<Money currency="USD">12480.50</Money>'
ISSUED = cxml(
    "order", "2026-03-05T09:00:00-05:00",
    f'<OrderRequest><OrderRequestHeader orderID="{ORDER}" orderDate="2026-03-05T08:59:41-05:00" type="new">'
    f"<Total>{MONEY}</Total></OrderRequestHeader>"
    f'<ItemOut quantity="5" lineNumber="1" requisitionID="{REQUISITION}"/></OrderRequest>',
)  # fmt: skip
CONFIRMED = cxml(
    "confirmation", "2026-03-06T10:00:01-05:00",
    '<ConfirmationRequest><ConfirmationHeader confirmID="C-7781" operation="new" type="accept"'
    f' noticeDate="2026-03-06T10:00:00-05:00"/>{REFERENCE}</ConfirmationRequest>',
    SUPPLIER,
)  # fmt: skip
RECEIVED = cxml(
    "receipt", "2026-03-10T16:11:00-05:00",
    '<ReceiptRequest><ReceiptRequestHeader receiptID="RC-1" receiptDate="2026-03-10T16:10:00-05:00" operation="new"/>'
    f"<ReceiptOrder><ReceiptOrderInfo>{REFERENCE}</ReceiptOrderInfo>"
    '<ReceiptItem quantity="5" receiptLineNumber="1"/></ReceiptOrder></ReceiptRequest>',
)  # fmt: skip
BILLED = cxml(
    "invoice", "2026-03-12T12:00:01-05:00",
    f'<InvoiceDetailRequest><InvoiceDetailRequestHeader invoiceID="{INVOICE}" purpose="standard" operation="new"'
    ' invoiceDate="2026-03-12T12:00:00-05:00"/><InvoiceDetailOrder><InvoiceDetailOrderInfo>'
    f"{REFERENCE}</InvoiceDetailOrderInfo></InvoiceDetailOrder>"
    f"<InvoiceDetailSummary><GrossAmount>{MONEY}</GrossAmount></InvoiceDetailSummary></InvoiceDetailRequest>",
    SUPPLIER,
)  # fmt: skip


def payment_created() -> Told:
    """Fusion pays; which invoices, it tells only when asked."""
    told = {
        "eventName": "Payables Payment Created", "checkId": 300000900112233, "paymentNumber": 50417,
        "paymentDate": "2026-03-28", "paidAmount": 12480.50, "paymentCurrency": "USD", "paymentMethod": "EFT",
    }  # fmt: skip
    return "fusion_erp", json.dumps(told).encode()


def payment_details() -> bytes:
    """The answer of Fusion's interface."""
    invoice: dict[str, Any] = {
        "InvoiceId": 300000912345678, "InvoiceNumber": INVOICE, "AmountPaidPaymentCurrency": 12480.50,
    }  # fmt: skip
    payment = {
        "CheckId": 300000900112233, "PaymentNumber": 50417, "PaymentDate": "2026-03-28", "PaymentCurrency": "USD",
        "SupplierNumber": SUPPLIER, "relatedInvoices": {"items": [invoice]},
    }  # fmt: skip
    return json.dumps({"items": [payment], "count": 1, "hasMore": False}).encode()


STORY: list[Told] = [
    requisition("draft", "2026-03-02T08:00:00-08:00"),
    requisition("pending_approval", "2026-03-02T09:00:01-08:00"),
    requisition("approved", "2026-03-03T10:00:00-08:00"),
    order_created(),
    ISSUED,
    CONFIRMED,
    RECEIVED,
    BILLED,
    payment_created(),
]
ANSWERS: dict[str, tuple[str, bytes]] = {
    f"purchase_order/{ORDER}": ("s4hana", order_details()),
    "payment/fusion:300000900112233": ("fusion_erp", payment_details()),
}
"""By the subject of the thin event: who is asked, and what comes back."""

MILESTONES = [
    "created", "submitted", "approved", "po_created", "po_issued", "po_acknowledged", "received", "invoice_received",
    "paid",
]  # fmt: skip
