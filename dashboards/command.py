"""`flowglass dashboards`: serves the pages."""

from typing import Annotated

import typer


def dashboards(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8050,
    store: Annotated[str, typer.Option(help="URL of the store; default: FLOWGLASS_STORE_URL.")] = "",
    database: Annotated[str, typer.Option(help="Database of the store; default: FLOWGLASS_DATABASE.")] = "",
    workers: Annotated[int, typer.Option(help="Server processes.", min=1, max=64)] = 2,
    threads: Annotated[int, typer.Option(help="Threads of each process.", min=1, max=64)] = 8,
) -> None:
    """Serve the pages in the browser until stopped."""
    from dashboards.access.access import open_access
    from dashboards.hand import sender
    from dashboards.server import serve
    from metrics.access.saved_views import open_views
    from metrics.commands.output import say
    from metrics.definitions.mistakes import DefinitionsError
    from metrics.settings import LOOPBACK, SettingError, read_settings

    settings = read_settings()
    where, name = store or settings.store_url, database or settings.database
    local, access = host in (LOOPBACK, "localhost"), None
    try:
        if settings.access == "on":
            access = open_access(settings, where, name, secure=not local)
    except (SettingError, DefinitionsError) as error:
        say(str(error))
        raise typer.Exit(2) from error
    if access is None and not local:
        typer.echo(f"Nobody has to sign on: whoever reaches {host} sees everything. FLOWGLASS_ACCESS=on changes that.")
    typer.echo(f"dashboards on http://{host}:{port}")
    serve(host, port, where, name, workers, threads, access, sender(settings.broker), open_views(settings))


if __name__ == "__main__":
    typer.run(dashboards)
