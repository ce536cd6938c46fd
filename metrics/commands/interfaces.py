"""`flowglass interfaces`: how calls, queues, contracts, approvals, suppliers and completion stand."""

from typing import Annotated, Any

import typer

from metrics.commands.interface_days import days_of, print_days
from metrics.commands.opened import Reader, open_store, wall_clock
from metrics.commands.output import for_machines, print_json, print_table
from metrics.commands.wording import NONE, duration, percent
from metrics.health.health import Health, read_health
from metrics.health.history import History, read_history
from metrics.queries.rows import Process
from metrics.settings import read_settings
from metrics.words import DAY


def interfaces(
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="How far back to look.")] = 7,
    interface: Annotated[str, typer.Option("--interface", help="Only this interface.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the health of the integration: operations and retries, queues, contracts, approvals, suppliers, completion.

    Exit codes: 0 shown, 2 wrong usage.
    """
    definitions = read_settings().definitions
    with open_store() as (_, reader):
        as_of = _newest(reader)
        since = as_of - days * DAY
        health = read_health(reader, since, as_of, definitions, interface)
        history = read_history(reader, interface, since, as_of, definitions) if interface else None
    if as_json:
        print_json(health_json(health, history))
        return
    print_health(health)
    if history is not None:
        print_days(days_of(history, as_of), history)


def _newest(reader: Reader) -> int:
    """The newest event of all processes; the wall clock when there is none."""
    return max((row.newest_us for row in reader.rows("processes", Process)), default=0) or wall_clock()


def print_health(health: Health) -> None:
    """One table a question; those without rows say so by their number."""
    print_table(
        ("interface", "operation", "calls", "failed", "median", "p95", "p99", "retries", "given up", "level", "policy"),
        [_operation(health, index) for index in range(len(health.operations))],
        title=f"Operations ({len(health.operations)})",
        right="calls, failed, median, p95, p99, retries, given up",
    )
    print_table(
        ("interface", "messages", "not taken", "median", "p95", "longest"),
        [
            (
                q.interface,
                str(q.messages),
                str(q.waiting),
                duration(q.median_us),
                duration(q.p95_us),
                duration(q.longest_us),
            )
            for q in health.queues
        ],
        title=f"Queues ({len(health.queues)})",
        right="messages, not taken, median, p95, longest",
    )
    drifting = [one for one in health.spoken if one.drift]
    print_table(
        ("source", "type", "versions", "drift"),
        [(one.source, one.stem, ", ".join(f"v{v} ({n})" for v, n, _ in one.versions), one.drift) for one in drifting],
        title=f"Contract versions: {len(drifting)} of {len(health.spoken)} drift",
    )
    _print_people(health)


def _operation(health: Health, index: int) -> tuple[str, ...]:
    one, verdict = health.operations[index], health.verdicts[index]
    return (
        one.interface,
        one.operation,
        str(one.calls),
        percent(one.errors / one.calls),
        duration(one.median_us),
        duration(one.p95_us),
        duration(one.p99_us),
        str(one.retries),
        str(one.given_up),
        verdict.level,
        NONE if verdict.fits is None else "fits" if verdict.fits else "; ".join(verdict.faults),
    )


def _print_people(health: Health) -> None:
    print_table(
        ("step", "approver", "asked", "decided", "median", "90th pct."),
        [
            (a.step, a.approver, str(a.asked), str(a.decided), duration(a.median_us), duration(a.p90_us))
            for a in health.approvals
        ],
        title=f"Approval steps ({len(health.approvals)})",
        right="asked, decided, median, 90th pct.",
    )
    print_table(
        ("supplier", "process", "SLA", "clocks", "on time", "median", "90th pct."),
        [
            (
                s.supplier,
                s.process,
                s.sla,
                str(s.clocks),
                percent(s.met / s.clocks),
                duration(s.median_us),
                duration(s.p90_us),
            )
            for s in health.suppliers[:30]
        ],
        title=f"Suppliers ({len(health.suppliers)}), those with most clocks",
        right="clocks, on time, median, 90th pct.",
    )
    print_table(
        ("process", "begun", "ended", "share", "outcomes"),
        [
            (
                c.process,
                str(c.begun),
                str(c.ended),
                percent(c.ended / c.begun),
                ", ".join(map("{}: {}".format, c.outcomes, c.counts)),
            )
            for c in health.completion
        ],
        title=f"Completion ({len(health.completion)})",
        right="begun, ended, share",
    )


def health_json(health: Health, history: History | None = None) -> dict[str, Any]:
    """What `--json` prints: durations in seconds, times as RFC 3339.

    `hours`: those of one interface, each with whether it is judged; one that is not there had no calls.
    """
    operations = [
        {**for_machines(one), "level": verdict.level, "fits": verdict.fits, "faults": list(verdict.faults)}
        for one, verdict in zip(health.operations, health.verdicts, strict=True)
    ]
    hours = [] if history is None else history.hours
    told = (
        {}
        if history is None
        else {"hours": [{**for_machines(one), "judged": one.hour_us < history.judged_us} for one in hours]}
    )
    return {
        **told,
        "operations": operations,
        "queues": [for_machines(one) for one in health.queues],
        "contracts": [{**one._asdict(), "drift": one.drift} for one in health.spoken],
        "approvals": [for_machines(one) for one in health.approvals],
        "suppliers": [for_machines(one) for one in health.suppliers],
        "completion": [for_machines(one) for one in health.completion],
        "propagation": [for_machines(one) for one in health.propagation],
    }
