"""`flowglass case`: show a case, and close one by hand that will never end."""

import asyncio
import getpass
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from metrics.closing import closing
from metrics.commands.case import case as show
from metrics.commands.opened import Reader, open_store, wall_clock
from metrics.commands.output import print_line, say
from metrics.privacy.opened import names_of
from metrics.queries.closing_rows import Closable
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.words import Event

PATIENCE_SECONDS = 10.0
"""Somebody waits for the answer."""


class CaseGroup(TyperGroup):
    """What is no command of the group is an id to be shown: `flowglass case R-1`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`show` is left out by most."""
        named = not args or args[0] in self.commands or args[0] == "--help"
        return super().parse_args(ctx, args if named else ["show", *args])


case = typer.Typer(
    cls=CaseGroup,
    help="Show the case that an id belongs to: `flowglass case ID`; close one that will never end.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
case.command("show")(show)


@case.command()
def close(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help="The process of the case.")],
    id: Annotated[str, typer.Argument(metavar="ID", help="The case's own number.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who come later; no names of people.")],
    by: Annotated[str, typer.Option("--by", help="Who does it; left out: the user of this machine.")] = "",
) -> None:
    """Close a case that will never end. Its clocks stop without a verdict; an event that comes later opens it again.

    Exit codes: 0 sent, 1 there is no such open case, 2 wrong usage.
    """
    settings = find_stack(broker=True)
    actor = by or getpass.getuser()
    with open_store(settings) as (_, reader):
        case_id, found = _open_case(reader, settings, process, id)
    try:
        event = closing(
            process, (found.case_type, case_id), at=found.present(wall_clock()), feed=found.feed, actor=actor,
            reason=reason, simulated=bool(found.simulated),
        )  # fmt: skip
    except ValueError as error:
        say(str(error))
        raise typer.Exit(2) from None
    _note(settings, actor, f"{process}/{case_id}: {reason.strip()}")
    send(settings.broker, event)
    print_line(f"{case_id} is being closed; `flowglass case {id}` shows it once a worker has taken the event in")


def _open_case(reader: Reader, settings: Settings, process: str, id: str) -> tuple[str, Closable]:
    """The case's number as it is stored, and what is known of it. Ends the command when it can't be closed."""
    for name in names_of(settings, id):
        for found in reader.rows("case_closing", Closable, process=process, case_id=name):
            if found.status == "closed":
                say(f"{id} has ended already: {found.outcome}")
                raise typer.Exit(1)
            if found.phase == "backfill":
                say(f"the feed {found.feed} still sends its history: close cases once it is through")
                raise typer.Exit(1)
            return name, found
    say(f"the process {process!r} has no case {id!r}; `flowglass case {id}` shows where the number belongs")
    raise typer.Exit(1)


def _note(settings: Settings, actor: str, what: str) -> None:
    """Where people sign on, who closed what and why stands in the audit log before it happens."""
    from metrics.access.audit import FILE, AuditLog
    from metrics.access.people import FILE as PEOPLE

    folder = settings.access_folder
    if (folder / PEOPLE).exists():
        AuditLog(folder / FILE).note(actor, "closed by hand", what, role="command line")


def send(broker: str, event: Event) -> None:
    """Send one event; returns once the broker has it. Raises what the producer raises."""
    asyncio.run(_send(broker, event))


async def _send(broker: str, event: Event) -> None:
    from streams import topics
    from streams.codecs.cloudevents import encode
    from streams.producer import start_producer

    key, value, headers = encode(event)
    async with await start_producer(broker, "flowglass-case", patience=PATIENCE_SECONDS) as producer:
        await producer.send_many(topics.EVENTS, [(key, value, headers, None, None)])
        await producer.flush()
