"""`flowglass alerts`: tell alerts, look at them, and say that somebody takes care."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
import structlog
import typer

from metrics.alerts import desk as desks
from metrics.alerts.desk import Desk, NoSuchAlert
from metrics.alerts.locate import load_alerts
from metrics.alerts.reading import SHIPPED
from metrics.commands.alerts_routes import routes
from metrics.commands.alerts_shown import print_alerts, print_one, print_silences, print_why
from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import print_json, print_line, say
from metrics.completeness.reading import load_expectations
from metrics.definitions.mistakes import DefinitionsError
from metrics.reports.declared import reports_of, reports_or_none
from metrics.running import find_stack
from metrics.settings import SettingError
from metrics.sla.durations import parse_duration
from metrics.store.writer import ClickHouseWriter

alerts = typer.Typer(
    help="Alerts: tell them, list, acknowledge, assign, comment, silence, and why they went out or did not.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
alerts.add_typer(routes, name="routes")

Id = Annotated[str, typer.Argument(metavar="ID", help="As `flowglass alerts list` shows it; its beginning will do.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Annotated[str, typer.Option("--by", help="Who does it; left out: who is logged in here.")]


@alerts.command()
def run(
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going",
            help="A file with mistakes: look on and show, tell nobody. A missing secret: leave that receiver out.",
        ),
    ] = False,
) -> None:
    """Tell alerts until told to stop. Of several such programs on one store one works and the others wait."""
    from metrics.alerts.notifiers.build import raised
    from metrics.alerts.program import run_alerts, stop_signal

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    settings = find_stack()
    try:
        plan, catalogue, folder = load_alerts(settings)
        expectations = load_expectations(settings.definitions)
        reports = reports_or_none(settings, plan, say) if keep_going else reports_of(settings, plan)
    except (DefinitionsError, OSError) as error:
        say(str(error))
        if not keep_going:
            raise typer.Exit(2) from None
        plan, catalogue, folder = load_alerts(msgspec.structs.replace(settings, alerts=SHIPPED, definitions=None))
        expectations, reports = load_expectations(None), {}
    missing = _left_out if keep_going else raised
    run_alerts(settings, plan, catalogue, expectations, folder, os.environ, stop_signal(), missing, reports)


def _left_out(error: SettingError) -> None:
    say(f"{error}; what is for it waits")


@alerts.command("list")
def list_alerts(
    every: Annotated[bool, typer.Option("--all", help="Also those resolved within the last week.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts that are not over."""
    with _desk() as desk:
        found = desk.alerts(every=every)
        if as_json:
            print_json({"alerts": [one.for_machines() for one in found]})
        else:
            print_alerts(found)


@alerts.command()
def show(alert: Id, as_json: AsJson = False) -> None:
    """Show one alert with the cases behind it."""
    with _desk() as desk:
        one, members = desk.one(alert), desk.members(alert)
        if as_json:
            print_json(one.for_machines() | {"cases": members})
        else:
            print_one(one, members)


@alerts.command()
def why(alert: Id, as_json: AsJson = False) -> None:
    """Everything that is known of one alert: when it fired, who was told, who was not and why, who did what."""
    with _desk() as desk:
        one, history = desk.one(alert), desk.history(alert)
        if as_json:
            print_json(one.for_machines() | {"history": [line.for_machines() for line in history]})
        else:
            print_why(one, history)


@alerts.command()
def ack(alert: Id, comment: Annotated[str, typer.Option("--comment", "-m")] = "", by: By = "") -> None:
    """Say that somebody takes care: it is not repeated and does not escalate until it fires anew."""
    with _desk() as desk:
        one = desk.act(alert, "ack", _who(by), comment)
    print_line(f"alert {one} is acknowledged by {_who(by)}")


@alerts.command()
def unack(alert: Id, by: By = "") -> None:
    """Take an acknowledgement back."""
    with _desk() as desk:
        one = desk.act(alert, "unack", _who(by), "")
    print_line(f"alert {one} is not acknowledged any more")


@alerts.command()
def assign(alert: Id, to: Annotated[str, typer.Argument(metavar="WHOM")], by: By = "") -> None:
    """Say who takes care."""
    with _desk() as desk:
        one = desk.act(alert, "assign", _who(by), to)
    print_line(f"alert {one} is assigned to {to}")


@alerts.command()
def comment(alert: Id, text: Annotated[str, typer.Argument(metavar="TEXT")], by: By = "") -> None:
    """Write something down about an alert."""
    with _desk() as desk:
        one = desk.act(alert, "comment", _who(by), text)
    print_line(f"noted about alert {one}")


@alerts.command()
def silence(
    matchers: Annotated[
        list[str], typer.Argument(metavar="LABEL=VALUE...", help="All must fit: kind=breach process='supplier*'")
    ],
    last: Annotated[str, typer.Option("--for", help="How long: 30m, 4h, 2d.")] = "2h",
    why_: Annotated[str, typer.Option("--comment", "-m", help="The reason, for those who come later.")] = "",
    by: By = "",
) -> None:
    """Tell nobody of the alerts that fit, for a while."""
    try:
        wanted, duration = desks.matchers_of(matchers), parse_duration(last)
    except ValueError as error:
        say(str(error))
        raise typer.Exit(2) from None
    with _desk() as desk:
        made = desk.silence(wanted, duration, _who(by), why_)
        count = sum(1 for one in desk.alerts() if made.holds(one.alert.labels, made.starts))
    print_line(f"silence {made.id} holds for {last}; it fits {count} of the alerts that are not over")


@alerts.command()
def unsilence(silence_id: Annotated[str, typer.Argument(metavar="SILENCE")]) -> None:
    """End a silence now."""
    with _desk() as desk:
        made = desk.unsilence(silence_id)
    print_line(f"silence {made} is over")


@alerts.command()
def silences(as_json: AsJson = False) -> None:
    """List the silences that hold."""
    with _desk() as desk:
        found = desk.silences()
    if as_json:
        print_json({"silences": [desks.silence_json(one) for one in found]})
    else:
        print_silences(found)


@contextmanager
def _desk() -> Iterator[Desk]:
    settings = find_stack()
    with open_store(settings) as (client, reader):
        try:
            yield Desk(reader, ClickHouseWriter(client, cluster=settings.cluster), wall_clock)
        except NoSuchAlert as error:
            say(str(error))
            raise typer.Exit(1) from None


def _who(by: str) -> str:
    try:
        return by or getpass.getuser()
    except (KeyError, OSError):  # no account in this environment
        raise SettingError("say who you are with --by NAME") from None
