"""One round: look what moved, restate what was published, publish what has closed.

What is stored at each step makes the next step's work known again, so a round that broke off is made good by the next:
changes stand before the parts they tell of, restatements before the figures they restate, figures before the mark that
says an interval is closed, and the mark that settles changes comes last.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import structlog

from metrics.figures import asking
from metrics.figures.closing import Closing, closing_of
from metrics.figures.intervals import UNITS, Interval, begins, ends
from metrics.figures.looking import Cursor, Page, PassingReader, causes, moved, newest, next_page
from metrics.figures.marks import Marks, read_marks
from metrics.figures.parts import Move, part_row, scope_of
from metrics.figures.restating import Figure, FigureKey, Restated, restated, slots
from metrics.figures.rows import change_columns, figure_columns, restatement_columns
from metrics.figures.rules import FigureRules

log = structlog.get_logger(__name__)

SLOTS_A_QUERY: Final = 1000
FIGURES: Final = {"cases": ("cases", "sla"), "money": ("money",)}
"""What is published of a process, and of the ledger."""


class Writer(Protocol):
    """The part of the store's one writer that publishing needs."""

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any: ...
    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> Any: ...
    def send(self, block: Any) -> None: ...


class Done(NamedTuple):
    """What a round came to."""

    moves: int
    restated: int
    published: int


class Publishing:
    """Rounds over one store. `clock`: the wall's, in microseconds."""

    def __init__(self, reader: PassingReader, writer: Writer, rules: FigureRules, clock: Callable[[], int]) -> None:
        self._reader = reader
        self._writer = writer
        self._declared = self._rules = rules
        self._told = False
        self._clock = clock

    def round(self, version: int, *, caught_up: bool = True) -> Done:
        """One round under `version`, greater than that of any round before. Raises StoreError; then it is made again.

        `caught_up`: whether what was sent before this program began has been read; else nothing closes.
        """
        marks = read_marks(self._reader)
        self._rules = self._in_force(marks)
        looked = sum(self._look(marks, version, documents=documents) for documents in (False, True))
        changed = self._restate(marks, version)
        published = self._publish(marks, version) if caught_up else 0
        return Done(looked, changed, published)

    def _in_force(self, marks: Marks) -> FigureRules:
        """What is declared, but in the zone whose days are published: a day must not change its bounds."""
        declared = self._declared.zone.key
        if marks.zone in ("", declared):
            return self._declared
        if not self._told:
            log.warning("figures keep the zone that they were first published in", zone=marks.zone, declared=declared)
            self._told = True
        return self._declared._replace(zone=ZoneInfo(marks.zone))

    def _look(self, marks: Marks, version: int, *, documents: bool) -> int:
        """Store what moved; of what lies in closed time, also the change and its cause."""
        cursor, until = Cursor(documents, marks.looked(documents)), newest(self._reader, documents=documents)
        if not any(cursor.is_new(one) for one in until.values()):
            return 0
        top, count, page = max(until.values()), 0, Page(0, again=True)
        while page.until < top:
            page = next_page(self._reader, cursor, top, again=page.until == 0)
            for moves in moved(self._reader, cursor, page):
                count += len(moves)
                self._store(moves, cursor, marks, version)
            cursor = cursor.reached(page.until, until)
            marks.look(documents, cursor.through, version)
            self._send_marks(marks)
        return count

    def _store(self, moves: Sequence[Move], cursor: Cursor, marks: Marks, version: int) -> None:
        closed = {scope: self._end_of_closed(marks, scope) for scope in marks.scopes}
        told = [move for move in moves if move.counted and self._is_closed(move, closed)]
        if told:
            why = causes(self._reader, told, cursor, self._rules, closed)
            self._send("figure_changes", change_columns(told, why, version, self._clock()))
        if moves:
            self._writer.send(self._writer.prepare_rows("figure_parts", [part_row(move, version) for move in moves]))

    def _end_of_closed(self, marks: Marks, scope: str) -> int:
        through = [Interval(unit, marks.closed(scope, unit)) for unit in UNITS if marks.closed(scope, unit)]
        return max(ends(interval, self._rules.zone) for interval in through)

    @staticmethod
    def _is_closed(move: Move, closed: Mapping[str, int]) -> bool:
        end = closed.get(move.scope)
        return end is not None and min(move.instants) < end

    def _restate(self, marks: Marks, version: int) -> int:
        changes = list(self._reader.rows(asking.UNSETTLED, {"settled": marks.settled}))
        if not changes:
            return 0
        count = 0
        for process in dict.fromkeys(change["process"] for change in changes):
            mine = [change for change in changes if change["process"] == process]
            count += self._restate_one(marks, process, mine, version)
        marks.settle(version)
        self._send_marks(marks)
        return count

    def _restate_one(self, marks: Marks, process: str, changes: Sequence[Mapping[str, Any]], version: int) -> int:
        scope, zone = scope_of(process), self._rules.zone
        touched = sorted({slot for change in changes for slot in self._touched(change) if marks.is_closed(scope, slot)})
        found: list[Restated] = []
        for some in _pieces(touched, SLOTS_A_QUERY):
            after = self._figures(process, some)
            found += restated(self._published(process, some), after, changes, zone)
        if found:
            now = self._clock()
            self._send("figure_restatements", restatement_columns(found, version, now))
            figures = {one.key: one.after for one in found}
            self._send("published_figures", figure_columns(figures, version, zone.key, now))
        return len(found)

    def _touched(self, change: Mapping[str, Any]) -> Iterator[Interval]:
        figure = asking.KINDS[change["kind"]]
        for at in (change["before_us"], change["after_us"]):
            if at is not None:
                yield from slots(figure, at, self._rules.zone)

    def _publish(self, marks: Marks, version: int) -> int:
        """Publish the intervals that have closed since."""
        count = 0
        closing = closing_of(self._reader, self._rules, self._clock())
        for row in list(self._reader.rows(asking.SCOPES, {})):
            until = closing.until(row["process"])
            if until is not None:
                count += self._close(marks, closing, row["process"], row["first_us"], until, version)
        return count

    def _close(self, marks: Marks, closing: Closing, process: str, first: int, until: int, version: int) -> int:
        scope = scope_of(process)
        after = {unit: marks.closed(scope, unit) for unit in UNITS}
        through = closing.through(until)
        fresh = {unit: start for unit, start in through.items() if start > after[unit]}
        if not fresh or first >= until:
            return 0
        bounds = [through[unit] if unit in fresh else "" for unit in UNITS]
        figures = self._ask(process, [("", "")], list(after.values()), bounds, self._least(after, fresh, first), until)
        if figures:
            self._send("published_figures", figure_columns(figures, version, self._rules.zone.key, self._clock()))
        for unit, start in fresh.items():
            marks.close(scope, unit, start, version, self._rules.zone.key)
        self._send_marks(marks)
        return len(figures)

    def _least(self, after: Mapping[str, str], fresh: Mapping[str, str], first: int) -> int:
        """The earliest instant that belongs to a newly closed interval."""
        zone = self._rules.zone
        return min((ends(Interval(u, after[u]), zone) if after[u] else first for u in fresh), default=first)

    def _figures(self, process: str, wanted: Sequence[Interval]) -> dict[FigureKey, Figure]:
        zone = self._rules.zone
        first, last = min(begins(one.start, zone) for one in wanted), max(ends(one, zone) for one in wanted)
        return self._ask(process, list(wanted), ["9"] * 3, [""] * 3, first, last)

    def _ask(
        self, process: str, wanted: Sequence[tuple[str, str]], after: list[str], until: list[str], first: int, last: int
    ) -> dict[FigureKey, Figure]:
        values = {
            "zone": self._rules.zone.key, "process": process, "slots": [tuple(one) for one in wanted],
            "after": after, "until": until, "from": first, "to": last,
        }  # fmt: skip
        figures = FIGURES["cases" if process else "money"]
        rows = (row for figure in figures for row in self._reader.rows(asking.figures_asked(figure), values))
        return dict(map(_figure, rows))

    def _published(self, process: str, wanted: Sequence[Interval]) -> dict[FigureKey, Figure]:
        figures = FIGURES["cases" if process else "money"]
        values = {"process": process, "figures": figures, "slots": [tuple(one) for one in wanted]}
        return dict(map(_figure, self._reader.rows(asking.PUBLISHED, values)))

    def _send(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self._writer.send(self._writer.prepare(table, columns))

    def _send_marks(self, marks: Marks) -> None:
        if rows := marks.take():
            self._writer.send(self._writer.prepare_rows("figure_marks", rows))


def _figure(row: Mapping[str, Any]) -> tuple[FigureKey, Figure]:
    key = FigureKey(*(row[name] for name in FigureKey._fields))
    return key, Figure(row["said"], row.get("revision", 0), row["simulated"])


def _pieces(rows: Iterable[Interval], size: int) -> Iterator[list[Interval]]:
    iterator = iter(rows)
    while piece := list(islice(iterator, size)):
        yield piece
