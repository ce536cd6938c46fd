"""`flowglass mapping try`: what messages give, which rule fired, what was ignored."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.output import print_json, print_line
from streams.codecs.times import instant
from streams.sources import golden
from streams.sources.command_options import AsJson, Folder, System, load_or_end
from streams.sources.message import Message, Outcome, Snapshot
from streams.sources.reasons import ADVICE


def try_(
    system: System,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Messages, in order.", exists=True)],
    header: Annotated[list[str] | None, typer.Option("--header", help="name=value; may be repeated.")] = None,
    received: Annotated[str, typer.Option("--received", help="When they came.")] = golden.RECEIVED,
    mappings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Map messages and show what they give, which rule fired, and what was ignored.

    Exit codes: 0 all were mapped, 1 there are dead letters, 2 the mapping has mistakes.
    """
    loaded = load_or_end(system, mappings)
    headers = dict(_header(one) for one in header or ())
    state: dict[str, Snapshot] = {}
    results: list[tuple[str, Outcome]] = []
    for position, file in enumerate(files):
        message = Message(file.read_bytes(), headers, instant(received), position=position)
        outcome = loaded.mapping.map(message, state)
        state = {**state, **outcome.state}
        results.append((file.name, outcome))
    if as_json:
        print_json([{"message": name, **_for_machines(outcome)} for name, outcome in results])
    else:
        for name, outcome in results:
            _print_outcome(name, outcome)
    if any(outcome.letters for _, outcome in results):
        raise typer.Exit(1)


def _header(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not name=value", param_hint="--header")
    return name.strip().lower(), value


def _for_machines(outcome: Outcome) -> dict[str, Any]:
    return {
        "events": [
            {"rule": f"{fired.kind}.{fired.rule}", **golden.shown(event)}
            for event, fired in zip(outcome.events, outcome.fired, strict=True)
        ],
        "dead_letters": [{"reason": one.reason, "detail": one.detail} for one in outcome.letters],
        "ignored": [msgspec.to_builtins(one) for one in outcome.ignored],
        "unknown_words": outcome.unknown_words,
        "enrichments": [msgspec.to_builtins(one) for one in outcome.enrichments],
        "state": {key: msgspec.to_builtins(one) for key, one in outcome.state.items()},
    }


def _print_outcome(name: str, outcome: Outcome) -> None:
    print_line(f"{name}: {len(outcome.events)} events, {len(outcome.ignored)} ignored, "
               f"{len(outcome.letters)} dead letters")  # fmt: skip
    for event, fired in zip(outcome.events, outcome.fired, strict=True):
        print_line(f"  {event.type}  by rule {fired.kind}.{fired.rule}")
        members = golden.shown(event)
        del members["type"]
        for member, value in members.items():
            print_line(f"    {member:<11}{value}")
    for one in outcome.ignored:
        print_line(f"  ignored: record {one.record} {one.kind}: {one.why}, {one.detail}")
    for table, word in outcome.unknown_words:
        print_line(f"  not in the table {table}: {word!r}")
    for question in outcome.enrichments:
        print_line(f"  to be completed by {question.cause.enrichment}: {question.request}")
    for key, snapshot in outcome.state.items():
        print_line(f"  remembered {key}: {snapshot.fields}")
    for letter in outcome.letters:
        print_line(f"  DEAD LETTER {letter.reason}: {letter.detail}")
        print_line(f"    {ADVICE.get(letter.reason, '')}")
