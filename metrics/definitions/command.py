"""`flowglass validate`: are these definitions right, and if not, why not?"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from metrics.alerts.locate import checked
from metrics.completeness.reading import checked as checked_feeds
from metrics.contracts.model import shipped_contracts
from metrics.definitions.beside import checked as checked_beside
from metrics.definitions.json_schema import schema_text, write_schemas
from metrics.definitions.load import OF_OTHERS, SHIPPED, load
from metrics.definitions.mistakes import DefinitionsError, Mistake, written
from metrics.definitions.registry import Catalogue, Loaded
from metrics.quality.load import LoadedDomains, domains_file, read_domains

Where = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="A directory of definitions, or one file. Default: those shipped."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a process file, and do nothing else.")]
SchemaDir = Annotated[
    Path | None, typer.Option("--schema-dir", help="Write the JSON Schemas of all files into this directory.")
]


def validate(path: Where = None, as_json: AsJson = False, schema: Schema = False, schema_dir: SchemaDir = None) -> None:
    """Check process definitions and explain every mistake.

    Exit codes: 0 all is right, 1 there are mistakes, 2 there is nothing to read.
    """
    if schema:
        typer.echo(schema_text(), nl=False)
    elif schema_dir:
        for file in write_schemas(schema_dir):
            typer.echo(f"wrote {file}")
    else:
        _validate(path or SHIPPED, as_json)


def _validate(path: Path, as_json: bool) -> None:
    catalogue, domains, mistakes = _read(path)
    alerts, wrong = checked(path, catalogue.calendars if catalogue else None)
    mistakes += wrong
    mistakes += checked_feeds(path, catalogue.calendars if catalogue else None, domains and domains.written.systems)
    mistakes += checked_beside(path)
    if mistakes:
        typer.echo(_json(None, None, mistakes) if as_json else explanation(path, mistakes))
        raise typer.Exit(1)
    typer.echo(_json(catalogue, domains, ()) if as_json else f"{alerts}\n{_summary(catalogue, domains)}")


def _read(path: Path) -> tuple[Catalogue | None, LoadedDomains | None, tuple[Mistake, ...]]:
    """The processes and the domains at a path, or everything that is wrong with them."""
    mistakes: list[Mistake] = []
    catalogue, domains = None, None
    file = domains_file(path)
    try:
        if file != path and path.name not in OF_OTHERS:
            catalogue = load(path)
    except FileNotFoundError as error:
        if file is None:
            typer.echo(f"{error}. Name a directory with process definitions, or one file.", err=True)
            raise typer.Exit(2) from error
    except DefinitionsError as error:
        mistakes += error.mistakes
    try:
        if file is not None:
            domains = read_domains(file, shipped_contracts())
    except DefinitionsError as error:
        mistakes += error.mistakes
    return catalogue, domains, tuple(mistakes)


def explanation(path: Path, mistakes: tuple[Mistake, ...]) -> str:
    """All mistakes for people, each with the line it is on."""
    folder = path if path.is_dir() else path.parent
    lines: list[str] = []
    for mistake in mistakes:
        lines += [f"{mistake.file}:{mistake.line}  {written(mistake.place)}".rstrip(), f"    {mistake.message}"]
        lines += [f"    {mistake.line:>4} | {shown}" for shown in _line(folder / mistake.file, mistake.line)]
    files = len({mistake.file for mistake in mistakes})
    lines.append(f"{_count(len(mistakes), 'mistake')} in {_count(files, 'file')}.")
    return "\n".join(lines)


def _line(file: Path, number: int) -> list[str]:
    """The line as written, or nothing for a file that lies elsewhere."""
    if not file.is_file():
        return []
    return file.read_text(encoding="utf-8-sig", errors="replace").splitlines()[number - 1 : number]


def _summary(catalogue: Catalogue | None, domains: LoadedDomains | None) -> str:
    lines = [
        f"{one.file}: {one.process.process} version {one.process.version}, "
        f"{len(one.process.milestones)} milestones, {len(one.process.states)} states, {len(one.process.slas)} SLAs, "
        f"{_count(len(one.process.guards), 'guard')}"
        for one in (catalogue.loaded if catalogue else ())
    ]
    said = f"{_count(len(lines), 'definition')}, no mistakes."
    if domains is not None:
        written = domains.written
        objects = sum(len(one.objects) for one in written.domains.values())
        counts = (len(written.domains), "domain"), (len(written.systems), "system"), (objects, "object type")
        lines.append(f"{domains.file.name}: {', '.join(_count(*one) for one in counts)}")
    return "\n".join([*lines, said])


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _json(catalogue: Catalogue | None, domains: LoadedDomains | None, mistakes: tuple[Mistake, ...]) -> str:
    found: dict[str, Any] = {
        "valid": not mistakes,
        "definitions": [_described(one) for one in catalogue.loaded] if catalogue else [],
        "domains": list(domains.written.domains) if domains else [],
        "mistakes": [
            {"file": one.file, "line": one.line, "path": written(one.place), "message": one.message} for one in mistakes
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _described(one: Loaded) -> dict[str, Any]:
    return {
        "file": one.file,
        "process": one.process.process,
        "version": one.process.version,
        "hash": one.definition.hash,
        "case_object": one.process.case.object,
        "milestones": list(one.process.milestones),
        "states": [state.name for state in one.process.states],
        "slas": [sla.name for sla in one.process.slas],
        "guards": [guard.name for guard in one.process.guards],
    }
