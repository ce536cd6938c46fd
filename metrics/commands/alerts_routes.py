"""`flowglass alerts routes`: where alerts go, without sending any."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from metrics.alerts.condition import conditions
from metrics.alerts.escalating import steps_of
from metrics.alerts.locate import load_alerts
from metrics.alerts.matching import parse_matchers, written
from metrics.alerts.plan import Destination, Plan, destinations
from metrics.alerts.words import LABELS, Alert, Identity
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.wording import NONE, duration
from metrics.definitions.mistakes import DefinitionsError
from metrics.settings import read_settings

routes = typer.Typer(help="Where alerts go, without sending any.", no_args_is_help=True, add_completion=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
File = Annotated[Path | None, typer.Option("--file", help="An alerts file, instead of the one that holds.")]


@routes.command("list")
def list_routes(file: File = None) -> None:
    """List the routes in their order."""
    plan = _plan(file)
    print_table(
        ("route", "for", "to", "grouped by", "wait", "interval", "repeat", "during", "escalates"),
        [
            (one.name, written(one.match), ", ".join(one.to) or NONE, ", ".join(one.group_by), duration(one.group_wait),
             duration(one.group_interval), duration(one.repeat_interval), one.during.name if one.during else "always",
             "; ".join(f"{', '.join(step.to)} after {duration(step.after)}" for step in one.escalate) or NONE)
            for one in plan.routes
        ],
    )  # fmt: skip


@routes.command("test")
def try_labels(
    labels: Annotated[list[str], typer.Argument(metavar="LABEL=VALUE...", help="kind=breach owner=integration_team")],
    file: File = None,
    as_json: AsJson = False,
) -> None:
    """Say to whom an alert with these labels would go. Exit code 1: to nobody."""
    try:
        given = {name: values[0] for name, values in parse_matchers(labels, LABELS).items()}
    except ValueError as error:
        say(str(error))
        raise typer.Exit(2) from None
    plan = _plan(file)
    alert = example(plan, given)
    found = destinations(plan.routes, alert, steps_of(plan.declared, alert))
    if as_json:
        print_json(
            {
                "to": [
                    {"receiver": one.receiver, "route": one.route.name, "after_seconds": one.after / 1e6}
                    | ({"as": one.step.to, "calendar": one.step.calendar.name} if one.step else {})
                    for one in found
                ]
            }
        )
    for one in found if not as_json else ():
        later = f" after {duration(one.after)}{_open_hours(one)} unacknowledged" if one.after else ""
        print_line(f"{one.receiver}{later} (route {one.route.name})")
    if not found:
        say("it goes to nobody")
        raise typer.Exit(1)


def _open_hours(one: Destination) -> str:
    """In whose place it is told, and on which calendar the time counts."""
    return "" if one.step is None else f" of {one.step.calendar.name} as {one.step.to}"


def example(plan: Plan, labels: dict[str, str]) -> Alert:
    """An alert with these labels; the severity is that of its kind unless it is given."""
    kind = labels.get("kind", "")
    rule = plan.conditions.get(kind) or conditions()["breach"].defaults
    identity = Identity(
        kind,
        labels.get("process", ""),
        labels.get("cause_kind", ""),
        labels.get("cause", ""),
        labels.get("owner", ""),
        labels.get("simulated") == "true",
    )
    severity = labels.get("severity", rule.severity)
    return Alert(identity=identity, severity=severity, status="firing", revision=1, since=0, fired=0, detail="")  # type: ignore[arg-type]


def _plan(file: Path | None) -> Plan:
    settings = read_settings()
    try:
        return load_alerts(msgspec.structs.replace(settings, alerts=file) if file else settings)[0]
    except (DefinitionsError, OSError) as error:
        say(str(error))
        raise typer.Exit(2) from None
