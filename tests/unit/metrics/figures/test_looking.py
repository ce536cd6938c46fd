"""A look at what moved holds a few moves in memory, however much moved since the last one."""

from collections.abc import Iterator, Mapping
from typing import Any

from metrics.figures.looking import MOVES_AT_ONCE, Cursor, Page, moved
from metrics.figures.parts import Part


class Answer:
    """A store in which `size` parts moved; knows how many were drawn."""

    def __init__(self, size: int) -> None:
        self.size, self.drawn = size, 0

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        raise AssertionError("that would be all of them at once")

    def passing(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        said = {("at_us" if name == "at" else name): "" for name in Part._fields}
        for number in range(self.size):
            self.drawn += 1
            yield said | {f"old_{name}": value for name, value in said.items()} | {
                "process": "p", "id": str(number), "kind": "opened", "name": "", "seen": number, "seen_before": 0,
                "present": 1, "stood": 0, "content": number, "old_content": 0, "cases": [],
            }  # fmt: skip


def test_however_much_moved_little_is_in_memory() -> None:
    answer = Answer(3 * MOVES_AT_ONCE + 1)
    sizes = []
    for some in moved(answer, Cursor(False, {}), Page(9, again=False)):
        assert answer.drawn == sum(sizes) + len(some)
        sizes.append(len(some))
    assert sizes == [MOVES_AT_ONCE] * 3 + [1]
    assert MOVES_AT_ONCE <= 5_000
