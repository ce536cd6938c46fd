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
    """Serve Operations, Process, Case and SLA in the browser until stopped."""
    from dashboards.server import serve
    from metrics.settings import read_settings

    settings = read_settings()
    where = store or settings.store_url
    typer.echo(f"dashboards on http://{host}:{port}")
    serve(host, port, where, database or settings.database, workers, threads)


if __name__ == "__main__":
    typer.run(dashboards)
