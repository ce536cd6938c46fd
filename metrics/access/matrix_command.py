"""`flowglass access matrix`: what each role sees, cell by cell."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Annotated, Final

import typer

from metrics.access.load import load_roles
from metrics.access.matrix import Line
from metrics.access.matrix import matrix as lines_of
from metrics.commands.output import print_json, print_line, print_table
from metrics.definitions.load import load
from metrics.settings import read_settings

KINDS: Final = {
    "page": "Pages",
    "api": "Operations of the HTTP interface",
    "may": "Deeds",
    "process": "Processes",
    "field": "Fields",
    "view": "Views of the store, which every query reads",
}
LIMITS: Final = "Limits"


def matrix(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_page: Annotated[bool, typer.Option("--markdown", help="Print the page docs/access-matrix.md.")] = False,
) -> None:
    """Show what each role sees, cell by cell: pages, processes, facilities, fields, and views of the store."""
    definitions = read_settings().definitions
    roles = load_roles(definitions)
    lines = list(lines_of(roles, tuple(one.process for one in load(definitions).definitions)))
    if as_json:
        print_json([{"what": what, **dict(zip(roles, cells, strict=True))} for what, cells in lines])
    elif as_page:
        for text in page(tuple(roles), lines):
            print_line(text)
    else:
        print_table(["", *roles], ([what, *cells] for what, cells in lines))


def page(roles: Sequence[str], lines: Sequence[Line]) -> Iterator[str]:
    """The lines as Markdown, a table for each kind of thing."""
    cells = len(lines) * len(roles)
    yield "# Who sees what, cell by cell"
    yield ""
    yield f"{len(lines)} lines for {len(roles)} roles, {cells} cells, printed by `flowglass access matrix --markdown`."
    yield "[access.md](access.md) tells what the words mean, [security.md](security.md) how the cells were tried."
    yield "`its cases`: those of the role's processes and facilities. `masked`: without fields that it does not see."
    for heading, own in groupby(sorted(lines, key=_order), _heading):
        yield ""
        yield f"## {heading}"
        yield ""
        yield from _table(roles, own)


def _heading(line: Line) -> str:
    return KINDS.get(line[0].partition(" ")[0], LIMITS)


def _order(line: Line) -> int:
    return [*KINDS.values(), LIMITS].index(_heading(line))


def _table(roles: Sequence[str], lines: Iterable[Line]) -> Iterator[str]:
    yield f"| | {' | '.join(roles)} |"
    yield f"|---|{'---|' * len(roles)}"
    for what, cells in lines:
        kind, _, name = what.partition(" ")
        yield f"| {f'`{name}`' if kind in KINDS else what} | {' | '.join(cells)} |"
