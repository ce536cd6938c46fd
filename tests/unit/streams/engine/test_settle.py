"""Settling the ledger holds a few rows in memory, however many changed since the last round."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from metrics.store.wire import fields
from streams.engine.settle import ROWS_A_BLOCK, STEPS, settle


class Answer:
    """A store of which each step answers `size` rows; knows how many were drawn and not yet stored."""

    def __init__(self, size: int) -> None:
        self.size, self.held, self.most, self.stored = size, 0, 0, 0

    def passing(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for number in range(self.size):
            self.held += 1
            self.most = max(self.most, self.held)
            yield defaultdict(str, line=str(number), gone=0, content=number)

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any:
        raise AssertionError("the ledger travels as rows")

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> int:
        assert all(len(row) == len(fields(table)) for row in rows)
        return len(rows)

    def send(self, block: int) -> None:
        self.stored += block
        self.held -= block


def test_however_many_rows_changed_few_are_in_memory() -> None:
    answer = Answer(5 * ROWS_A_BLOCK + 1)
    assert settle(answer, answer, 7) == answer.stored == len(STEPS) * answer.size
    assert answer.most == ROWS_A_BLOCK <= 5_000
