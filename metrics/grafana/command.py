"""`flowglass grafana`: write the files of Grafana, or say whether those at hand are the ones that would be written."""

from pathlib import Path
from typing import Annotated

import typer

from metrics.grafana.build import PAGES, differing, files, write
from metrics.settings import DEFAULT_DATABASE

Where = Annotated[Path, typer.Argument(metavar="[DIR]", help="The directory that holds dashboards and provisioning.")]
PagesAt = Annotated[str, typer.Option("--link", help="Where people open the Flowglass pages; panels lead there.")]
Database = Annotated[str, typer.Option("--database", help="The store's database.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file would change.")]


def grafana(
    directory: Where = Path("grafana"),
    link: PagesAt = PAGES,
    database: Database = DEFAULT_DATABASE,
    check: Check = False,
) -> None:
    """Write Grafana's dashboards, data sources and alert rules into a directory.

    Exit codes: 0 done, 1 with --check when a file is missing or differs, or when one cannot be written.
    """
    if not link.startswith(("http://", "https://")):
        raise typer.BadParameter("an address that a browser can open: http:// or https://", param_hint="--link")
    made = files(link, database)
    changed = sorted(differing(directory, made))
    if check:
        for name in changed:
            typer.echo(f"{directory / name} is not what `flowglass grafana` writes")
        raise typer.Exit(1 if changed else 0)
    try:
        write(directory, made)
    except OSError as error:
        typer.echo(f"flowglass: {error.filename} can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{len(made)} files in {directory}, {len(changed)} changed")
