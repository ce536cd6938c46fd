"""`flowglass access matrix`: what each role sees, cell by cell."""

from typing import Annotated

import typer

from metrics.access.load import load_roles
from metrics.access.matrix import matrix as lines_of
from metrics.commands.output import print_json, print_table
from metrics.definitions.load import load
from metrics.settings import read_settings


def matrix(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show what each role sees, cell by cell: pages, processes, facilities, fields, and views of the store."""
    definitions = read_settings().definitions
    roles = load_roles(definitions)
    lines = list(lines_of(roles, tuple(one.process for one in load(definitions).definitions)))
    if as_json:
        print_json([{"what": what, **dict(zip(roles, cells, strict=True))} for what, cells in lines])
        return
    print_table(["", *roles], ([what, *cells] for what, cells in lines))
