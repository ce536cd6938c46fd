"""Lists of Spend & labour: what holds money up and whose it is, and the documents behind a number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dashboards.address import Address
from dashboards.components.grids import sized
from dashboards.filling import Empty, Request
from dashboards.paging import asked_rows
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk, NothingYet, Scope
from dashboards.spend_book import asked_of, narrowed, spend_scope, wait_for_turn
from dashboards.wording import NONE, count, humanised, moment
from metrics.ledger.asking import UNTOLD, read_blocked
from metrics.ledger.book import NOT_TOLD, TITLES
from metrics.ledger.causes import by_owner, money_words
from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import SpendBlocked, SpendDocument

MOST_CAUSES = 8


def fill_causes(desk: Desk, rates: Rates, request: Request) -> list[Any]:
    """The causes that hold most money up; raises Empty when none does, or when no case tells what is asked for."""
    wait_for_turn(request)
    found = read_blocked(desk.reader, asked_of(spend_scope(request), rates))
    if not found:
        raise Empty("No open case has broken a deadline." if found is not None else f"{UNTOLD}.")
    causes = by_owner(found, lambda one: cause_owner(desk, one))
    rows = [cause_row(desk, one, request.scope.address) for one in causes[:MOST_CAUSES]]
    return sized(rows, MOST_CAUSES)


def cause_owner(desk: Desk, one: SpendBlocked) -> str:
    """Who answers for the deadline, else for the cases."""
    sla = desk.view(one.process).slas.get(one.sla)
    return (sla.owner if sla else "") or one.owner


def cause_row(desk: Desk, one: SpendBlocked, address: Address) -> dict[str, Any]:
    """One ready-to-show row: the deadline that was broken first, its owner, its cases and their money."""
    view = desk.view(one.process)
    wanted = {"process": one.process, "list": "breached", "sla": one.sla, "facility": address.facility}
    href = "/cases" + Address.model_validate({**wanted, "department": address.department}).search()
    return {
        "key": f"{one.process}/{one.sla}/{one.owner}/{one.currency}",
        "case": view.sla_title(one.sla),
        "href": href,
        "process": view.title,
        "owner": humanised(cause_owner(desk, one)) or NONE,
        "cases": count(one.cases),
        "money": money_words(one),
    }


def documents_words(stage: str, scope: Scope) -> str:
    """What the list of documents shows."""
    if not stage:
        return "Choose a number above to see the documents behind it."
    filters = [value for value in narrowed(scope.address).values() if value]
    place = ", ".join("not told" if value == NOT_TOLD else humanised(value) for value in filters)
    return f"{TITLES.get(stage, humanised(stage))}{f': {place}' if place else ''}, newest first"


def read_documents(reader: Reader, scope: Scope, offset: int, limit: int) -> Sequence[SpendDocument]:
    """One page of the documents behind the chosen number."""
    if not scope.address.stage:
        return []
    filters = narrowed(scope.address)
    asked = {"since": scope.since, "as_of": scope.as_of, "limit": limit, "offset": offset}
    return reader.rows("spend_documents", SpendDocument, stage=scope.address.stage, **asked, **filters)


def documents_page(desk: Desk, address: Address, request: Any) -> dict[str, Any]:
    """One page as the grid takes it."""
    asked = asked_rows(request)
    try:
        found = read_documents(desk.reader, desk.scope(address), asked.start, asked.limit)
    except (Unanswered, NothingYet):
        return {"rowData": [], "rowCount": 0}
    return {"rowData": [document_row(row) for row in found], "rowCount": found[0].total if found else asked.start}


def document_row(row: SpendDocument) -> dict[str, Any]:
    """One ready-to-show row; its link opens the case."""
    case = Address.model_validate({"process": row.process, "id": row.case_id}).search() if row.case_id else ""
    line = f" line {row.line}" if row.line else ""
    return {
        "key": f"{row.document_type}/{row.document_id}/{row.line}",
        "case": f"{row.document_id}{line}",
        "href": f"/case{case}" if case else "",
        "type": humanised(row.document_type),
        "time": moment(row.time_us),
        "place": " · ".join(humanised(part) for part in (row.facility, row.department) if part) or "Not told",
        "cost_center": row.cost_center or NONE,
        "supplier": row.supplier or NONE,
        "amount": amount_text(row),
        "hours": f"{Decimal(row.hours):,.1f}" if row.hours else NONE,
    }


def amount_text(row: SpendDocument) -> str:
    """The document's own amount in its own currency; what follows from its order is marked."""
    if not row.amount:
        return NONE
    return f"{Decimal(row.amount):,.2f} {row.currency}{' (from its order)' if row.valued else ''}"
