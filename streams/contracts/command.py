"""`flowglass contracts`: refuse a breaking change, write what is generated, show one type."""

from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.opened import open_store
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.rows import BrokenContract
from metrics.commands.wording import moment
from metrics.contracts.checker import ADVICE
from metrics.contracts.compare import Change, changes
from metrics.contracts.json_schema import bundled, schemas
from metrics.contracts.model import Contracts, load_contracts
from metrics.contracts.published import NotPublished, read_directory, read_published
from metrics.definitions.mistakes import DefinitionsError, nearest
from streams.contracts.asyncapi import EVENTS_FOLDER
from streams.contracts.build import FOLDER, shipped_uses, texts, write
from streams.contracts.show import described

contracts = typer.Typer(
    help="Contracts of canonical events: check, build, show.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Folder = Annotated[Path, typer.Option("--dir", help="Where the generated files lie.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
REFUSED, UNREADABLE = 1, 2


@contracts.command()
def check(
    against: Annotated[
        str, typer.Option("--against", help="A directory of schemas, or a commit, branch or tag; else those in --dir.")
    ] = "",
    folder: Folder = FOLDER,
    as_json: AsJson = False,
) -> None:
    """Refuse a change that breaks readers or senders within a major version.

    Exit codes: 0 compatible, 1 a breaking change, 2 nothing to compare with.
    """
    known = _contracts()
    place = folder / EVENTS_FOLDER
    try:
        before = read_published(against, place) if against else read_directory(place)
    except NotPublished as error:
        say(str(error))
        raise typer.Exit(UNREADABLE) from None
    found = changes(before, schemas(known))
    if as_json:
        print_json([{"file": one.file, "type": one.type, "member": one.member, "what": one.what,
                     "breaking": one.breaking} for one in found])  # fmt: skip
    else:
        _print(found, against or str(place))
    if any(one.breaking for one in found):
        raise typer.Exit(REFUSED)


@contracts.command()
def build(
    folder: Folder = FOLDER,
    anyway: Annotated[bool, typer.Option("--anyway", help="Write even what breaks those written before.")] = False,
) -> None:
    """Write the JSON Schemas, the AsyncAPI document and the catalogue page.

    Exit codes: 0 written, 1 refused for a breaking change, 2 a mapping or definition has mistakes.
    """
    known = _contracts()
    if not anyway and any((folder / EVENTS_FOLDER).glob("*.json")):
        breaking = [one for one in changes(read_directory(folder / EVENTS_FOLDER), schemas(known)) if one.breaking]
        if breaking:
            _print(breaking, str(folder / EVENTS_FOLDER))
            say("nothing was written; --anyway writes what was never published yet")
            raise typer.Exit(REFUSED)
    try:
        wanted = texts(known, shipped_uses())
    except DefinitionsError as error:
        for mistake in error.mistakes:
            say(str(mistake))
        raise typer.Exit(UNREADABLE) from None
    stale = write(folder, wanted)
    written = len(stale.missing) + len(stale.differing)
    print_line(f"{len(wanted)} files in {folder}: {written} written, {len(stale.left_over)} removed")


@contracts.command()
def show(
    event_type: Annotated[str, typer.Argument(metavar="TYPE", help="A canonical type: purchase_order.created.v1.")],
    schema: Annotated[bool, typer.Option("--schema", help="Its JSON Schema, whole in one document.")] = False,
) -> None:
    """Show what one type promises."""
    known = _contracts()
    if event_type not in known.events:
        say(f"no contract knows the type '{event_type}'{nearest(event_type, known.events)}")
        raise typer.Exit(UNREADABLE)
    if schema:
        print_json(bundled(known, event_type))
        return
    for line in described(known, known.events[event_type], shipped_uses()):
        print_line(line)


@contracts.command()
def breaches(
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the contracts that events of the running service break, by the domain that owns the type.

    Exit codes: 0 none, 1 some.
    """
    with open_store() as (_, reader):
        found = reader.rows("cli_contract_breaches", BrokenContract, limit=limit)
    if as_json:
        print_json({"breaches": found})
    elif not found:
        print_line("every event keeps its contract")
    else:
        print_table(
            ("domain", "source", "type", "what", "events", "last", "an event"),
            [(one.domain, one.source, one.type, one.detail, str(one.events), moment(one.last_us), one.last_event)
             for one in found],
        )  # fmt: skip
        for code in sorted({one.code for one in found}):
            print_line(f"{code}: {ADVICE[code]}")
    raise typer.Exit(REFUSED if found else 0)


def _contracts() -> Contracts:
    try:
        return load_contracts()
    except ValueError as error:
        say(str(error))
        raise typer.Exit(UNREADABLE) from None


def _print(found: list[Change], place: str) -> None:
    for change in found:
        print_line(f"{'BREAKS' if change.breaking else 'adds  '}  {change}")
    breaking = sum(change.breaking for change in found)
    print_line(f"compared with {place}: {breaking} breaking, {len(found) - breaking} compatible changes")
