"""One round: judge the hours that have closed since, and again those of which something came late; store what changed.

Everything follows from what the store holds. Figures stand before the mark that says of which facts an hour was judged,
and the keys of both hold no round: a round that broke off is made good by the next, which finds the same hours due.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from metrics.figures.closing import closing_of
from metrics.figures.rules import FigureRules
from metrics.health.due import NOTHING, Due, Mark, Print, due, stretches
from metrics.health.hours import KEY, HourFigures, figures_of, hour_columns, nothing_of
from metrics.health.measures import CALLS, CHAIN, Measure, Naming
from metrics.store.queries import DIRECTORY, query_text
from metrics.words import HOUR, MINUTE

GRACE: Final = 10 * MINUTE
"""An hour closes so long after its end: nearly everything has come by then, and what comes later heals it."""
_STORED: Final = f"""
SELECT toString(measure) AS measure, toUnixTimestamp64Micro(hour) AS hour_us, toString(interface) AS interface,
       toString(operation) AS operation, toString(system) AS system, toString(kind) AS kind, simulated, content
FROM health_hours FINAL
WHERE gone = 0 AND measure = %(measure)s AND hour >= fromUnixTimestamp64Micro(%(since)s, 'UTC')
  AND hour < fromUnixTimestamp64Micro(%(until)s, 'UTC')
ORDER BY {", ".join(KEY)}"""


class Reader(Protocol):
    """Runs a query; parameters are `{name:Type}` or `%(name)s`. Raises StoreError."""

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...


class Writer(Protocol):
    """The part of the store's one writer that judging needs."""

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any: ...
    def send(self, block: Any) -> None: ...


class Done(NamedTuple):
    """What a round came to: hours judged, and rows that differ from what was stored."""

    hours: int = 0
    rows: int = 0


class Judging:
    """Rounds over one store for what one kind of worker brings. `clock`: the wall's, in microseconds."""

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        worker: str,
        measures: Sequence[Measure],
        naming: Naming,
        closing: FigureRules,
        clock: Callable[[], int],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._worker = worker
        self._rules = {one: one.rules(naming) for one in measures}
        self._naming = naming
        self._closing = closing._replace(grace=GRACE)
        self._clock = clock

    def round(self, version: int, *, caught_up: bool = True) -> Done:
        """One round under `version`, greater than that of any round before. Raises StoreError; then it is made again.

        `caught_up`: whether what was sent before this program began has been read; else nothing is judged.
        """
        if not caught_up:
            return Done()
        as_of = closing_of(self._reader, self._closing, self._clock(), self._worker).by_wall()
        if as_of is None:
            return Done()
        done = [self._judge(measure, as_of, version) for measure in self._rules]
        return Done(sum(one.hours for one in done), sum(one.rows for one in done))

    def _judge(self, measure: Measure, as_of: int, version: int) -> Done:
        prints = {
            row["hour_us"]: Print(row["number"], row["total"], row["oldest_us"])
            for row in self._asked(measure.prints, until=as_of - as_of % HOUR)
        }
        marks = {row.pop("hour_us"): Mark(**row) for row in self._asked("health_marks", measure=measure.name)}
        wanted = due(prints, marks, as_of, self._rules[measure], measure.forgotten(self._clock()))
        hours = sorted({*wanted.new, *wanted.settling, *self._touched(measure, wanted, marks)})
        written, settles = 0, dict[int, int]()
        for since, until in stretches(hours):
            own = {hour for hour in hours if since <= hour < until}
            written += self._store(measure, own, as_of, version, settles)
        self._mark(measure, _marked(hours, wanted, marks), prints, settles, version)
        return Done(len(hours), written)

    def _touched(self, measure: Measure, wanted: Due, marks: Mapping[int, Mark]) -> Iterator[int]:
        """Hours judged before of which facts go on, or stand again, in those whose facts are new."""
        forgotten = measure.forgotten(self._clock())
        for since, until in stretches(wanted.new) if measure.touched else ():
            for row in self._asked(measure.touched, since=since, until=until, chain_us=CHAIN):
                mark = marks.get(row["hour_us"])
                if mark is not None and mark.oldest_us >= forgotten:
                    yield row["hour_us"]

    def _store(self, measure: Measure, hours: set[int], as_of: int, version: int, settles: dict[int, int]) -> int:
        """Write what differs of these hours; `settles` learns when which of them has to be looked at again."""
        window = {"since": min(hours), "until": max(hours) + HOUR}
        more = {"as_of": as_of, "interface": ""} if measure.name == CALLS else {}
        found = dict[tuple[Any, ...], HourFigures]()
        for row in self._asked(measure.hours, **window, **more, **self._naming.values(measure.name)):
            if (hour := row["hour_us"]) not in hours:
                continue
            figures = figures_of(measure.name, row)
            found[figures.key] = figures
            if row.get("settles_us"):
                settles[hour] = min(settles.get(hour, row["settles_us"]), row["settles_us"])
        rows = self._reader.rows(_STORED, {"measure": measure.name, **window})
        stored = {tuple(row[name] for name in KEY): row["content"] for row in rows if row["hour_us"] in hours}
        changed = [one for key, one in found.items() if stored.get(key) != one.content]
        gone = [nothing_of(key) for key in stored if key not in found]
        if changed or gone:
            columns = hour_columns(changed, gone, version, self._clock())
            self._writer.send(self._writer.prepare("health_hours", columns))
        return len(changed) + len(gone)

    def _mark(
        self,
        measure: Measure,
        hours: Sequence[int],
        prints: Mapping[int, Print],
        settles: Mapping[int, int],
        version: int,
    ) -> None:
        if not hours:
            return
        now, seen = self._clock(), [prints.get(hour, NOTHING) for hour in hours]
        columns = {
            "measure": [measure.name] * len(hours),
            "hour": hours,
            "version": [version] * len(hours),
            "judged": [now] * len(hours),
            "number": [one.number for one in seen],
            "total": [one.total for one in seen],
            "oldest": [one.oldest_us or now for one in seen],
            "settles": [settles.get(hour) for hour in hours],
            "rules": [self._rules[measure]] * len(hours),
        }
        self._writer.send(self._writer.prepare("health_judged", columns))

    def _asked(self, name: str, **values: Any) -> Iterator[dict[str, Any]]:
        return self._reader.rows(query_text(DIRECTORY, name), values)


def _marked(hours: Iterable[int], wanted: Due, marks: Mapping[int, Mark]) -> list[int]:
    """The hours that were judged, and the last closed one where nothing happened in it: so far everything is."""
    known = {*hours, *marks}
    last = wanted.until - HOUR
    return sorted({*hours, last} if known and last > max(known) else {*hours})
