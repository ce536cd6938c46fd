"""What can happen in the story of the browser tests: the steps and clocks of its three processes."""

from typing import NamedTuple


class Step(NamedTuple):
    """A step of a process: what is reached, by which event and interface, and the state it leads to."""

    milestone: str
    activity: str
    object_type: str
    state: str
    hours: float
    service: str
    interface: str


class Sla(NamedTuple):
    """A clock of the story: from one milestone to another within `hours` of wall time."""

    name: str
    start: str
    stop: str
    hours: float


class Plot(NamedTuple):
    """One process of the story; `pause` names the state in which its clocks stand still."""

    process: str
    case_prefix: str
    steps: tuple[Step, ...]
    slas: tuple[Sla, ...]
    outcome: str
    pause: str


PLOTS = (
    Plot(
        "requisition_to_pay",
        "R-",
        (
            Step("created", "requisition.created.v1", "requisition", "draft", 0, "coupa", "coupa → hub requisitions"),
            Step(
                "submitted",
                "requisition.submitted.v1",
                "requisition",
                "approval",
                4,
                "coupa",
                "coupa → hub requisitions",
            ),
            Step("approved", "requisition.approved.v1", "requisition", "buying", 16, "coupa", "coupa → hub approvals"),
            Step(
                "po_created",
                "purchase_order.created.v1",
                "purchase_order",
                "order_approval",
                12,
                "oracle-erp",
                "hub → oracle purchase orders",
            ),
            Step(
                "po_approved",
                "purchase_order.approved.v1",
                "purchase_order",
                "order_release",
                6,
                "oracle-erp",
                "hub → oracle purchase orders",
            ),
            Step(
                "po_issued",
                "purchase_order.issued.v1",
                "purchase_order",
                "ordered + confirmation",
                8,
                "jaggaer",
                "oracle → jaggaer order dispatch",
            ),
            Step(
                "po_acknowledged",
                "purchase_order.acknowledged.v1",
                "purchase_order",
                "ordered + delivery",
                20,
                "jaggaer",
                "jaggaer → oracle confirmations",
            ),
            Step(
                "received",
                "goods_receipt.posted.v1",
                "goods_receipt",
                "ordered + part_delivery",
                90,
                "warehouse",
                "warehouse → oracle receipts",
            ),
            Step(
                "invoice_received",
                "invoice.received.v1",
                "invoice",
                "matching",
                48,
                "ap-gateway",
                "edi → oracle invoices",
            ),
            Step(
                "invoice_approved",
                "invoice.approved.v1",
                "invoice",
                "payable",
                40,
                "oracle-erp",
                "oracle invoice matching",
            ),
            Step("paid", "invoice.paid.v1", "invoice", "", 130, "bank-gateway", "oracle → bank payments"),
        ),
        (
            Sla("approval", "submitted", "approved", 26),
            Sla("requisition_to_po", "submitted", "po_issued", 70),
            Sla("po_release", "po_created", "po_issued", 26),
            Sla("po_acknowledgement", "po_issued", "po_acknowledged", 36),
            Sla("delivery", "po_issued", "received", 190),
            Sla("invoice_to_pay", "invoice_received", "paid", 330),
        ),
        "paid",
        "ordered",
    ),
    Plot(
        "employee_onboarding",
        "W-",
        (
            Step("hired", "worker.hired.v1", "worker", "onboarding", 0, "workday", "workday → hub hires"),
            Step(
                "account_requested",
                "user_account.requested.v1",
                "user_account",
                "onboarding",
                2,
                "identity",
                "hub → identity provisioning",
            ),
            Step(
                "account_created",
                "user_account.created.v1",
                "user_account",
                "onboarding",
                6,
                "identity",
                "hub → identity provisioning",
            ),
            Step(
                "cost_center_assigned",
                "cost_center.assigned.v1",
                "position",
                "onboarding",
                16,
                "oracle-erp",
                "hub → oracle cost centres",
            ),
            Step(
                "procurement_access",
                "access.granted.v1",
                "access_grant",
                "onboarding",
                20,
                "coupa",
                "identity → coupa users",
            ),
            Step(
                "approval_chain",
                "approval_chain.assigned.v1",
                "approval_chain",
                "onboarding",
                12,
                "coupa",
                "identity → coupa users",
            ),
            Step("training_completed", "training.completed.v1", "training", "onboarding", 150, "lms", "hub → learning"),
            Step("ready", "worker.ready.v1", "worker", "", 30, "workday", "hub → workday status"),
        ),
        (
            Sla("account", "hired", "account_created", 14),
            Sla("cost_center", "hired", "cost_center_assigned", 36),
            Sla("able_to_order", "hired", "approval_chain", 90),
            Sla("whole", "hired", "ready", 400),
        ),
        "ready",
        "onboarding",
    ),
    Plot(
        "supplier_onboarding",
        "S-",
        (
            Step(
                "requested",
                "supplier.requested.v1",
                "supplier",
                "registration",
                0,
                "jaggaer",
                "jaggaer → hub suppliers",
            ),
            Step(
                "documents_requested",
                "supplier.document_requested.v1",
                "supplier",
                "documents",
                12,
                "jaggaer",
                "jaggaer → hub suppliers",
            ),
            Step(
                "documents_received",
                "supplier.document_received.v1",
                "supplier_document",
                "review",
                60,
                "jaggaer",
                "hub → sanctions screening",
            ),
            Step("approved", "supplier.approved.v1", "supplier", "vendor_record", 60, "contracts", "contracts → hub"),
            Step(
                "vendor_created",
                "supplier.created.v1",
                "supplier",
                "syncing",
                20,
                "oracle-erp",
                "hub → oracle suppliers",
            ),
            Step("active", "supplier.activated.v1", "supplier", "", 24, "oracle-erp", "hub → oracle suppliers"),
        ),
        (Sla("review", "documents_received", "approved", 80), Sla("whole", "requested", "active", 300)),
        "active",
        "documents",
    ),
)
TROUBLED = "oracle → jaggaer order dispatch"
