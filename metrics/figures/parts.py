"""What a case or a document adds to figures, and how that moved."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

CaseName = tuple[str, str]
"""Process and case id."""


class Part(NamedTuple):
    """One thing that is counted: a clock decided or stopped, a case opened or ended, a document's money.

    `at`: the instant that decides to which interval it belongs, in microseconds as all times. `amount` and `hours` are
    decimal text. `definition`: version and content of the definition that the case follows.
    """

    at: int
    facility: str
    verdict: str
    net_us: int
    gross_us: int
    currency: str
    amount: str
    hours: str
    event_id: str
    definition: str
    simulated: int

    @property
    def said(self) -> str:
        """What is counted, as JSON for people to compare."""
        told = {name: getattr(self, name) for name in _TOLD if getattr(self, name) not in ("", 0)}
        return msgspec.json.encode(told).decode()


_TOLD: Final = ("verdict", "net_us", "gross_us", "amount", "hours", "definition")
_READ: Final = tuple("at_us" if name == "at" else name for name in Part._fields)


class Move(NamedTuple):
    """A part that came, went or changed between two looks. `seen` is the version of the row it was read from."""

    process: str
    id: str
    kind: str
    name: str
    seen: int
    seen_before: int
    content: int
    before: Part | None
    after: Part | None
    counted: bool
    """Whether something that is counted moved; else only what it is traced to."""
    cases: tuple[CaseName, ...]

    @property
    def scope(self) -> str:
        return scope_of(self.process)

    @property
    def instants(self) -> list[int]:
        return [part.at for part in (self.before, self.after) if part is not None]


def scope_of(process: str) -> str:
    """By what an interval closes: each process by its own feeds, the ledger by all."""
    return f"cases/{process}" if process else "money"


def move_of(row: Mapping[str, Any]) -> Move:
    """A row of `MOVED_CASES` or `MOVED_DOCUMENTS`."""
    before = Part(*(row[f"old_{name}"] for name in _READ)) if row["stood"] else None
    after = Part(*(row[name] for name in _READ)) if row["present"] else None
    counted = before is None or after is None or row["content"] != row["old_content"]
    cases = tuple((process, case_id) for process, case_id in row["cases"]) or (
        ((row["process"], row["id"]),) if row["process"] else ()
    )
    content = row["content"] if row["present"] else row["old_content"]
    return Move(
        row["process"], row["id"], row["kind"], row["name"], row["seen"], row["seen_before"], content,
        before, after, counted, cases,
    )  # fmt: skip


def part_row(move: Move, version: int) -> tuple[Any, ...]:
    """The row of table `figure_parts`; what went keeps what it last said."""
    part = move.after or move.before
    assert part is not None
    return (
        move.process, move.id, move.kind, move.name, version, move.seen, int(move.after is None), *part, move.content,
    )  # fmt: skip
