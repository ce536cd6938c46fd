"""The only way to read: named `.sql` files with server-side parameters, typed rows out."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import pyarrow as pa

DIRECTORY = Path(__file__).parents[1] / "queries"

# readonly 2, not 1: nothing can be written either way, but a query may carry a SETTINGS clause of its own.
READ_SETTINGS: Mapping[str, int] = {"readonly": 2, "max_execution_time": 10}

# What one question of a page or a program may cost the store; beyond it the store breaks off (errors.QuestionTooLarge).
# Far above what any page asks of 10 M events, far below what a machine of 16 GB can't spare.
BOUNDS: Mapping[str, int] = {
    "max_rows_to_read": 2_000_000_000,
    "max_result_rows": 2_000_000,
    "max_result_bytes": 1 << 30,
    "max_memory_usage": 2_000_000_000,
}

Row = TypeVar("Row")


class QueryMismatch(TypeError):
    """A query's columns are not the fields of its row type, or it has not the rows that were asked for."""


class Result(Protocol):
    """What a client gives for a SELECT."""

    @property
    def column_names(self) -> Sequence[str]: ...

    @property
    def result_rows(self) -> Sequence[Sequence[Any]]: ...


class Reader(Protocol):
    """The part of a client that queries need; `StoreClient` and clickhouse-connect's own client have it."""

    def query(self, query: str, /, *, parameters: dict[str, Any], settings: dict[str, Any]) -> Any: ...

    def query_arrow(self, query: str, /, *, parameters: dict[str, Any], settings: dict[str, Any]) -> pa.Table: ...


class Queries:
    """Runs queries by name. Values travel as server-side parameters `{name:Type}`, never inside the text."""

    def __init__(
        self, client: Reader, *, directory: Path = DIRECTORY, seconds: int = 10, bounds: Mapping[str, int] | None = None
    ) -> None:
        self._client = client
        self._directory = directory
        self._settings = {**READ_SETTINGS, **(bounds or {}), "max_execution_time": seconds}

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """The rows of query `name` as frozen structs or named tuples whose fields are its columns, in any order.

        Raises QueryMismatch when columns and fields differ or the first row has other types than declared.
        """
        result = self._run(name, parameters)
        columns = tuple(result.column_names)
        if not columns and not result.result_rows:
            return []  # the Native format names no columns where it has no rows
        fields = row_fields(row_type)
        if set(columns) != set(fields) or len(columns) != len(fields):
            missing, unknown = sorted(set(fields) - set(columns)), sorted(set(columns) - set(fields))
            raise QueryMismatch(f"query {name}: {row_type.__name__} lacks {unknown}, the query lacks {missing}")
        rows = result.result_rows
        if rows:
            _check_types(name, row_type, dict(zip(columns, rows[0], strict=True)))
        if columns == fields:
            return [row_type(*row) for row in rows]
        return [row_type(**dict(zip(columns, row, strict=True))) for row in rows]

    def one(self, name: str, row_type: type[Row], /, **parameters: Any) -> Row:
        """The only row of a query that always has exactly one."""
        rows = self.rows(name, row_type, **parameters)
        if len(rows) != 1:
            raise QueryMismatch(f"query {name} gave {len(rows)} rows instead of one")
        return rows[0]

    def value(self, name: str, /, **parameters: Any) -> Any:
        """The only value of a query with one row and one column."""
        rows = self._run(name, parameters).result_rows
        if len(rows) != 1 or len(rows[0]) != 1:
            raise QueryMismatch(f"query {name} did not give exactly one value")
        return rows[0][0]

    def table(self, name: str, /, **parameters: Any) -> pa.Table:
        """The result as an Arrow table."""
        text = query_text(self._directory, name)
        return self._client.query_arrow(text, parameters=parameters, settings=dict(self._settings))

    def _run(self, name: str, parameters: dict[str, Any]) -> Result:
        text = query_text(self._directory, name)
        result: Result = self._client.query(text, parameters=parameters, settings=dict(self._settings))
        return result


@cache
def query_text(directory: Path, name: str) -> str:
    """The text of a named query."""
    try:
        return (directory / f"{name}.sql").read_text()
    except FileNotFoundError as error:
        known = ", ".join(sorted(path.stem for path in directory.glob("*.sql")))
        raise QueryMismatch(f"there is no query {name!r}; there are: {known}") from error


def row_fields(row_type: type[Any]) -> tuple[str, ...]:
    """The field names of a struct or a named tuple, in order."""
    if issubclass(row_type, msgspec.Struct):
        return row_type.__struct_fields__
    return tuple(row_type._fields)


def _check_types(name: str, row_type: type[Any], row: dict[str, Any]) -> None:
    """One row is enough: a column has one type (nulls apart)."""
    if not issubclass(row_type, msgspec.Struct):
        return
    try:
        msgspec.convert(row, row_type, strict=True)
    except msgspec.ValidationError as error:
        raise QueryMismatch(f"query {name} does not give {row_type.__name__}: {error}") from error
