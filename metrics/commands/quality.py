"""`flowglass quality`: exceptions of data quality, who owns them, and how fast changes reach their targets."""

import getpass
from typing import Annotated, Any

import typer

from metrics.commands.opened import Reader, open_store, wall_clock
from metrics.commands.output import for_machines, print_json, print_line, print_table, say
from metrics.commands.wording import duration, moment, percent, rfc3339
from metrics.privacy.opened import names_of
from metrics.quality.actions import act
from metrics.quality.finding import KINDS
from metrics.queries.quality_rows import FindingEntry, HopLatency, ListedFinding
from metrics.running import find_stack
from metrics.store.writer import ClickHouseWriter

quality = typer.Typer(
    help="Data quality: exceptions, their owners, propagation latency.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Its id, or the start of it.")]
By = Annotated[str, typer.Option("--by", help="Who does it; left out: the user of this machine.")]
Comment = Annotated[str, typer.Option("--comment", help="Why, or what was found.")]

WAITING = ("open", "acknowledged")


@quality.command("list")
def list_findings(
    kind: Annotated[str, typer.Option("--kind", help=f"Only these: {', '.join(KINDS)}.")] = "",
    domain: Annotated[str, typer.Option("--domain", help="Only of this domain.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only of this owner.")] = "",
    object: Annotated[str, typer.Option("--object", help="Only about the object with this number.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also those that are healed or resolved.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List exceptions that wait for somebody, those that opened last first.

    Exit codes: 0 done (also when there are none), 2 wrong usage.
    """
    if kind and kind not in KINDS:
        say(f"there is no kind '{kind}'; there are {', '.join(KINDS)}")
        raise typer.Exit(2)
    numbers = names_of(find_stack(), object) if object else []
    with open_store() as (_, reader):
        found = _read(
            reader,
            kind=kind,
            domain=domain,
            owner=owner,
            objects=numbers,
            limit=limit,
            statuses=() if every else WAITING,
        )
    total = found[0].total if found else 0
    if as_json:
        print_json({"total": total, "findings": [_for_machines(one) for one in found]})
        return
    if not found:
        print_line("no exceptions" if every else "no exceptions wait (--all shows those that are healed or resolved)")
        return
    print_table(
        ("id", "opened", "kind", "status", "owner", "object", "what"),
        [(one.finding_id, moment(one.opened_us), one.kind, one.status, one.owner,
          f"{one.subject_type}/{one.subject_id}", one.detail[:120]) for one in found],
    )  # fmt: skip
    if total > len(found):
        print_line(f"{len(found)} of {total} shown; --limit shows more")


@quality.command()
def show(id: Id, as_json: AsJson = False) -> None:
    """Show one exception: who said what, and its history.

    Exit codes: 0 done, 1 there is no such exception.
    """
    with open_store() as (_, reader):
        finding = _one(reader, id)
        history = reader.rows("quality_history", FindingEntry, finding=finding.finding_id)
    if as_json:
        print_json(_for_machines(finding) | {"history": [for_machines(entry) for entry in history]})
        return
    about = ("kind", "status", "domain", "owner", "detail", "episodes", "proof", "actor", "comment")
    print_line(f"{'id':<9} {finding.finding_id}")
    print_line(f"{'object':<9} {finding.subject_type}/{finding.subject_id}")
    for name in about:
        if value := getattr(finding, name):
            print_line(f"{name:<9} {value}")
    print_line(f"{'opened':<9} {moment(finding.opened_us)}")
    print_line(f"{'healed':<9} {moment(finding.healed_us)}")
    print_table(
        ("system", "object", "said", "at"),
        [(one["system"], one["object"], one["value"] or "(not shown)", moment(at))
         for one, at in zip(_said(finding), finding.said_times, strict=True)],
        title="who said what",
    )  # fmt: skip
    print_table(
        ("at", "what", "by", "to", "remark"),
        [(moment(one.at_us), one.what, one.actor, one.owner, one.comment) for one in history],
        title="history",
    )


@quality.command()
def resolve(
    id: Id,
    acknowledge: Annotated[bool, typer.Option("--acknowledge", help="Seen, not resolved yet.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take either back.")] = False,
    comment: Comment = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Note that an exception is resolved. One that opens again later waits again.

    Exit codes: 0 noted, 1 there is no such exception, 2 wrong usage.
    """
    if acknowledge and reopen:
        say("choose --acknowledge or --reopen, not both")
        raise typer.Exit(2)
    action = "acknowledged" if acknowledge else "reopened" if reopen else "resolved"
    _act(id, action, by, comment=comment, as_json=as_json)


@quality.command()
def assign(
    id: Id,
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="Who shall see to it.")],
    comment: Comment = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Give an exception to another owner than its domain's.

    Exit codes: 0 noted, 1 there is no such exception.
    """
    _act(id, "assigned", by, owner=owner, comment=comment, as_json=as_json)


@quality.command()
def latency(as_json: AsJson = False) -> None:
    """Show how fast changes of the systems of record reach each target, against what is accepted."""
    with open_store() as (_, reader):
        hops = reader.rows("quality_latency", HopLatency)
    if as_json:
        print_json([for_machines(hop) for hop in hops])
        return
    print_table(
        ("domain", "object", "fields", "from", "to", "accepted", "changes", "in time", "median", "90 %", "late",
         "missing"),
        [(hop.domain, hop.subject_type, hop.field_group, hop.system, hop.target, duration(hop.accepted_us),
          str(hop.changes), percent(hop.share_within), duration(hop.median_us), duration(hop.p90_us), str(hop.late),
          str(hop.missing)) for hop in hops],
        right="accepted, changes, in time, median, 90 %, late, missing",
    )  # fmt: skip


def _act(id: str, action: str, by: str, *, owner: str = "", comment: str = "", as_json: bool) -> None:
    with open_store() as (client, reader):
        finding = _one(reader, id)
        writer = ClickHouseWriter(client, cluster=find_stack().cluster)
        actor = by or getpass.getuser()
        act(
            writer,
            finding.finding_id,
            finding.opened_us,
            action,
            actor=actor,
            at=wall_clock(),
            owner=owner,
            comment=comment,
        )
        after = _one(reader, finding.finding_id)
    if as_json:
        print_json(_for_machines(after))
    else:
        print_line(f"{after.finding_id} {after.status}, owner {after.owner}")


def _one(reader: Reader, id: str) -> ListedFinding:
    """The exception whose id begins so. Ends the command when there is none, or more than one."""
    found = _read(reader, ids=[id], limit=2)
    if len(found) == 1:
        return found[0]
    say(f"there is no exception '{id}'" if not found else f"several exceptions begin with '{id}': write more of the id")
    raise typer.Exit(1)


def _read(reader: Reader, **chosen: object) -> list[ListedFinding]:
    nothing: dict[str, object] = {"ids": [], "kind": "", "domain": "", "owner": "", "objects": [], "statuses": []}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in chosen.items()}
    return reader.rows("quality_list", ListedFinding, **(nothing | values))


def _said(finding: ListedFinding) -> list[dict[str, Any]]:
    columns = (finding.said_systems, finding.said_objects, finding.said_values, finding.said_times)
    return [
        {"system": system, "object": object, "value": value, "at": rfc3339(at)}
        for system, object, value, at in zip(*columns, strict=True)
    ]


def _for_machines(finding: ListedFinding) -> dict[str, Any]:
    row = for_machines(finding)
    kept = {
        name: value for name, value in row.items() if not name.startswith("said_") and name not in ("said", "total")
    }
    return kept | {"said": _said(finding), "simulated": bool(finding.simulated)}
