"""Rows of the ledger for the page Spend & labour: orders to payments, agency labour and open positions."""

from collections.abc import Iterator

from metrics.words import DAY
from tests.browser.seed_rows import Row

STAGES = ("requested", "committed", "received", "invoiced", "paid")
KINDS = ("requisition", "purchase_order", "goods_receipt", "invoice", "payment")


def ledger_rows(anchor: int) -> Iterator[Row]:
    """Fourteen orders that went different ways, ten timesheets, two assignments, open positions and budgets."""
    for number in range(14):
        for step, (stage, kind) in enumerate(zip(STAGES[: 1 + number % 5], KINDS, strict=False)):
            yield _row(
                stage, kind, f"{kind}-{number}", anchor - (4 * number - step) * DAY, number, f"{1000 + number}.25"
            )
    for number in range(10):
        for stage, hours in (("worked", "44"), ("premium", "4")):
            row = _row(stage, "timesheet", f"T-{number}", anchor - 5 * number * DAY, number, "3520.00", labour=1)
            role = ("registered_nurse", "lab_technician")[number % 3 == 1]
            named = {"named_types": ["contingent"], "named_ids": [f"C-{number}"], "category": role}
            yield row | {"hours": hours, **named}
    for number in range(2):
        yield _row("committed", "assignment", f"A-{number}", anchor - 8 * DAY, number, "4400.00", labour=1)
        for labour, kind, amount in ((0, "budget", "20000.00"), (1, "labour_budget", "10000.00")):
            yield _row("budget", kind, f"{kind}-{number}", anchor - 19 * DAY, number, amount, labour)
        yield _row("vacant", "position", f"V-{number}", anchor - 9 * DAY, number, "", labour=1)


def _row(stage: str, kind: str, document: str, time: int, number: int, amount: str, labour: int = 0) -> Row:
    return {
        "stage": stage, "document_type": kind, "document_id": document, "line": "", "version": 1, "gone": 0,
        "event_id": f"{stage}{document}", "time": time, "labour": labour, "legal_entity": "LE1",
        "facility": ("north", "children")[number % 2], "department": ("icu", "surgery")[number % 2],
        "cost_center": "4711", "supplier": f"S-{number % 3}", "category": "", "process": "requisition_to_pay",
        "case_processes": [], "case_ids": [], "named_types": [], "named_ids": [], "currency": "USD", "amount": amount,
        "valued": 0, "hours": "", "simulated": 1, "content": 1,
    }  # fmt: skip
