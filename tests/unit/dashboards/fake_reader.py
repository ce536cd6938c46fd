"""A reader for tests: rows by query name, given beforehand; remembers what it was asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.queries.rows import CaseChoices, Feed, Process
from metrics.queries.spend_rows import SpendPublished

NOW = 1_795_190_400_000_000
DAY = 86_400_000_000
PROCESS = Process("requisition_to_pay", 100, 40, 900, NOW - 60 * DAY, NOW, 100, "simulator")
LOG = Process("log.5eed0a11c0de", 10, 10, 50, NOW - 900 * DAY, NOW - 700 * DAY, 0, "file:seed")
BASICS: Mapping[str, list[Any]] = {
    "processes": [PROCESS, LOG],
    "definition_texts": [],
    "feeds": [Feed("simulator", "live", NOW, NOW, 1), Feed("file:seed", "end", NOW - 700 * DAY, NOW, 0)],
    "lost_logs": [],
    "spend_published": [SpendPublished(1)],
    "case_choices": [CaseChoices(["north", "south"], ["icu"])],
}


class FakeReader:
    """Answers each query with the rows it was made with; a query without rows has none."""

    def __init__(self, **rows: list[Any]):
        self.answers = {**BASICS, **rows}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.problem: Exception | None = None

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        """The rows given for `name`; raises `problem` when one is set."""
        self.asked.append((name, parameters))
        if self.problem is not None:
            raise self.problem
        found = self.answers.get(name, [])
        assert all(isinstance(row, row_type) for row in found)
        return list(found)


class Stored(list[tuple[str, dict[str, Any]]]):
    """A writer for tests: the rows that were stored, one by one, with their table."""

    problem: Exception | None = None

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None:
        """Keep the one row; raises `problem` when one is set."""
        if self.problem is not None:
            raise self.problem
        self.append((table, {name: value for name, (value,) in columns.items()}))
