"""Audit: who signed on, looked at what and did what, and whether the log still holds."""

from collections.abc import Iterable, Iterator
from heapq import nlargest
from pathlib import Path
from typing import Any

from dash import Dash, Output, html
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import card
from dashboards.components.controls import page_head
from dashboards.components.grids import WIDE, column, grid
from dashboards.filling import Empty, Request, fill_card
from dashboards.page import Page
from dashboards.reading import Reader
from dashboards.scope import Desk
from dashboards.wording import count, deed_words, inline, second_moment
from metrics.access.audit import FILE, AuditLog, verify
from metrics.queries.audit_rows import Deed
from metrics.settings import read_settings

SHOWN = 500
NOBODY_SIGNS_ON = (
    "Nobody has to sign on here, so looks are not noted. What people do about alerts and exceptions is. "
    "“FLOWGLASS_ACCESS=on” turns sign-on and the audit log on."
)
BEYOND = "The log covers more than your role reaches: only what people did about what you see is shown."


def layout(_address: Address) -> html.Div:
    """The page's structure, the list loading."""
    columns = [
        column("time", "Time (UTC)", minWidth=178, maxWidth=190),
        column("who", "Who", minWidth=74, maxWidth=220),
        column("did", "Did", minWidth=128, maxWidth=220),
        column("what", "What", minWidth=260, flex=3),
        column("more", "Role, process, from where", minWidth=180, **WIDE),
    ]
    chain = html.P(id="audit-chain", className="fg-lead", role="status")
    return html.Div(
        [
            page_head("Audit", []),
            card("audit", "Newest first", html.Div([chain, grid("audit-grid", columns, "Audit log", height=604)]),
                 height=400),
        ]
    )  # fmt: skip


def register(app: Dash, desk: Desk) -> None:
    """The callback of the list; the log is the one that `flowglass dashboards` writes."""
    settings = read_settings()
    file = settings.access_folder / FILE
    outputs = [Output("audit-chain", "children"), Output("audit-grid", "rowData")]
    fill_card(app, desk, "audit", outputs, lambda asked: fill_audit(desk.reader, file, asked, desk.sees_everything()))


def fill_audit(reader: Reader, file: Path, request: Request, whole: bool = True) -> list[Any]:
    """The state of the chain and the newest lines; raises Empty when nothing was ever noted.

    `whole`: who asks reaches the whole store. The log tells of all cases, so that nobody else sees its lines.
    """
    if request.ticked:  # the whole chain is read: when the page is opened, not every few seconds
        raise PreventUpdate
    deeds = (deed_row(deed) for deed in reader.rows("people_did", Deed))
    rows = [row for _, row in newest([*(log_rows(file) if whole else ()), *deeds])]
    if not rows and not file.exists():
        raise Empty(NOBODY_SIGNS_ON)
    return [chain_text(file) if whole else BEYOND, [{"key": str(index), **row} for index, row in enumerate(rows)]]


def newest(rows: Iterable[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """The newest rows, the newest first."""
    return nlargest(SHOWN, rows, key=lambda row: row[0])


def log_rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines of the audit log with their times; none when it can't be read as one (the chain's text says so)."""
    try:
        entries = list(AuditLog(file).entries())
        for entry in entries:
            more = ", ".join(str(entry[key]) for key in ("role", "process", "address") if entry.get(key))
            yield entry["at"], _row(entry["at"], entry["who"], entry["did"], entry["what"], more)
    except (ValueError, KeyError, TypeError, OSError):
        return


def deed_row(deed: Deed) -> tuple[int, dict[str, str]]:
    """Something done about an alert or an exception."""
    return deed.at_us, _row(deed.at_us, deed.actor, inline(deed_words(deed.did)), deed.what, "")


def chain_text(file: Path) -> str:
    """Whether the log holds, in a sentence."""
    if not file.exists():
        return NOBODY_SIGNS_ON
    lines, head, broken = verify(file)
    if broken is not None:
        return (
            f"The log is broken at line {count(broken.line)}: {broken.problem}. "
            f"The {count(lines)} lines before it hold."
        )
    return f"All {count(lines)} lines hold. The last has the hash {head[:16]}… (“flowglass access audit --check”)."


def _row(at: int, who: str, did: str, what: str, more: str) -> dict[str, str]:
    return {"time": second_moment(at), "who": who, "did": did, "what": what, "more": more}


PAGE = Page("/audit", "Audit", "history", 70, layout, register)
