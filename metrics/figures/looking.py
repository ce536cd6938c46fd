"""Reads what moved since the last look, and what was taken in meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol

from metrics.figures import asking
from metrics.figures.causes import Cause, Taken, cause_of_case, cause_of_document
from metrics.figures.parts import Move, move_of
from metrics.figures.rules import FigureRules

ROWS_A_PAGE = 5000
"""So many cases or documents are looked at together."""
MOVES_AT_ONCE = 4000
"""A page of 5,000 cases was 52,182 moves, and their rows and moves took 46 MiB."""
KEYS_A_QUERY = 1000
"""Keys travel inside the query text, whose default limit is 256 KiB."""


class Reader(Protocol):
    """Runs a query; `values` are bound and escaped by the driver. Raises StoreError."""

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...


class PassingReader(Reader, Protocol):
    """As a reader, also for answers that are not to be in memory whole."""

    def passing(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...


def epoch_of(version: int) -> int:
    return version >> asking.EPOCH_BITS


class Page(NamedTuple):
    """One page of a look: versions up to `until`; `again`: those of the last version seen once more."""

    until: int
    again: bool


class Cursor(NamedTuple):
    """How far cases (or documents of the ledger) were looked at: the newest version, by the epoch that wrote it.

    Versions grow within an epoch only; another worker's epoch may write later.
    """

    documents: bool
    through: Mapping[int, int]

    def reached(self, until: int, newest: Mapping[int, int]) -> "Cursor":
        """After everything up to `until` was looked at; `newest`: what there was of each epoch before the look."""
        known = {epoch: min(version, until) for epoch, version in newest.items() if epoch <= epoch_of(until)}
        return self._replace(through={**self.through, **known})

    def is_new(self, version: int) -> bool:
        """Whether a row of this version was written after the last look."""
        return version > self.through.get(epoch_of(version), 0)


def newest(reader: Reader, *, documents: bool) -> dict[int, int]:
    """The newest version by epoch. Asked before the look: what is written meanwhile is seen again by the next."""
    rows = reader.rows(asking.NEWEST_DOCUMENTS if documents else asking.NEWEST_CASES, {})
    return {row["epoch"]: row["newest"] for row in rows}


def next_page(reader: Reader, cursor: Cursor, top: int, *, again: bool) -> Page:
    """What is looked at next, up to `top` at most: so much that it fits in memory."""
    sql = asking.PAGE_OF_DOCUMENTS if cursor.documents else asking.PAGE_OF_CASES
    values = {**_since(cursor, Page(top, again)), "size": ROWS_A_PAGE - 1}
    return Page(next((row["seen"] for row in reader.rows(sql, values)), top), again)


def moved(reader: PassingReader, cursor: Cursor, page: Page) -> Iterator[list[Move]]:
    """The parts that came, went or changed, oldest rows first, so many at once as fit in memory."""
    sql = asking.MOVED_DOCUMENTS if cursor.documents else asking.MOVED_CASES
    found = map(move_of, reader.passing(sql, _since(cursor, page)))
    while some := list(islice(found, MOVES_AT_ONCE)):
        yield some


def _since(cursor: Cursor, page: Page) -> dict[str, Any]:
    through = cursor.through or {0: 0}
    return {
        "epochs": list(through), "cursors": list(through.values()), "until": page.until, "again": int(page.again),
    }  # fmt: skip


def causes(
    reader: Reader, moves: Sequence[Move], cursor: Cursor, rules: FigureRules, closed_until: Mapping[str, int]
) -> list[Cause]:
    """Why each of these moved; `closed_until`: where the closed time of each scope ends."""
    cases = sorted({(move.process, move.id) for move in moves if move.process})
    documents = sorted({move.id for move in moves if not move.process})
    events = _by_key(_in_pieces(reader, asking.EVENTS_OF_CASES, cases), "process", "id")
    postings = _by_key(_in_pieces(reader, asking.POSTINGS, documents), "id", "stage")
    return [
        _of_case(move, events.get((move.process, move.id), []), cursor, rules, closed_until[move.scope])
        if move.process
        else _of_document(
            move, postings.get((move.id, move.name.partition("/")[2]), []), rules, closed_until[move.scope]
        )
        for move in moves
    ]


def _of_case(
    move: Move, rows: Sequence[Mapping[str, Any]], cursor: Cursor, rules: FigureRules, closed_until: int
) -> Cause:
    since = [_taken(row) for row in rows if cursor.is_new(row["version"])]
    return cause_of_case(move, since, rules, closed_until)


def _of_document(move: Move, rows: Sequence[Mapping[str, Any]], rules: FigureRules, closed_until: int) -> Cause:
    """Postings taken in after the one that decided before are those since; of a document that is new, all."""
    deciding = move.before.event_id if move.before is not None else ""
    known = max((row["ingested_us"] for row in rows if row["event_id"] == deciding), default=-1)
    since = [_taken(row) for row in rows if row["ingested_us"] > known]
    return cause_of_document(move, since, rows[-1]["verb"] if rows else "", rules, closed_until)


def _taken(row: Mapping[str, Any]) -> Taken:
    return Taken(
        row["event_id"],
        row["type"],
        row["time_us"],
        row["ingested_us"],
        bool(row.get("withdrawn", 0)),
        bool(row.get("superseding", 0)),
    )


def _by_key(rows: Iterable[Mapping[str, Any]], *names: str) -> dict[tuple[str, ...], list[Mapping[str, Any]]]:
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


def _in_pieces(reader: Reader, sql: str, keys: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    for at in range(0, len(keys), KEYS_A_QUERY):
        yield from reader.rows(sql, {"keys": keys[at : at + KEYS_A_QUERY]})
