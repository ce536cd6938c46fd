"""The lists of Data quality: exceptions page by page, hops between systems, and nightly files."""

from decimal import Decimal
from typing import Any

import msgspec
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.grids import sized
from dashboards.domains import Domains
from dashboards.filling import Empty, Request
from dashboards.paging import asked_rows
from dashboards.quality_words import KINDS, PATH, list_link, state_look
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk, NothingYet, Scope
from dashboards.wording import NONE, count, duration, humanised, moment, percent
from metrics.queries.data_quality_rows import QualityFile, QualityRow
from metrics.queries.quality_rows import HopLatency

TICKS_BETWEEN = 6
_CHECKS = {"equal": ("met", "Adds up"), "short": ("breached", "Short"), "not_comparable": ("paused", "Not comparable")}
_FILES = {"waiting": ("at_risk", "Waiting"), "refused": ("breached", "Refused"), "sending": ("running", "Sending")}


def read_list(reader: Reader, domains: Domains, scope: Scope, offset: int, limit: int) -> list[QualityRow]:
    """One page of the exceptions that the address asks for."""
    address = scope.address
    return reader.rows(
        "data_quality_list",
        QualityRow,
        as_of=scope.as_of,
        kind=address.fault,
        **{name: getattr(address, name) for name in ("domain", "owner", "system", "state")},
        **domains.owner_parameters,
        **domains.object_parameters,
        **domains.source_parameters,
        offset=offset,
        limit=limit,
    )


def list_page(desk: Desk, domains: Domains, address: Address, request: Any) -> dict[str, Any]:
    """One page as the grid takes it."""
    asked = asked_rows(request)
    try:
        scope = desk.scope(address)
        found = read_list(desk.reader, domains, scope, asked.start, asked.limit)
    except (Unanswered, NothingYet):
        return {"rowData": [], "rowCount": 0}
    rows = [list_row(row, domains, scope) for row in found]
    return {"rowData": rows, "rowCount": found[0].total if found else asked.start}


def list_row(row: QualityRow, domains: Domains, scope: Scope) -> dict[str, Any]:
    """One ready-to-show row; its link opens the detail beside the list."""
    look, word = state_look(row.status, row.kind)
    return {
        "key": row.id,
        "case": what(row),
        "href": PATH + scope.address.with_(finding=row.id).search(),
        "kind": KINDS[row.kind].single,
        "detail": row.detail,
        "systems": ", ".join(domains.system_title(name) for name in row.systems),
        "domain": domains.title(row.domain) if row.domain else NONE,
        "owner": humanised(row.owner) or NONE,
        "since": moment(row.opened_us),
        "status": look,
        "status_word": word,
        "chosen": row.id == scope.address.finding,
    }


def what(row: QualityRow) -> str:
    """The object an exception is about, in words."""
    if row.subject_type in ("file", "event_type"):
        return row.subject_id
    return f"{humanised(row.subject_type)} {row.subject_id}".strip()


def fill_words(reader: Reader, domains: Domains, request: Request) -> list[str]:
    """The sentence above the list; raises Empty with good news when nothing is in it."""
    scope = request.scope
    found = read_list(reader, domains, scope, 0, 1)
    if not found:
        raise Empty(none_words(scope.address))
    return [list_words(scope.address, domains, found[0].total)]


def none_words(address: Address) -> str:
    """Why the list is empty."""
    narrowed = any((address.domain, address.owner, address.system, address.state))
    kind = KINDS[address.fault].many if address.fault else "exceptions of data quality"
    return f"There are no {kind} {'with these filters' if narrowed else 'that need work'}."


def list_words(address: Address, domains: Domains, total: int) -> str:
    """What the list holds, as a sentence."""
    kind = KINDS[address.fault].many if address.fault else "exceptions"
    parts = [f"{count(total)} {kind}"]
    parts += [f"of {domains.title(address.domain)}"] if address.domain else []
    parts += [f"owned by {humanised(address.owner)}"] if address.owner else []
    parts += [f"told by {domains.system_title(address.system)}"] if address.system else []
    state = "that need work" if not address.state else "in any state" if address.state == "all" else address.state
    return f"{', '.join(parts)} {state}."


def fill_hops(reader: Reader, domains: Domains, request: Request) -> list[Any]:
    """Rows of the hops, the worst first."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    address = request.scope.address
    hops = [
        hop
        for hop in reader.rows("quality_latency", HopLatency)
        if address.domain in ("", hop.domain) and address.system in ("", hop.system, hop.target)
    ]
    if not hops:
        raise Empty("No change of a system of record has been followed to another system yet.")
    hops.sort(key=lambda hop: (-(hop.late + hop.missing) / max(hop.decided, 1), -hop.changes))
    return sized([hop_row(hop, domains, address) for hop in hops], 8)


def hop_row(hop: HopLatency, domains: Domains, address: Address) -> dict[str, Any]:
    """One ready-to-show row: what is accepted against what it took."""
    missed = hop.late + hop.missing
    share = 1 - missed / hop.decided if hop.decided else None
    look = ("paused", "Not known yet") if share is None else ("met", "In time") if not missed else (
        ("at_risk", "Late at times") if share >= 0.9 else ("breached", "Too slow")
    )  # fmt: skip
    return {
        "key": "|".join((hop.subject_type, hop.field_group, hop.system, hop.target, str(hop.simulated))),
        "hop": f"{domains.system_title(hop.system)} → {domains.system_title(hop.target)}",
        "what": f"{humanised(hop.subject_type)}: {humanised(hop.field_group).lower()}",
        "domain": domains.title(hop.domain),
        "accepted": duration(hop.accepted_us),
        "median": duration(hop.median_us),
        "p90": duration(hop.p90_us),
        "share": percent(share),
        "changes": count(hop.changes),
        "missed": {"text": count(missed), "href": list_link(address, fault="propagation", system=hop.target)}
        if missed
        else {"text": "–", "tone": "quiet"},
        "status": look[0],
        "status_word": look[1],
    }


def fill_files(reader: Reader, request: Request) -> list[Any]:
    """Rows of the nightly files, those that do not add up first."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    files = reader.rows("data_quality_files", QualityFile, system="", content="")
    if not files:
        raise Empty("No watched folder has brought a file yet.")
    return sized([file_row(file, request.scope.address) for file in files], 7)


def file_row(file: QualityFile, address: Address) -> dict[str, Any]:
    """One ready-to-show row: rows and money at the source, on the bus, in the store."""
    look, word = _FILES.get(file.state) or _CHECKS.get(file.checked, ("running", "Not checked yet"))
    return {
        "key": f"{file.system}|{file.name}|{file.content}",
        "case": file.name,
        "href": PATH + address.with_(finding=f"file:{file.content or file.name}").search(),
        "system": file.system,
        "day": file.business_date or moment(file.seen_us)[:10],
        "declared": NONE if file.rows_declared is None else count(file.rows_declared),
        "rows": count(file.rows),
        "events": NONE if file.events is None else count(file.events),
        "stored": NONE if file.events_stored is None else count(file.events_stored),
        "sent_money": money_words(file.amounts),
        "stored_money": money_words(file.amounts_stored),
        "status": look,
        "status_word": word,
        "reason": file.reason,
    }


def money_words(text: str) -> str:
    """Decimal texts by currency, as money."""
    amounts = msgspec.json.decode(text or "{}", type=dict[str, str])
    return ", ".join(f"{Decimal(value):,.2f} {currency}" for currency, value in sorted(amounts.items())) or NONE
