"""The table of docs/security.md: rows by the number of their test, replaced when the test has run again."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

BEGIN: Final = "<!-- figures of python -m tests.security --write -->"
END: Final = "<!-- end of figures -->"
HEAD: Final = ("| test | | tried | times | leaks |", "|---|---|---|---:|---:|")


class Row(NamedTuple):
    """What was tried for a test, how often, and how often it did not hold. `title`: of the test's first row alone."""

    test: int
    title: str
    tried: str
    times: int
    leaks: int


def rows_of(told: Sequence[Row]) -> Iterator[str]:
    """The table as Markdown."""
    yield from HEAD
    yield from (_line(row) for row in told)


def placed(page: str, told: Sequence[Row], of: str) -> str:
    """The page with new rows of the tests in `told`, in the order of numbers. `of`: how much of all inputs was tried.

    Raises ValueError for a page without a place for them.
    """
    before, found, rest = page.partition(BEGIN)
    held, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"the page has no {BEGIN} and {END}")
    groups = {
        **dict(_held(held)),
        **{test: list(_titled(rows, of)) for test, rows in groupby(told, lambda row: row.test)},
    }
    lines = [line for test in sorted(groups) for line in groups[test]]
    return "\n".join([f"{before}{BEGIN}", "", *HEAD, *lines, "", f"{END}{after}"])


def _held(table: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that are there by number; a line without one belongs to that above."""
    test, lines = 0, list[str]()
    for line in (line for line in table.splitlines() if line.startswith("| ") and line not in HEAD):
        number = line.split("|")[1].strip()
        if number.isdigit():
            if lines:
                yield test, lines
            test, lines = int(number), []
        lines.append(line)
    if lines:
        yield test, lines


def _titled(rows: Iterator[Row], of: str) -> Iterator[str]:
    yield from (_line(row._replace(title=f"{row.title} ({of})") if row.title else row) for row in rows)


def _line(row: Row) -> str:
    return f"| {row.test if row.title else ''} | {row.title} | {row.tried} | {row.times:,} | {row.leaks} |"
