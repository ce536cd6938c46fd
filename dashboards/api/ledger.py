"""The ledger of spend and labour: totals by one dimension, and the documents behind them."""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.api.forms import Form
from dashboards.api.operation import Desk, Operation
from dashboards.api.paging import begins_after, page_form, page_of
from dashboards.api.parameters import Cursor, Limit, Since, Until, told, window
from metrics.queries.api_rows import ApiDocument, ApiTotal

STANDARD_DAYS, MOST_DAYS = 90, 800
Stage = Annotated[str, Meta(description="Only this stage, such as committed or paid.", min_length=1)]
Dimension = Literal["facility", "department", "cost_center", "supplier", "process", "category", "legal_entity"]
Value = Annotated[str, Meta(description="Only this one; ? for documents that do not tell.", min_length=1)]
TOTAL: Final = Form(ApiTotal, "LedgerTotal")
DOCUMENT: Final = Form(ApiDocument, "LedgerDocument")


class LedgerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which documents."""

    stage: Stage | UnsetType = UNSET
    facility: Value | UnsetType = UNSET
    department: Value | UnsetType = UNSET
    cost_center: Value | UnsetType = UNSET
    supplier: Value | UnsetType = UNSET
    since: (
        Annotated[Since, Meta(description=f"From this time on; {STANDARD_DAYS} days before `until`.")] | UnsetType
    ) = UNSET
    until: Annotated[Until, Meta(description="Before this time; now where it is left out.")] | UnsetType = UNSET
    limit: Limit = 100
    cursor: Cursor | UnsetType = UNSET


class TotalsAsked(LedgerFilter, frozen=True, kw_only=True):
    """Which documents, and how their totals are cut."""

    by: Annotated[Dimension, Meta(description="The dimension of the totals.")] = "facility"


def list_totals(desk: Desk, asked: TotalsAsked) -> Any:
    """Totals by stage, month, value and currency."""
    stage, month, value, currency = begins_after(asked.cursor, 4)
    rows = desk.reader.rows(
        "api_ledger_totals", ApiTotal, **_narrowed(desk, asked), by=asked.by, after_stage=stage, after_month=month,
        after_value=value, after_currency=currency, limit=asked.limit + 1,
    )  # fmt: skip
    return page_of(rows, asked.limit, lambda row: (row.stage, row.month, row.value, row.currency), TOTAL.of)


def list_documents(desk: Desk, asked: LedgerFilter) -> Any:
    """Document lines by key."""
    stage, kind, id_, line = begins_after(asked.cursor, 4)
    rows = desk.reader.rows(
        "api_ledger_documents", ApiDocument, **_narrowed(desk, asked), after_stage=stage, after_type=kind,
        after_id=id_, after_line=line, limit=asked.limit + 1,
    )  # fmt: skip
    return page_of(
        rows, asked.limit, lambda one: (one.stage, one.document_type, one.document_id, one.line), DOCUMENT.of
    )


def _narrowed(desk: Desk, asked: LedgerFilter) -> dict[str, Any]:
    since, until = window(asked.since, asked.until, desk.wall(), STANDARD_DAYS, MOST_DAYS)
    return {
        "stage": told(asked.stage), "facility": told(asked.facility), "department": told(asked.department),
        "cost_center": told(asked.cost_center), "supplier": told(asked.supplier), "since": since, "until": until,
    }  # fmt: skip


OPERATIONS: Final = (
    Operation("/ledger/totals", "listLedgerTotals", "ledger",
              "Money and hours by stage, month and one dimension, each currency for itself; "
              f"{MOST_DAYS} days at most.", "/spend", TotalsAsked, page_form(TOTAL.type), list_totals),
    Operation("/ledger/documents", "listLedgerDocuments", "ledger",
              f"The document lines behind the totals, by key; {MOST_DAYS} days at most.", "/spend", LedgerFilter,
              page_form(DOCUMENT.type), list_documents),
)  # fmt: skip
