"""`flowglass dlq`: look at what could not be read, and send it again once the cause is repaired.

Nothing here shows what a message said: values are masked before they are stored, and originals are sealed.
"""

from typing import Annotated, Any, Final

import typer

from metrics.commands.opened import open_store
from metrics.commands.output import for_machines, print_json, print_line, print_table
from metrics.commands.wording import moment
from metrics.dead_letter_advice import ADVICE
from streams.dead_letters.letters import DIED_AGAIN, EXPIRED, KEPT, NEW, NONE, WHY_NOT, Letter, Which, read_letters
from streams.dead_letters.replay_command import AsJson, Owner, Reason, Source, System, one_letter, replay

dlq = typer.Typer(
    help="Messages that could not be read: list, show, replay.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
dlq.command()(replay)

_ORIGINAL: Final = {KEPT: "sealed, for a replay", EXPIRED: WHY_NOT[EXPIRED], NONE: WHY_NOT[NONE]}


@dlq.command("list")
def list_letters(
    reason: Reason = "",
    source: Source = "",
    system: System = "",
    owner: Owner = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 50,
    every: Annotated[bool, typer.Option("--all", help="Also those that a replay has settled.")] = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, newest first."""
    which = Which((), reason, source, system, owner, () if every else (NEW, DIED_AGAIN))
    with open_store() as (_, reader):
        letters = read_letters(reader, which, limit)
    total = letters[0].total if letters else 0
    if as_json:
        print_json({"total": total, "dead_letters": [_for_machines(letter) for letter in letters]})
        return
    if not letters:
        print_line("no dead letters" if every else "no dead letters wait (--all shows those that were replayed)")
        return
    print_table(
        ("id", "at", "reason", "state", "owner", "source or origin", "detail"),
        [(one.id, moment(one.ingested_us), one.reason, one.state, one.owner, one.source or one.origin, one.detail[:120])
         for one in letters],
    )  # fmt: skip
    if total > len(letters):
        print_line(f"{len(letters)} of {total} shown; --limit shows more")


@dlq.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id, or the start of it.")], as_json: AsJson = False
) -> None:
    """Show one dead letter: its place, owner, the message with every value masked, and what to do about it."""
    with open_store() as (_, reader):
        letter = one_letter(read_letters(reader, Which((id,))), id)
    advice = ADVICE.get(letter.reason, "")
    if as_json:
        print_json(_for_machines(letter) | {"advice": advice})
        return
    fields = _for_machines(letter)
    headers, shown = fields.pop("headers"), fields.pop("excerpt")
    for name, value in (fields | {"original": _ORIGINAL[letter.original]}).items():
        print_line(f"{name:<13} {value}")
    for header in headers:
        print_line(f"{'header':<13} {header['name']}: {header['value']}")
    print_line(f"{'advice':<13} {advice}")
    print_line()
    print_line(shown)
    if letter.bytes > len(shown.encode()):
        print_line(f"… {letter.bytes:,} bytes in all")


def _for_machines(letter: Letter) -> dict[str, Any]:
    fields = for_machines(letter)
    del fields["total"]
    names, values = fields.pop("header_names"), fields.pop("header_values")
    return fields | {"headers": [{"name": n, "value": v} for n, v in zip(names, values, strict=True)]}
