"""What a message of each source costs, and what our selectors cost beside the libraries' own.

    python -m benchmarks.mapping

CPU time of one process. Messages: those of the golden cases that give events. Selectors: medians of rounds in turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final

import jmespath
from lxml import etree

from benchmarks.machine import table
from streams.sources import golden
from streams.sources.command_cost import COLUMNS, judged, row, taken
from streams.sources.json_paths import compile_json_path
from streams.sources.message import Message, Scope
from streams.sources.timing import Cost, costs
from streams.sources.xml_paths import compile_xml_path

CASES: Final = Path("tests/golden/sources")
ROUNDS: Final = 9
REPEATS: Final = 5_000
DOCUMENT: Final[dict[str, Any]] = {
    "po-number": "PO-1",
    "currency": {"code": "EUR"},
    "status": "issued",
    "lines": [{"number": number} for number in range(5)],
}
SCOPE: Final = Scope(Message(b""), None, [])
ELEMENT: Final = etree.fromstring(b'<order number="1"><a>x</a><b>y</b><c><d>z</d></c></order>')
JSON_PATHS: Final = ('"po-number"', "currency.code", "status == 'issued'", "lines[].number", "keys(currency)")
XML_PATHS: Final = ("@number", "self::order", "b", "c/d")


@dataclass(frozen=True, slots=True)
class Side:
    """One selector, in microseconds: by the library, and as our closure."""

    selector: str
    library: float
    ours: float


def messages(rounds: int = ROUNDS) -> list[Cost]:
    """By system and syntax."""
    return costs(taken(golden.cases(CASES)), process_time, rounds)


def selectors() -> list[Side]:
    """The usual forms of selectors."""
    found = []
    for path in JSON_PATHS:
        library, ours = jmespath.compile(path), compile_json_path(path)
        found.append(_side(path, lambda one=library: one.search(DOCUMENT), lambda one=ours: one(SCOPE, DOCUMENT)))  # type: ignore[misc]
    for path in XML_PATHS:
        engine, ours = etree.XPath(path, smart_strings=False), compile_xml_path(path, {})
        found.append(_side(path, lambda one=engine: one(ELEMENT), lambda one=ours: one(SCOPE, ELEMENT)))  # type: ignore[misc]
    return found


def _side(selector: str, library: Callable[[], Any], ours: Callable[[], Any]) -> Side:
    micros: Mapping[Callable[[], Any], list[float]] = {library: [], ours: []}
    for _ in range(ROUNDS):
        for way, figures in micros.items():
            began = process_time()
            for _ in range(REPEATS):
                way()
            figures.append((process_time() - began) / REPEATS * 1e6)
    return Side(selector, round(median(micros[library]), 2), round(median(micros[ours]), 2))


def part(found: Sequence[Cost], sides: Sequence[Side]) -> str:
    """Both tables as Markdown, for the report."""
    cells = [(one.selector, one.library, one.ours, f"{one.library / one.ours:.1f}") for one in sides]
    head = ("selector", "library µs", "ours µs", "times")
    return f"{judged(list(found))}\n\n{table(COLUMNS, map(row, found))}\n\n### Selectors\n\n{table(head, cells)}"


if __name__ == "__main__":
    print(part(messages(), selectors()))
