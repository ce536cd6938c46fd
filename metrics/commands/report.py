"""`flowglass report spend|list|send`: the page for executives as a file, and the mails that are sent of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.opened import open_store
from metrics.commands.output import say
from metrics.definitions.mistakes import DefinitionsError
from metrics.ledger.overview import NothingToTell, newest_event
from metrics.reports.periods import Span, everywhere, month_in, span_of
from metrics.reports.spend import make_report, read_beside
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.texts.shown import utc

report = typer.Typer(
    help="Reports on paper and by mail: make one, list those that are sent by themselves, send one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Filter = Annotated[str, typer.Option(help="Only this one; ? for documents that do not tell.")]


@report.command()
def spend(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("spend.pdf"),
    month: Annotated[str, typer.Option("--month", help="One calendar month, such as 2026-10.")] = "",
    span: Annotated[Span, typer.Option("--period", help="Months up to the newest event.")] = "3_months",
    facility: Filter = "",
    department: Filter = "",
    cost_center: Filter = "",
    supplier: Filter = "",
    legal_entity: Filter = "",
    process: Filter = "",
) -> None:
    """Write Spend & labour as one page of PDF.

    Exit codes: 0 done, 1 there is nothing to report, 2 wrong usage.
    """
    filters = everywhere(
        facility=facility, department=department, cost_center=cost_center, supplier=supplier,
        legal_entity=legal_entity, booked=process,
    )  # fmt: skip
    settings = find_stack()
    try:
        beside = read_beside(settings.definitions)
        with open_store(settings) as (_, reader):
            newest = newest_event(reader)
            before = utc(newest).date().replace(day=1) - timedelta(days=1)
            period = month_in(month, newest) if month else span_of(span, newest, before)
            made = make_report(reader, beside, period, filters)
        output.write_bytes(made.pdf)
    except NothingToTell as why:
        _end(str(why), 1)
    except (ValueError, DefinitionsError, OSError) as error:
        _end(str(error), 2)
    say(f"{made.title}: {output} written{'; simulated data is among it' if made.simulated else ''}")


@report.command("list")
def list_reports(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the reports that are sent by themselves: when, to whom, as which role, and whether this period's is sent."""
    with _declared() as settings:
        from metrics.commands.report_mail import show_reports

        show_reports(settings, as_json)


@report.command()
def send(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `flowglass report list` shows it.")],
    now: Annotated[bool, typer.Option("--now", help="Even if it was sent; does not count as this period's.")] = False,
) -> None:
    """Send this period's mail of a report at once, instead of the running service.

    Exit codes: 0 sent, 1 it was sent already, can't be sent or has nothing to tell, 2 wrong usage.
    """
    with _declared() as settings:
        from metrics.commands.report_mail import send_report

        send_report(settings, name, now)


@contextmanager
def _declared() -> Iterator[Settings]:
    """The settings; mistakes of what is declared end the command."""
    try:
        yield find_stack()
    except NothingToTell as why:
        _end(str(why), 1)
    except DefinitionsError as error:
        _end(str(error), 2)


def _end(why: str, code: int) -> None:
    say(why)
    raise typer.Exit(code)
