"""`flowglass access`: who may sign on, what their roles open, and what the audit log says."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from metrics.access import matrix_command, token_command
from metrics.access.audit import FILE as AUDIT_FILE
from metrics.access.audit import AuditLog, verify
from metrics.access.load import load_groups, load_roles
from metrics.access.model import EVERYTHING, Reach
from metrics.access.people import FILE as PEOPLE_FILE
from metrics.access.people import Accounts, AccountsError
from metrics.access.reach import PREFIX, provide
from metrics.access.saved_views import ViewError, open_views
from metrics.commands.opened import open_store
from metrics.commands.output import print_json, print_table, say
from metrics.commands.wording import rfc3339
from metrics.settings import SettingError, read_settings
from metrics.store.sqltext import quoted_name

access = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
                     help="Who may sign on to the dashboards, and what they see.")  # fmt: skip

access.command()(matrix_command.matrix)
access.command()(token_command.token)
access.command()(token_command.tokens)
access.command()(token_command.revoke)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign on with.")]


@access.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="See `flowglass access roles`.")],
    facility: Annotated[
        list[str] | None, typer.Option("--facility", help="Only this facility; may be given more than once.")
    ] = None,
    from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of the input.")
    ] = False,
) -> None:
    """Add an account or replace it; the password is asked for. It ends what the account had signed on."""
    password = (
        sys.stdin.readline().rstrip("\n")
        if from_stdin
        else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with _unchanged_on_errors(name):
        told = partial(_audit().note, "command line", "added an account", name, role=role, facilities=facility or "all")
        _accounts().put(name, role, password, tuple(facility) if facility else None, told)
    say(f"{name} may sign on as {role}")


@access.command()
def remove(name: Name) -> None:
    """Take an account away with its saved views; what it had signed on ends at once."""
    with _unchanged_on_errors(name):
        _accounts().remove(name, partial(_audit().note, "command line", "removed an account", name))
    say(f"{name} may no longer sign on")
    try:
        open_views(read_settings()).forget(name)
    except ViewError as problem:
        say(f"The saved views of {name} are still there: {problem}")
        raise typer.Exit(1) from problem


@access.command(name="list")
def list_accounts(as_json: AsJson = False) -> None:
    """Show the accounts."""
    rows = [
        {"name": name, "role": one.role, "facilities": list(one.facilities) if one.facilities else "all"}
        for name, one in sorted(_accounts().all().items())
    ]
    if as_json:
        print_json(rows)
        return
    print_table(["name", "role", "facilities"], ([*map(_words, row.values())] for row in rows))


@access.command()
def roles(as_json: AsJson = False) -> None:
    """Show which pages each role opens, of which processes and facilities it sees cases, and which fields."""
    rows = [
        {"role": role.name, "title": role.title, "pages": _listed(role.pages),
         "processes": _listed(role.reach.processes), "facilities": _listed(role.reach.facilities),
         "fields": _listed(role.reach.fields)}
        for role in load_roles(read_settings().definitions).values()
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    columns = ["role", "title", "pages", "processes", "facilities", "fields"]
    print_table(columns, ([*map(_words, row.values())] for row in rows))


@access.command()
def apply() -> None:
    """Make the views through which each account reads, and drop those that nobody needs any more.

    The dashboards do so by themselves where they may; a server that grants them reading alone needs this.
    """
    _refuse_without_people()
    with open_store() as (client, _):
        reaches = sorted(_reaches() - {EVERYTHING}, key=str)
        wanted = [provide(client, reach) for reach in reaches]
        sql = "SELECT name FROM system.databases WHERE startsWith(name, %(prefix)s)"
        for row in client.rows(sql, {"prefix": client.database + PREFIX}):
            if row["name"] not in wanted:
                client.command(f"DROP DATABASE IF EXISTS {quoted_name(row['name'])}", in_database=False)
    shown = ([name, _words(_listed(one.processes)), _words(_listed(one.facilities)), _words(_listed(one.fields))]
             for name, one in zip(wanted, reaches, strict=True))  # fmt: skip
    print_table(["database", "processes", "facilities", "fields"], shown)


@access.command()
def audit(
    check: Annotated[bool, typer.Option("--check", help="Only check the chain; exit 1 where it breaks.")] = False,
    last: Annotated[int, typer.Option("--last", min=1, help="How many lines to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show who looked at what and did what, the newest last; `--check` proves that no line was changed."""
    file = _folder() / AUDIT_FILE
    if check:
        lines, head, broken = verify(file) if file.exists() else (0, "", None)
        if broken is not None:
            say(f"{file}: line {broken.line}: {broken.problem}; the {lines} lines before it hold")
            raise typer.Exit(1)
        say(f"{lines} lines hold; the last has the hash {head}")
        return
    rows = list(AuditLog(file).entries())[-last:]
    if as_json:
        print_json(rows)
        return
    shown = ([rfc3339(row["at"]) or "", row["who"], row["did"], row["what"], row.get("process", "")] for row in rows)
    print_table(["at", "who", "did", "what", "process"], shown)


@contextmanager
def _unchanged_on_errors(name: str) -> Iterator[None]:
    try:
        yield
    except SettingError:
        raise
    except (OSError, ValueError) as error:
        raise AccountsError(f"{name} is as before: it can't be written or noted in the audit log: {error}") from error


def _refuse_without_people() -> None:
    file = _folder() / PEOPLE_FILE
    if not file.exists() and not load_groups(read_settings().definitions).reaches():
        raise AccountsError(
            f"{file} is not there, so nobody would keep their views: add an account,"
            " or name its directory with FLOWGLASS_ACCESS_DIR"
        )


def _reaches() -> set[Reach]:
    accounts = _accounts()
    people = (accounts.person(name) for name in accounts.all())
    of_groups = load_groups(read_settings().definitions).reaches()
    return {person.reach for person in people if person is not None} | of_groups


def _folder() -> Path:
    return read_settings().access_folder


def _accounts() -> Accounts:
    return Accounts(_folder() / PEOPLE_FILE, load_roles(read_settings().definitions))


def _audit() -> AuditLog:
    return AuditLog(_folder() / AUDIT_FILE)


def _listed(names: frozenset[str] | None) -> str | list[str]:
    return "all" if names is None else sorted(names)


def _words(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)
