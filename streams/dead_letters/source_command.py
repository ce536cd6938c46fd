"""`flowglass source`: which sources are paused, and pausing and resuming by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.wording import moment, rfc3339
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.writer import ClickHouseWriter
from streams.dead_letters.originals import seal_of
from streams.dead_letters.pauses import StoredPauses

source = typer.Typer(
    help="Sources of events: list, pause, resume.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="As events name it (/coupa/prod), a mapping's name, or a service.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


_NO_KEYRING = "no keyring here: a worker without one keeps no originals, and only the sender can send them again"


@contextmanager
def _pauses(settings: Settings | None = None) -> Iterator[StoredPauses]:
    found = settings or find_stack()
    with open_store(found) as (client, _):
        yield StoredPauses(client, ClickHouseWriter(client, cluster=found.cluster), wall_clock)


@source.command("list")
def list_sources(
    every: Annotated[bool, typer.Option("--all", help="Also those that were resumed.")] = False, as_json: AsJson = False
) -> None:
    """List the paused sources."""
    with _pauses() as pauses:
        found = list((pauses.all() if every else pauses.paused()).values())
    if as_json:
        print_json({"sources": [one._asdict() | {"changed": rfc3339(one.changed)} for one in found]})
    elif not found:
        print_line("no source is paused")
    else:
        print_table(
            ("source", "state", "since", "by", "why"),
            [(one.source, "paused" if one.paused else "resumed", moment(one.changed), one.cause, one.detail)
             for one in found],
        )  # fmt: skip


@source.command()
def pause(
    name: Name, why: Annotated[str, typer.Option("--why", help="The reason, for those who come later.")] = ""
) -> None:
    """Pause a source: what it sends becomes dead letters of the reason source_paused, which a replay brings back."""
    settings = find_stack()
    with _pauses(settings) as pauses:
        changed = pauses.pause(name, why)
    print_line(f"{name} is paused" if changed else f"{name} was paused already")
    if seal_of(settings) is None:
        say(_NO_KEYRING)


@source.command()
def resume(name: Name, why: Annotated[str, typer.Option("--why", help="What was repaired.")] = "") -> None:
    """Resume a source. What went aside meanwhile comes back with `flowglass dlq replay`."""
    with _pauses() as pauses:
        changed = pauses.resume(name, why)
    print_line(f"{name} is resumed" if changed else f"{name} was not paused")
    if changed:
        print_line(f"bring back what went aside: flowglass dlq replay --reason source_paused --source {name}")
