"""`flowglass purge --simulated`: take the simulated hospital group out of the store.

Workers must not run meanwhile: a running one holds simulated cases in memory and would write them back with
the next event or deadline.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from metrics.commands.opened import wall_clock
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.stopped_store import has_store, opened
from metrics.running import NotRunning, find_stack, read_note
from metrics.settings import read_settings
from metrics.store.client import StoreClient, connect_url
from metrics.words import MINUTE

_EVENTS = "event_id IN (SELECT event_id FROM events WHERE simulated = 1)"
_CASES = "(process, case_id) IN (SELECT process, case_id FROM cases WHERE simulated = 1)"
_FINDINGS = "finding_id IN (SELECT finding_id FROM quality_findings WHERE simulated = 1)"
_SUBJECTS = "(subject_type, subject_id) IN (SELECT subject_type, subject_id FROM quality_facts WHERE simulated = 1)"
_PUBLISHED_SCOPES = (
    "SELECT DISTINCT if(process = '', 'money', concat('cases/', process)) FROM figure_parts WHERE simulated = 1"
)
_ALERTS = "alert_id IN (SELECT alert_id FROM alerts WHERE simulated = 1)"

SIMULATED: Mapping[str, str] = {
    "dead_letter_replays": "payload_hash IN (SELECT message FROM v_dead_letters WHERE simulated = 1)",
    "dead_letters": "simulated = 1",
    "late_events": _CASES,
    "restatements": _CASES,
    "transitions": _CASES,
    "deviation_changes": _CASES,
    "expectation_transitions": _CASES,
    "case_paths": _CASES,
    "event_days": "day IN (SELECT toInt32(toDate32(time)) FROM events WHERE simulated = 1)",
    "unlinked_events": "simulated = 1",
    "case_events": f"{_CASES} OR {_EVENTS}",
    "cases": _CASES,
    "objects": "(object_type, object_id) IN (SELECT object_type, object_id FROM objects WHERE simulated = 1)",
    "span_refs": "trace_id IN (SELECT trace_id FROM spans WHERE simulated = 1)",
    "spans": "simulated = 1",
    "figure_marks": f"scope IN ({_PUBLISHED_SCOPES})",
    "figure_parts": "simulated = 1",
    "figure_changes": "simulated = 1",
    "figure_restatements": "simulated = 1",
    "published_figures": "simulated = 1",
    "health_hours": "simulated = 1",
    "ledger": "simulated = 1",
    "ledger_postings": "simulated = 1",
    "feed_intervals": "simulated = 1",
    "feed_standings": "simulated = 1",
    "feed_batches": "simulated = 1",
    "source_states": "simulated = 1",
    "contract_breaches": "simulated = 1",
    "file_events": "simulated = 1",
    "files": "simulated = 1",
    "quality_actions": _FINDINGS,
    "quality_transitions": _FINDINGS,
    "quality_findings": _FINDINGS,
    "quality_hops": _SUBJECTS,
    "quality_wakes": _SUBJECTS,
    "quality_facts": "simulated = 1",
    "quality_tides": "feed IN (SELECT feed FROM feeds WHERE simulated = 1)",
    "alert_messages": "hasAny(alert_ids, (SELECT groupUniqArray(alert_id) FROM alerts WHERE simulated = 1))",
    "alert_cases": _ALERTS,
    "alert_log": _ALERTS,
    "alert_actions": _ALERTS,
    "alerts": "simulated = 1",
    "events": _EVENTS,
    "markers": "feed IN (SELECT feed FROM feeds WHERE simulated = 1)",
    "feeds": "feed IN (SELECT feed FROM feeds WHERE simulated = 1)",
}
"""Table → which of its rows are simulated. Rows that are known by others stand before those, so that a purge that
broke off can be repeated; whole keys go, so that no older version of a row comes to light."""

KEPT = frozenset(
    {
        "checkpoints",
        "definitions",
        "epochs",
        "incarnations",
        "source_pauses",
        "alert_silences",
        "alert_leases",
        "health_judged",
    }
)
"""Tables that say nothing of simulated business: how far workers are, what is defined, who paused what."""

_MIXED = f"SELECT uniqExact(process, case_id) FROM case_events WHERE {_CASES} AND NOT ({_EVENTS})"
_FLUSHED = "SELECT toUnixTimestamp64Micro(max(flushed_at)) FROM v_checkpoints"
STILL = MINUTE
"""A worker that flushed within this time is taken to be running."""


class WorkersRun(Exception):
    """Workers would write back what is deleted; the message says what to do."""


def purge(
    simulated: Annotated[bool, typer.Option("--simulated", help="Remove what the simulator produced.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even while workers run: they may bring some of it back.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Remove simulated rows from every table. Stop the stack first: its store is opened for this command alone.

    Exit codes: 0 done, 1 refused, 2 wrong usage.
    """
    if not simulated:
        say("say what to remove: --simulated is the only kind there is")
        raise typer.Exit(2)
    try:
        with _store(force) as store:
            counts = count_simulated(store)
            mixed = int(store.command(_MIXED))
            total = sum(counts.values())
            if total and not (
                yes or typer.confirm(f"Remove {total:,} simulated rows from {store.database}?", err=True)
            ):
                raise typer.Exit(1)
            if total:
                delete_simulated(store, counts)
            left = count_simulated(store)
    except WorkersRun as error:
        say(str(error))
        raise typer.Exit(1) from None
    if as_json:
        print_json({"removed": counts, "left": left, "mixed_cases": mixed})
    else:
        _print(counts, left, mixed)


def count_simulated(store: StoreClient) -> dict[str, int]:
    """Stored rows that are simulated, by table; versions that a merge will drop are counted too."""
    return {table: int(store.command(f"SELECT count() FROM {table} WHERE {rows}")) for table, rows in SIMULATED.items()}


def delete_simulated(store: StoreClient, counts: Mapping[str, int], on_cluster: str = "") -> None:
    """Delete them; returns once each table is rewritten. Repeating it is harmless."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        for table, rows in bar.track(SIMULATED.items(), description="removing"):
            if counts.get(table, 1):
                store.command(f"DELETE FROM {table} {on_cluster} WHERE {rows}")


@contextmanager
def _store(force: bool) -> Iterator[StoreClient]:
    """The store to purge. Raises WorkersRun, NotRunning and store errors."""
    settings = read_settings()
    try:
        running = find_stack()
    except NotRunning:
        if not has_store(settings.data_dir):
            raise
        with opened(settings.data_dir) as url, _connected(url, settings.database) as store:
            yield store
        return
    note = read_note(settings.data_dir)
    ours = note is not None and note.store == running.store_url
    with _connected(running.store_url, running.database) as store:
        if not force:
            refuse_running(store, wall_clock, stack_runs=ours)
        yield store


@contextmanager
def _connected(url: str, database: str) -> Iterator[StoreClient]:
    store = connect_url(url, database)
    try:
        yield store
    finally:
        store.close()


def refuse_running(store: StoreClient, clock: Callable[[], int], *, stack_runs: bool) -> None:
    """Raise WorkersRun when the embedded stack runs, or somebody flushed a moment ago."""
    if stack_runs or clock() - int(store.command(_FLUSHED)) < STILL:
        raise WorkersRun(
            "workers are running: they hold simulated cases in memory and would write them back. Stop the stack"
            " (or its workers and the simulator) and purge again; --force does it all the same."
        )


def _print(counts: Mapping[str, int], left: Mapping[str, int], mixed: int) -> None:
    rows: list[tuple[str, ...]] = [(name, f"{n:,}", f"{left[name]:,}") for name, n in counts.items() if n or left[name]]
    if not rows:
        print_line("nothing simulated is stored")
        return
    print_table(("table", "rows removed", "left"), rows, right="rows removed, left")
    if mixed:
        print_line(f"{mixed} cases mixed simulated and real events: the real ones are kept as unlinked events")
