"""What the engine needs from outside, as small ports; ClickHouse and Kafka stand behind them in production."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa

from metrics.words import Event
from streams.cases.case_state import Checkpoint
from streams.cases.timers import Waiting
from streams.correlation.messages import CaseKey, Key
from streams.correlation.object_state import ObjectState


class StateStore(Protocol):
    """Reads back what was flushed. Every call may raise `StoreUnavailable`; callers try again."""

    def objects(self, keys: Sequence[Key]) -> Mapping[Key, ObjectState]:
        """The newest state of those objects that the store knows."""

    def cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Checkpoint]:
        """The newest checkpoint of those cases that the store knows."""

    def open_cases(self, shards: Iterable[int], limit: int) -> Mapping[CaseKey, Checkpoint]:
        """Cases of these shards that are not closed, or whose clocks run on (paid, but not delivered).

        At most `limit`: those that were stored last.
        """

    def waiting(self, shards: Iterable[int], known: Collection[tuple[str, int]]) -> Mapping[str, Waiting]:
        """When each of these cases falls due, by feed; the kinds hold the process alone, without its object type.

        A case of a definition that is not `known` (process and version), or of which it is not stored, is due at once.
        """

    def events_of_objects(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Event]]:
        """The stored events that name these objects."""

    def events_of_cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Mapping[str, Event]]:
        """The stored events of these cases, by id."""

    def is_empty(self) -> bool:
        """Whether no object and no case was ever stored."""


class Reader(Protocol):
    """Runs a query; `values` are bound and escaped by the driver. Raises StoreUnavailable."""

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...


class PassingReader(Protocol):
    """A reader of answers that are not to be in memory whole."""

    def passing(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...


class ArrowReader(Reader, PassingReader, Protocol):
    """A reader that also hands over whole results, for rows that nobody looks into."""

    def query_arrow(self, sql: str, parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> pa.Table: ...


class Block(Protocol):
    """Rows of one table as bytes, with a token made of those bytes, so that sending twice stores once."""

    @property
    def table(self) -> str: ...

    @property
    def rows(self) -> int: ...

    @property
    def data(self) -> bytes: ...

    def halved(self) -> "tuple[Block, Block]":
        """The first half of the rows and the others: the same halves each time."""

    def told(self) -> dict[str, Any]:
        """The first row: by column, or by field of `metrics.store.wire`."""


class StoreWriter(Protocol):
    """The one writer of the store."""

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any:
        """Freeze columns into a block."""

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> Any:
        """Freeze rows, as `metrics.store.wire` says what they hold, into a block."""

    def send(self, block: Any) -> None:
        """Store a block; the same block again changes nothing. Raises StoreUnavailable or RowsRefused."""
