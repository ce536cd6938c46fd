"""The declared figures by name, read once from `figures/*.yaml`; `columns.yaml` holds what columns mean everywhere."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from metrics.definitions.one_file import read_file
from metrics.explaining.schema import ColumnsText, FigureText, PageText

FIGURES: Final = Path(__file__).with_name("figures")
COLUMNS: Final = Path(__file__).with_name("columns.yaml")


class Figure(NamedTuple):
    """One figure: its name in the catalogue, its page, and what is declared of it."""

    name: str
    page: str
    said: FigureText


class NoSuchFigure(ValueError):
    """The catalogue has no figure of this name; the message names the nearest ones."""


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure by name, in the order of pages and cards. Raises DefinitionsError with all mistakes of a file."""
    found: dict[str, Figure] = {}
    for file in sorted(FIGURES.glob("*.yaml")):
        page = read_file(file, PageText)
        for name, said in page.figures.items():
            if name in found:
                raise ValueError(f"{file.name}: the figure {name} is declared twice")
            found[name] = Figure(name, page.page, said)
    return found


def definition(name: str) -> str:
    """What a figure tells, in a sentence or two; '' for what is no figure."""
    found = figures().get(name)
    return found.said.definition if found else ""


def fixed_parts(card: str) -> frozenset[str] | None:
    """Which tiles of a card can be asked for as of an earlier instant ('' for the whole card); None: no such card."""
    own = [one for name, one in figures().items() if name.partition("/")[0] == card]
    return frozenset(one.name.partition("/")[2] for one in own if one.said.fixed) if own else None


@cache
def columns() -> Mapping[str, str]:
    """The meaning of columns that mean the same in every table."""
    return read_file(COLUMNS, ColumnsText).columns


def column_meaning(card: str, field: str) -> str:
    """What a column of the table in `card` tells; '' where nothing is declared."""
    found = figures().get(card)
    own = found.said.columns.get(field, "") if found else ""
    return own or columns().get(field, "")


def find(name: str) -> Figure:
    """The figure of a name, or of a name as pages write it. Raises NoSuchFigure."""
    known = figures()
    if name in known:
        return known[name]
    wanted = name.casefold()
    called = [one for one in known.values() if one.said.name.casefold() == wanted or one.name.endswith(f"/{wanted}")]
    if len(called) == 1:
        return called[0]
    near = called or [one for one in known.values() if wanted in f"{one.name} {one.said.name}".casefold()]
    names = ", ".join(one.name for one in near[:8]) or "none is near; “flowglass explain figures” lists them all"
    raise NoSuchFigure(f"there is no single figure {name!r}: {names}")
