"""`flowglass access token|tokens|revoke`: tokens by which programs ask the HTTP interface in a person's name."""

import time
from pathlib import Path
from typing import Annotated

import typer

from metrics.access.audit import FILE as AUDIT_FILE
from metrics.access.audit import AuditLog
from metrics.access.load import load_roles
from metrics.access.people import FILE as PEOPLE_FILE
from metrics.access.people import Accounts
from metrics.access.tokens import FOLDER, MOST_DAYS, Tokens
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.wording import rfc3339
from metrics.settings import read_settings
from metrics.words import SECOND


def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose token: an account, see `flowglass access list`.")],
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="How long it lasts.")] = 90,
    purpose: Annotated[str, typer.Option("--for", help="What it is for, to know it by in the list.")] = "",
) -> None:
    """Make a token of a person for a program; it is printed once and can't be shown again."""
    text, made = _tokens().make(name, days, purpose)
    _audit().note("command line", "made a token", name, token=made.id, until=rfc3339(made.until * SECOND))
    say(f"token {made.id} of {name}, until {rfc3339(made.until * SECOND)}; keep it as a secret")
    print_line(text)


def tokens(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the tokens, those that are over too."""
    known = _tokens()
    rows = [
        {"id": one.id, "name": one.name, "for": one.purpose, "made": rfc3339(one.made * SECOND),
         "until": rfc3339(one.until * SECOND), "holds": known.holds(one)}
        for one in known.all()
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    shown = ([str(value) if name != "holds" else ("yes" if value else "no") for name, value in row.items()]
             for row in rows)  # fmt: skip
    print_table(["id", "name", "for", "made", "until", "holds"], shown)


def revoke(token: Annotated[str, typer.Argument(metavar="ID", help="See `flowglass access tokens`.")]) -> None:
    """Take a token back; from now on it opens nothing."""
    gone = _tokens().revoke(token)
    _audit().note("command line", "took a token back", gone.name, token=gone.id)
    say(f"token {gone.id} of {gone.name} opens nothing any more")


def _folder() -> Path:
    return read_settings().access_folder


def _tokens() -> Tokens:
    accounts = Accounts(_folder() / PEOPLE_FILE, load_roles(read_settings().definitions))
    return Tokens(_folder() / FOLDER, accounts, time.time)


def _audit() -> AuditLog:
    return AuditLog(_folder() / AUDIT_FILE)
