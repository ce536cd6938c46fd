"""`flowglass files`: the ledger of watched folders, source = bus = store for each file."""

from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.opened import open_store
from metrics.commands.output import for_machines, print_json, print_line, print_table, say
from metrics.commands.wording import NONE, moment
from metrics.store.queries import Queries
from streams.folder.figures import Removed
from streams.folder.ledger import STATES

_MOST_REMOVED = 1_000
_COLUMNS = (
    "system", "file", "state", "sent", "rows", "declared", "total", "total declared", "bus", "store", "money", "",
    "reason",
)  # fmt: skip


class FileRow(msgspec.Struct, frozen=True):
    """`cli_files`: an entry of the ledger; `total`: how many fit the question."""

    system: str
    name: str
    content: str
    state: str
    reason: str
    faulty: int
    bytes: int
    business_date: str
    parts: int
    rows: int
    rows_declared: int | None
    rows_mapped: int
    rows_dead: int
    totals: str
    totals_declared: str
    events: int | None
    amounts: str
    events_stored: int | None
    amounts_stored: str
    check: str
    corrects: str
    superseded_by: str
    removed: int
    simulated: int
    seen_us: int
    sent_us: int | None
    checked_us: int | None
    total: int


def files(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="One file, by its name or the start of its SHA-256; else a list.")
    ] = "",
    system: Annotated[str, typer.Option("--system", help="Only of this system.")] = "",
    state: Annotated[str, typer.Option("--state", help=f"Only in this state: {', '.join(STATES)}.")] = "",
    exceptions: Annotated[bool, typer.Option("--exceptions", help="Only those that somebody has to look at.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the files of watched folders, newest first; with a NAME, everything about it.

    Exit codes: 0 done, 1 no file has the NAME, 2 wrong usage.
    """
    if state and state not in STATES:
        raise typer.BadParameter(f"one of {', '.join(STATES)}", param_hint="--state")
    with open_store() as (_, reader):
        asked = {"system": system, "name": name, "state": state, "only_faulty": exceptions, "limit": limit}
        found = reader.rows("cli_files", FileRow, **asked)
        removed = {one.content: _removed(reader, one) for one in found} if name else {}
    if name and not found:
        say(f"no file has the name or content {name!r}")
        raise typer.Exit(1)
    if as_json:
        told = [_for_machines(one) | ({"removed_events": removed[one.content]} if name else {}) for one in found]
        print_json({"total": found[0].total if found else 0, "files": told})
    elif name:
        for one in found:
            _print_one(one, removed[one.content])
    else:
        _print_list(found)


def _removed(reader: Queries, one: FileRow) -> list[dict[str, Any]]:
    """The events that a superseded file had and its correction has not."""
    if not one.superseded_by:
        return []
    asked = {"system": one.system, "old": one.content, "new": one.superseded_by, "limit": _MOST_REMOVED}
    return [for_machines(row) for row in reader.rows("folder_removed", Removed, **asked)]


def _for_machines(one: FileRow) -> dict[str, Any]:
    fields = for_machines(one)
    del fields["total"]
    for field in ("totals", "totals_declared", "amounts", "amounts_stored"):
        fields[field] = msgspec.json.decode(fields[field])
    return fields | {"faulty": bool(one.faulty), "simulated": bool(one.simulated)}


def _print_list(found: list[FileRow]) -> None:
    if not found:
        print_line("no files")
        return
    print_table(
        _COLUMNS,
        [_cells(one) for one in found],
        right="rows, declared, bus, store",
    )
    if found[0].total > len(found):
        print_line(f"{len(found)} of {found[0].total} shown; --limit shows more")


def _cells(one: FileRow) -> tuple[str, ...]:
    return (
        one.system, one.name, one.state, moment(one.sent_us), _count(one.rows if one.parts else None),
        _count(one.rows_declared), _figures(one.totals), _figures(one.totals_declared), _count(one.events),
        _count(one.events_stored), _figures(one.amounts), {"equal": "=", "short": "≠"}.get(one.check, ""),
        one.reason[:160],
    )  # fmt: skip


def _print_one(one: FileRow, removed: list[dict[str, Any]]) -> None:
    for field, value in _for_machines(one).items():
        print_line(f"{field:<16} {NONE if value in (None, '', {}) else value}")
    for row in removed:
        money = f", {row['amount']} {row['currency']}" if row["amount"] else ""
        print_line(f"removed          row {row['row']}: {row['type']} of {row['subject']}{money}")
    print_line()


def _count(count: int | None) -> str:
    return NONE if count is None else f"{count:,}"


def _figures(text: str) -> str:
    figures = msgspec.json.decode(text)
    return " ".join(f"{name} {value}" for name, value in figures.items()) or NONE
