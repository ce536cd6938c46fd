"""The one door to the store's dead letters: whatever a worker hands over, only what the keeper makes of it gets in."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from metrics.words import DeadLetter
from streams.dead_letters.keeping import TABLE, Keeper


class Writer(Protocol):
    """The store's writer (`streams.engine.ports.StoreWriter`)."""

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any: ...

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> Any: ...

    def send(self, block: Any) -> None: ...


class KeptWriter:
    """The writer that workers get: dead letters are masked and sealed on their way, all other rows pass untouched."""

    def __init__(self, writer: Writer, keeper: Keeper) -> None:
        self._writer = writer
        self._keeper = keeper

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any:
        """Freeze columns into a block; those of dead letters are the fields of `DeadLetter`."""
        return self._writer.prepare(table, self._keeper.columns(_letters(columns)) if table == TABLE else columns)

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> Any:
        """Freeze rows into a block. Dead letters come as columns."""
        if table == TABLE:
            raise ValueError(f"rows of {TABLE} must pass the keeper: prepare them as columns")
        return self._writer.prepare_rows(table, rows)

    def send(self, block: Any) -> None:
        """Store a block."""
        self._writer.send(block)


def _letters(columns: Mapping[str, Sequence[Any]]) -> list[DeadLetter]:
    names = list(columns)
    return [DeadLetter(**dict(zip(names, row, strict=True))) for row in zip(*columns.values(), strict=True)]
