from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pytest

from metrics.store.queries import Queries, QueryMismatch


class Answer(NamedTuple):
    column_names: tuple[str, ...]
    result_rows: list[tuple[Any, ...]]


class FakeClient:
    def __init__(self, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        self.answer = Answer(names, rows)
        self.asked: list[tuple[str, dict[str, Any], dict[str, Any]]] = []

    def query(self, query: str, /, *, parameters: dict[str, Any], settings: dict[str, Any]) -> Answer:
        self.asked.append((query, parameters, settings))
        return self.answer

    def query_arrow(self, query: str, /, *, parameters: dict[str, Any], settings: dict[str, Any]) -> pa.Table:
        self.asked.append((query, parameters, settings))
        return pa.table({"x": [1]})


class Count(msgspec.Struct, frozen=True):
    name: str
    count: int


class Pair(NamedTuple):
    name: str
    total: int


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "counts.sql").write_text("SELECT name, count FROM v_counts WHERE name = {name:String}")
    return tmp_path


def test_rows_come_typed_whatever_the_order_of_columns(directory: Path) -> None:
    swapped = Queries(FakeClient(("count", "name"), [(3, "a")]), directory=directory)
    assert swapped.rows("counts", Count, name="a") == [Count("a", 3)]
    straight = Queries(FakeClient(("name", "total"), [("a", 3)]), directory=directory)
    assert straight.rows("counts", Pair, name="a") == [Pair("a", 3)]


def test_values_travel_as_parameters_under_read_only_and_a_time_limit(directory: Path) -> None:
    client = FakeClient(("name", "count"), [])
    Queries(client, directory=directory, seconds=3).rows("counts", Count, name="x' OR 1=1 --")
    query, parameters, settings = client.asked[0]
    assert parameters == {"name": "x' OR 1=1 --"}
    assert "OR 1=1" not in query
    assert settings == {"readonly": 2, "max_execution_time": 3}


def test_columns_that_are_not_the_fields_are_an_error(directory: Path) -> None:
    queries = Queries(FakeClient(("name", "total"), [("a", 3)]), directory=directory)
    with pytest.raises(QueryMismatch, match=r"lacks \['total'\], the query lacks \['count'\]"):
        queries.rows("counts", Count)


def test_a_column_of_another_type_is_an_error(directory: Path) -> None:
    queries = Queries(FakeClient(("name", "count"), [("a", "3")]), directory=directory)
    with pytest.raises(QueryMismatch, match="count"):
        queries.rows("counts", Count)


def test_an_unknown_query_lists_the_known_ones(directory: Path) -> None:
    with pytest.raises(QueryMismatch, match="there are: counts"):
        Queries(FakeClient((), []), directory=directory).rows("missing", Count)


def test_one_row_and_one_value_are_exactly_one(directory: Path) -> None:
    assert Queries(FakeClient(("count",), [(3,)]), directory=directory).value("counts") == 3
    assert Queries(FakeClient(("name", "count"), [("a", 3)]), directory=directory).one("counts", Count) == Count("a", 3)
    for rows in ([], [("a", 1), ("b", 2)]):
        with pytest.raises(QueryMismatch):
            Queries(FakeClient(("name", "count"), rows), directory=directory).one("counts", Count)
        with pytest.raises(QueryMismatch):
            Queries(FakeClient(("name", "count"), rows), directory=directory).value("counts")


def test_a_table_is_arrow(directory: Path) -> None:
    assert Queries(FakeClient((), []), directory=directory).table("counts", name="a").num_rows == 1
