"""`flowglass import openslo`: objectives written elsewhere become objectives of definitions."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from metrics.commands.output import print_json, print_line, print_table, say
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.yaml_text import parse
from metrics.objectives.openslo_documents import Unreadable
from metrics.objectives.openslo_reading import Left, Taken, read
from metrics.settings import read_settings


class _Unwritten(Exception):
    """An objective has no place in the file; the message says why."""


def import_(
    kind: Annotated[str, typer.Argument(metavar="openslo", help="OpenSLO v1, YAML.")],
    file: Annotated[Path, typer.Argument(help="The file with the SLOs.", metavar="FILE")],
    into: Annotated[
        Path | None, typer.Option("--into", help="Change the objectives in this definition. Default: only show.")
    ] = None,
    definitions: Annotated[
        Path | None, typer.Option("--definitions", help="Definitions to hold them against; default: those in force.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read SLOs as objectives of SLAs, and say what of them has no place.

    Exit codes: 0 every SLO became an objective, 1 some did not or nothing was found, 2 the file can't be read.
    """
    if kind != "openslo":
        _refuse(f"{kind!r} can't be imported; use openslo")
    try:
        text = file.read_text(encoding="utf-8-sig")
        catalogue = load(into or definitions or read_settings().definitions)
        taken, left = read(text, catalogue)
        changed = write(into, taken) if into else 0
    except (OSError, UnicodeDecodeError, Unreadable, DefinitionsError, _Unwritten) as error:
        _refuse(f"{file}: {error}")
    if as_json:
        print_json(openslo_json(taken, left))
    else:
        show(taken, left)
    if into:
        say(f"{changed} objectives changed in {into}; give the definition its next version")
    raise typer.Exit(0 if taken and not any(one.place == "" for one in left) else 1)


def write(file: Path, taken: Sequence[Taken]) -> int:
    """Change the objectives of a definition file in their places, and nothing else of it; how many changed.

    Raises _Unwritten when one has no place there, DefinitionsError when the result were wrong: then nothing is written.
    """
    text = file.read_text(encoding="utf-8")
    changes = [one for one in taken if one.is_change]
    process = parse(text).data.get("process")
    for one in changes:
        if one.process != process:
            raise _Unwritten(f"{one.document} is about the process {one.process}, not {process}")
        if one.was is None:
            raise _Unwritten(f"{one.document}: the SLA {one.sla.name} is new; add it to {file.name} by hand first")
        text = _changed(text, one)
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        load(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return len(changes)


def _changed(text: str, one: Taken) -> str:
    parsed = parse(text)
    index = next(index for index, sla in enumerate(parsed.data["slas"]) if sla["name"] == one.sla.name)
    lines = text.splitlines(keepends=True)
    for word, value in (("share", one.sla.objective.share), ("window_days", one.sla.objective.window_days)):
        at = parsed.line_of(("slas", index, "objective", word)) - 1
        lines[at], count = re.subn(rf"(\b{word}\s*:\s*)[0-9.eE+-]+", rf"\g<1>{value}", lines[at], count=1)
        if not count:
            raise _Unwritten(f"line {at + 1}: {word} of {one.sla.name} is not written as a plain number there")
    return "".join(lines)


def openslo_json(taken: Sequence[Taken], left: Sequence[Left]) -> dict[str, Any]:
    """For machines."""
    return {
        "objectives": [
            {
                "document": one.document,
                "process": one.process,
                "sla": one.sla.name,
                "share": one.sla.objective.share,
                "window_days": one.sla.objective.window_days,
                "change": _change(one),
                "definition": one.sla.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            }
            for one in taken
        ],
        "left": [one._asdict() for one in left],
    }


def show(taken: Sequence[Taken], left: Sequence[Left]) -> None:
    """For people."""
    print_table(
        ("process", "SLA", "share", "days", "against the definition"),
        [
            (
                one.process,
                one.sla.name,
                f"{one.sla.objective.share:g}",
                str(one.sla.objective.window_days),
                _change(one),
            )
            for one in taken
        ],
        right="share, days",
    )
    if left:
        print_table(
            ("document", "place", "why"),
            [(one.document, one.place or "all of it", one.why) for one in left],
            title="Not taken",
        )
    else:
        print_line("everything was taken")


def _change(one: Taken) -> str:
    if one.was is None:
        return "new"
    before = one.was.objective
    return f"was {before.share:g} over {before.window_days} days" if one.is_change else "the same"


def _refuse(why: str) -> None:
    say(why)
    raise typer.Exit(2)
