"""`flowglass doctor`: is everything in place, and if not, what is to be done?"""

from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from metrics.commands.check_engine import check_engine
from metrics.commands.check_machine import check_data_dir, check_packages, check_port, check_python, check_zones
from metrics.commands.check_setup import check_setup
from metrics.commands.check_store import check_store
from metrics.commands.finding import GROUP, Check, Finding, warning, wrong
from metrics.commands.opened import wall_clock
from metrics.commands.output import print_json, print_line
from metrics.running import BROKER, NOTE, STORE, NotRunning, find_stack, read_note
from metrics.settings import Settings, read_settings
from metrics.store.client import connect_url
from metrics.store.errors import StoreError
from metrics.store.migrate import load_migrations
from metrics.store.queries import Queries

_MARKS = {"ok": "ok", "warning": "warning", "wrong": "WRONG"}
_SECONDS = 10


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check the machine, what is written down, secrets, store, broker, workers and feeds.

    Exit codes: 0 nothing is wrong (warnings may be there), 1 something is.
    """
    findings = list(examine(read_settings(), entry_points(group=GROUP)))
    if as_json:
        print_json(doctor_json(findings))
    else:
        print_findings(findings)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings, checks: Iterable[EntryPoint]) -> Iterator[Finding]:
    """All findings. Without a running stack only the machine is looked at."""
    yield check_python()
    yield check_packages()
    yield check_zones()
    yield from check_data_dir(settings.data_dir)
    yield from check_setup(settings)
    try:
        running = find_stack()
    except NotRunning as error:
        started = (settings.data_dir / NOTE).exists()
        yield (
            wrong("stack", "a stack did not end cleanly", str(error))
            if started
            else warning("stack", "none is running", str(error))
        )
        yield check_port(settings.dashboards_port, ours=False)
        return
    yield from _dashboards(settings)
    yield from _store(running)
    for entry in sorted(checks, key=lambda one: one.name):
        yield from _other(entry, running)


def _dashboards(settings: Settings) -> Iterator[Finding]:
    note = read_note(settings.data_dir)
    port = urlsplit(note.dashboards).port if note is not None else None
    if port is not None:
        yield check_port(port, ours=True)


def _store(running: Settings) -> Iterator[Finding]:
    try:
        client = connect_url(running.store_url, running.database, answer_seconds=_SECONDS)
    except StoreError as error:
        yield wrong("store", str(error), f"Start it with `flowglass up`, or set {STORE} to one that runs.")
        return
    try:
        reader = Queries(client, seconds=_SECONDS)
        findings = list(check_store(reader, running.database, load_migrations(), wall_clock()))
        yield from findings
        if findings[0].state == "ok":  # it answers
            yield from check_engine(client, reader, running.cluster)
    finally:
        client.close()


def _other(entry: EntryPoint, running: Settings) -> Iterator[Finding]:
    """The checks of another package; one that cannot be loaded or breaks is a finding itself."""
    try:
        check: Check = entry.load()
        yield from check(running)
    except Exception as error:  # whatever a package raises: the others still count
        yield wrong(
            entry.name, f"the check {entry.value} failed: {error!r}", f"Install again, and see that {BROKER} is right."
        )


def doctor_json(findings: Iterable[Finding]) -> dict[str, Any]:
    found = list(findings)
    return {"healthy": all(one.state != "wrong" for one in found), "findings": found}


def print_findings(findings: Iterable[Finding]) -> None:
    """One line a finding, with what to do below what is not well."""
    found = list(findings)
    width = max(len(one.check) for one in found)
    for one in found:
        print_line(f"{_MARKS[one.state]:<8} {one.check:<{width}}  {one.detail}")
        if one.advice:
            print_line(f"{'':<8} {'':<{width}}  → {one.advice}")
    count = sum(one.state == "wrong" for one in found)
    print_line("nothing is wrong" if not count else f"{count} wrong")
