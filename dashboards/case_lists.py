"""The list of cases behind a number: what the URL asks for in words, and pages of rows."""

from typing import Any, NamedTuple

from dashboards.address import Address
from dashboards.held_up import held_names
from dashboards.money_words import amount_words
from dashboards.paging import asked_rows
from dashboards.reading import Reader, Unanswered
from dashboards.restated import restated_cases
from dashboards.scope import EARLIEST, Desk, NothingYet, Scope
from dashboards.search import find
from dashboards.wording import NONE, count, humanised, interface_words, moment, status_word, time_left
from metrics.definitions.conformance_words import KIND_WORDS
from metrics.queries.rows import ListedCase

SORTABLE = ("case", "state", "facility", "department", "owner", "sla", "started", "last", "events", "deadline")
LIST_WORDS = {
    "open": "open",
    "closed": "closed",
    "breached": "open and breached",
    "at_risk": "open and at risk",
    "opened_today": "opened in the last day",
    "closed_today": "closed in the last day",
    "breached_today": "breached in the last day",
    "at_risk_today": "at risk since the last day",
    "recovered_today": "recovered in the last day",
    "conforming": "ended as they should",
    "astray": "open and deviating already",
    "deviating": "deviating from their definition",
    "held": "held up by a failed call",
}
BY_PERIOD = frozenset({"conforming", "astray", "deviating"})


class Named(NamedTuple):
    """A case by name."""

    process: str
    case_id: str


def read_cases(reader: Reader, scope: Scope, sort: str, offset: int, limit: int) -> list[ListedCase]:
    """One page of the cases the address asks for."""
    address, found = scope.address, named_cases(reader, scope)
    return reader.rows(
        "case_list",
        ListedCase,
        **scope.case_filter,
        as_of=scope.as_of,
        state=address.state,
        sla=address.sla,
        clock=address.clock,
        list="" if address.list == "held" else address.list,
        deviation=address.deviation,
        since=scope.since if address.deviation or address.list in BY_PERIOD else EARLIEST,
        interface="" if address.list == "held" else address.interface,
        interface_days=address.call_days,
        by_ids=1 if address.q or address.restated or address.list == "held" else 0,
        id_processes=[row.process for row in found],
        ids=[row.case_id for row in found],
        sort=sort,
        offset=offset,
        limit=limit,
    )


def named_cases(reader: Reader, scope: Scope) -> list[Named]:
    """The cases that the list is narrowed to by name: those of an id, of a restated figure, or those held up."""
    address = scope.address
    if address.q:
        return [Named(row.process, row.case_id) for row in find(reader, address.q)]
    if address.list == "held":
        return [Named(scope.size.process, row.case_id) for row in held_names(reader, scope, address.interface)]
    return [Named(row.process, row.case_id) for row in restated_cases(reader, address.restated)]


def case_page(desk: Desk, address: Address, request: Any) -> dict[str, Any]:
    """One page as the grid takes it."""
    asked = asked_rows(request)
    try:
        scope = desk.scope(address)
        cases = read_cases(desk.reader, scope, asked.sort(SORTABLE), asked.start, asked.limit)
        rows = [case_row(case, desk, scope) for case in cases]
    except (Unanswered, NothingYet):
        return {"rowData": [], "rowCount": 0}
    return {"rowData": rows, "rowCount": cases[0].total if cases else asked.start}


def case_row(case: ListedCase, desk: Desk, scope: Scope) -> dict[str, Any]:
    """One ready-to-show row."""
    view = desk.view(case.process)
    left = case.deadline_us - scope.as_of if case.deadline_us is not None and case.status == "open" else None
    return {
        "key": f"{case.process}|{case.case_id}",
        "case": case.case_id,
        "href": "/case" + Address(process=case.process, id=case.case_id, time=scope.address.time).search(),
        "process": view.title,
        "state": f"Closed: {humanised(case.state)}" if case.status == "closed" else view.state_title(case.state),
        "status": case.sla or case.status,
        "status_word": status_word(case.sla or case.status),
        "deadline": NONE if left is None else time_left(left),
        "started": moment(case.first_us),
        "last": moment(case.last_us),
        "events": count(case.events),
        "amount": amount_words(case.amount, case.currency),
        "facility": humanised(case.facility),
        "department": humanised(case.department),
        "owner": humanised(case.owner) or NONE,
    }


def list_words(scope: Scope, total: int) -> str:
    """What the list holds, as a sentence."""
    address, view = scope.address, scope.view
    if address.q:
        return f"{count(total)} cases that the id “{address.q}” belongs to"
    if address.restated:
        return f"{count(total)} cases that changed a published figure"
    parts = [f"{count(total)} case{'' if total == 1 else 's'} of {view.title}"]
    if address.list:
        parts.append(LIST_WORDS[address.list])
    if address.state:
        parts.append(f"in “{view.state_title(address.state) if view.states else view.activity_title(address.state)}”")
    if address.sla or address.clock:
        which = view.sla_title(address.sla) if address.sla else "of any SLA"
        parts.append(f"clock {which} {status_word(address.clock).lower() if address.clock else ''}".strip())
    if address.deviation:
        kind, _, rule = address.deviation.partition(": ")
        parts.append(f"{KIND_WORDS.get(kind, kind).lower()}: {rule}")
    if address.list == "held":
        through = f" through “{interface_words(address.interface)}”" if address.interface else ""
        return ", ".join(parts) + through
    if address.interface:
        since = "day" if address.call_days == 1 else f"{address.call_days} days"
        parts.append(f"that called “{interface_words(address.interface)}” in the last {since}")
    parts += [humanised(value) for value in (address.facility, address.department) if value]
    return ", ".join(parts)
