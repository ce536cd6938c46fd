"""`flowglass mapping try`: what messages give, which rule fired, what was ignored."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.output import print_json
from metrics.privacy.passing import Passing
from metrics.privacy.policy import load_policy
from metrics.settings import read_settings
from metrics.texts.times import instant
from metrics.texts.unreadable import Unreadable
from streams.sources import golden
from streams.sources.command_options import AsJson, Folder, System, load_or_end
from streams.sources.command_tried import print_tried, print_unused
from streams.sources.message import Message, Outcome, Snapshot

_SHOWN = 20


def try_(
    system: System,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Messages, in order.", exists=True, dir_okay=False)
    ],
    header: Annotated[list[str] | None, typer.Option("--header", help="name=value; may be repeated.")] = None,
    received: Annotated[str, typer.Option("--received", help="When they came.")] = golden.RECEIVED,
    mappings: Folder = None,
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help=f"Show more than {_SHOWN} of each kind.")] = False,
) -> None:
    """Map messages and show what they give, which rule fired, and what was ignored.

    Exit codes: 0 all were mapped, 1 there are dead letters, 2 the mapping has mistakes.
    """
    loaded = load_or_end(system, mappings)
    headers, came = dict(_header(one) for one in header or ()), _instant(received)
    state: dict[str, Snapshot] = {}
    results: list[tuple[str, Outcome]] = []
    for position, file in enumerate(files):
        message = Message(file.read_bytes(), headers, came, position=position)
        outcome = loaded.mapping.map(message, state)
        state = {**state, **outcome.state}
        results.append((file.name, outcome))
    passing = Passing(load_policy(read_settings().privacy_rules), None)
    if as_json:
        print_json([{"message": name, **_for_machines(outcome, passing)} for name, outcome in results])
    else:
        for name, outcome in results:
            print_tried(name, outcome, passing, loaded.written, most=0 if everything else _SHOWN)
        print_unused(loaded.mapping, [outcome for _, outcome in results])
    if any(outcome.letters for _, outcome in results):
        raise typer.Exit(1)


def _header(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not name=value", param_hint="--header")
    return name.strip().lower(), value


def _instant(text: str) -> int:
    try:
        return instant(text)
    except Unreadable as error:
        raise typer.BadParameter(error.detail, param_hint="--received") from None


def _for_machines(outcome: Outcome, passing: Passing) -> dict[str, Any]:
    return {
        "events": [
            {
                "rule": f"{fired.kind}.{fired.rule}",
                **golden.shown(event),
                "dropped_by_privacy": passing.dropped(event.type, event.attributes),
            }
            for event, fired in zip(outcome.events, outcome.fired, strict=True)
        ],
        "dead_letters": [{"reason": one.reason, "detail": one.detail} for one in outcome.letters],
        "ignored": [msgspec.to_builtins(one) for one in outcome.ignored],
        "unknown_words": outcome.unknown_words,
        "enrichments": [msgspec.to_builtins(one) for one in outcome.enrichments],
        "state": {key: msgspec.to_builtins(one) for key, one in outcome.state.items()},
    }
