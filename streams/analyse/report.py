"""The report for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from streams.analyse.figures import Durations, Figures, Found
from streams.analyse.request import Request

MOST_ACTIVITIES = 40
WIDE = 160
_UNITS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))


def report_console() -> Console:
    """On stdout; where that is no terminal the lines may be long."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)


def print_report(console: Console, request: Request, figures: Figures, found: Found) -> None:
    """Tables, widest first; a part with nothing to say is left out."""
    files = [file.path.name for file in request.load.files] + [path.name for path in request.spans]
    console.print(f"[bold]{', '.join(files)}[/bold]")
    console.print(
        f"{figures.cases:,} cases · {figures.events:,} events · {len(figures.activities)} activities · "
        f"{figures.variants:,} variants · {figures.repeated_rows:,} repeated rows · {figures.seconds:.1f} s"
    )
    for table in _tables(figures, found):
        console.print()
        console.print(table)


def _tables(figures: Figures, found: Found) -> list[Table]:
    tables = []
    if figures.cases:
        tables += [_durations(figures), _activities(figures)]
    if figures.pairs:
        tables.append(_pairs(figures))
    if found.clocks:
        tables.append(_clocks(found))
    if figures.spans.stored:
        tables.append(_spans(figures))
    if figures.dead_letters or figures.unlinked:
        rows = [("dead letters", f"{figures.dead_letters:,}"), ("events without a case", f"{figures.unlinked:,}")]
        tables.append(_table("Not in any case", ("what", "number"), rows))
    return tables


def _durations(figures: Figures) -> Table:
    rows = [("first to last event", figures.case_duration)]
    if isinstance(figures.with_start_case_duration, Durations):
        rows.append(("first start to last event", figures.with_start_case_duration))
    texts = [
        (name, f"{d.n:,}", *(duration(value) for value in (d.median, d.p90, d.mean, d.min, d.max))) for name, d in rows
    ]
    return _table("How long cases take", ("from … to", "cases", "median", "p90", "mean", "min", "max"), texts)


def _activities(figures: Figures) -> Table:
    named = list(figures.activities.items())
    rows = [(name, f"{count:,}") for name, count in named[:MOST_ACTIVITIES]]
    rest = named[MOST_ACTIVITIES:]
    if rest:
        rows.append((f"… and {len(rest):,} more", f"{sum(count for _, count in rest):,}"))
    return _table("Activities", ("activity", "events"), rows)


def _pairs(figures: Figures) -> Table:
    rows = [
        (name, f"{pair.n:,}", duration(pair.median), duration(pair.p90), duration(pair.mean), f"{pair.negative:,}")
        for name, pair in figures.pairs.items()
    ]
    return _table("From milestone to milestone", ("pair", "cases", "median", "p90", "mean", "negative"), rows)


def _clocks(found: Found) -> Table:
    rows = [
        (row.sla, *(f"{number:,}" for number in (row.met, row.breached, row.running, row.cancelled)))
        for row in found.clocks
    ]
    return _table("SLA clocks", ("sla", "met", "breached", "running", "cancelled"), rows)


def _spans(figures: Figures) -> Table:
    spans = figures.spans
    numbers = (spans.stored, spans.duplicates, spans.traces, spans.services, spans.linked)
    names = ("stored", "duplicates", "traces", "services", "linked to a case")
    return _table("Spans", names, [tuple(f"{number:,}" for number in numbers)])


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 and len(rows[0]) == len(columns) else "right")
    for row in rows:
        table.add_row(*row)
    return table


def duration(seconds: float | None) -> str:
    """In the largest unit of which there is at least one; a dash for none."""
    if seconds is None:
        return "–"
    for size, unit in _UNITS:
        if abs(seconds) >= size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:,.1f} s"
