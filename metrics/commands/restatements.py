"""`flowglass restatements`: published figures that changed, what they were, and why."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.wording import moment, rfc3339
from metrics.figures.wording import because, both, interval
from metrics.queries.restatement_rows import Restatement
from metrics.sla.durations import parse_duration
from metrics.words import SECOND

FIGURES = ("sla", "cases", "money")


def restatements(
    since: Annotated[
        str, typer.Option("--since", help="Noticed since: a day (2026-03-01) or so long ago (7d).")
    ] = "7d",
    process: Annotated[str, typer.Option("--process", help="Only of this process.")] = "",
    figure: Annotated[str, typer.Option("--figure", help=f"Only these: {', '.join(FIGURES)}.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="Only of intervals of this length: day, week, month.")] = "",
    facility: Annotated[str, typer.Option("--facility", help="Of this facility; left out: of all together.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List numbers of closed days, weeks and months that changed: what they were, what they are, and why.

    Exit codes: 0 done (also when there are none), 2 wrong usage.
    """
    if figure not in ("", *FIGURES) or unit not in ("", "day", "week", "month"):
        say(f"--figure is one of {', '.join(FIGURES)}; --unit one of day, week, month")
        raise typer.Exit(2)
    begin = instant(since, wall_clock(), "--since")
    with open_store() as (_, reader):
        found = reader.rows(
            "restatement_list", Restatement, since=begin, figures=[figure] if figure else [], process=process, about="",
            units=[unit] if unit else [], places=[facility], starts=[], limit=limit, offset=0,
        )  # fmt: skip
    total = found[0].total if found else 0
    if as_json:
        print_json({"total": total, "restatements": [for_machines(one) for one in found]})
        return
    if not found:
        print_line("no published figure changed")
        return
    print_table(
        ("noticed", "interval", "figure", "was", "is", "because", "cases"), [_line(one) for one in found]
    )  # fmt: skip
    if total > len(found):
        print_line(f"{len(found)} of {total} shown; --limit shows more")


def instant(text: str, now: int, option: str) -> int:
    """Microseconds UTC of a day, or of so long ago. Ends the command when it is neither."""
    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        day = date.fromisoformat(text)
    except ValueError:
        say(f"{option} is {text!r}; write a day like 2026-03-01, or how long ago, like 7d or 12h")
        raise typer.Exit(2) from None
    return int(datetime.combine(day, datetime.min.time(), UTC).timestamp()) * 1_000_000


def for_machines(one: Restatement) -> dict[str, Any]:
    """One restatement with both values as objects."""
    return {
        "figure": one.figure, "process": one.process, "name": one.name, "facility": one.facility,
        "currency": one.currency, "unit": one.unit, "start": one.start, "revision": one.revision,
        "noticed": rfc3339(one.noticed_us),
        "before": _in_seconds(one.before), "after": _in_seconds(one.after),
        "causes": dict(zip(one.causes, one.cause_counts, strict=True)), "changes": one.changes,
        "late_seconds": one.late_us / SECOND, "detail": one.detail, "events": one.event_ids,
        "cases": [{"process": p, "case": c} for p, c in zip(one.case_processes, one.case_ids, strict=True)],
        "simulated": bool(one.simulated),
    }  # fmt: skip


def _in_seconds(said: str) -> dict[str, str]:
    """A figure's numbers (texts) by name; '' where there is none."""
    numbers = msgspec.json.decode(said, type=dict[str, str])
    return dict(_second(name, number) if name.endswith("_us") else (name, number) for name, number in numbers.items())


def _second(name: str, number: str) -> tuple[str, str]:
    return name.removesuffix("_us") + "_seconds", f"{Decimal(number) / SECOND:f}" if number else ""


def _line(one: Restatement) -> tuple[str, ...]:
    was, now = both(one.figure, one.before, one.after, one.currency)
    why = because(one.causes, one.cause_counts, one.late_us, "document" if one.figure == "money" else "case")
    about = " ".join(part for part in (one.process, one.name or one.figure, one.facility) if part)
    cases = ", ".join(one.case_ids[:3]) + (" …" if len(one.case_ids) > 3 else "")
    return moment(one.noticed_us), interval(one.unit, one.start), about, was, now, why, cases
