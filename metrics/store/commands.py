"""`flowglass migrate` and `flowglass settings`."""

from typing import Annotated

import typer

from metrics.settings import read_settings
from metrics.settings_reference import reference, reference_markdown


def migrate(
    store: Annotated[str, typer.Option(help="URL of the store; default: FLOWGLASS_STORE_URL.")] = "",
    database: Annotated[str, typer.Option(help="Database; created when missing; default: FLOWGLASS_DATABASE.")] = "",
    cluster: Annotated[str, typer.Option(help="ClickHouse cluster; default: FLOWGLASS_CLUSTER.")] = "",
    distributed: Annotated[
        str,
        typer.Option(metavar="LOCAL", help="Print, and do not run, the DDL over all shards of the database LOCAL."),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Create or update the store's schema. Safe to repeat; applied migrations must not have changed."""
    import msgspec

    from metrics.store.distributed import distributed_statements
    from metrics.store.migrate import load_migrations, migrate_url

    settings = read_settings()
    where, name = store or settings.store_url, database or settings.database
    if distributed:
        ddl = distributed_statements(load_migrations(), cluster or settings.cluster, local=distributed, database=name)
        print(";\n\n".join(ddl) + ";")
        return
    done = migrate_url(where, name, cluster=cluster or settings.cluster)
    if json:
        print(msgspec.json.encode({"applied": done.applied, "already": done.already}).decode())
    elif done.applied:
        print(f"applied {', '.join(f'{number:04}' for number in done.applied)} to {name}")
    else:
        print(f"{name} is up to date ({len(done.already)} migrations)")


def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the reference as a Markdown table.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the reference as JSON.")] = False,
) -> None:
    """Show every setting with its variable, default and the value in force here."""
    import msgspec

    if markdown:
        print(reference_markdown(), end="")
        return
    current = read_settings()
    rows = [
        {"variable": s.variable.name, "value": str(getattr(current, s.field) or ""), "default": s.default,
         "about": s.variable.about}
        for s in reference()
    ]  # fmt: skip
    if json:
        print(msgspec.json.encode(rows).decode())
        return
    for row in rows:
        print(f"{row['variable']:<27} {_shown(row['value']):<28} {row['about']}")


def _shown(value: str) -> str:
    """Without a password in a URL."""
    from urllib.parse import urlsplit

    password = urlsplit(value).password if "://" in value else None
    return value.replace(f":{password}@", ":…@") if password else value
