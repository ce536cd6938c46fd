"""One callback a card: reads the URL, asks the store, and turns what happens into the card's state.

`fill` gets a `Request` and returns the values of the card's own outputs. It may raise `Empty`; any
trouble with a question becomes an error (nothing was on show) or a stale mark (old values stay). A store
that is away is told once, above all cards: they wait for it, with their old values where they have some.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dash import Dash, Input, Output, State, ctx, no_update
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import BadRequest

from dashboards.address import Address, parse
from dashboards.components.cards import (
    empty_message,
    error_message,
    first_source_message,
    stale_message,
    waiting_message,
)
from dashboards.pinned import LOST, blanked, refused
from dashboards.reading import Away, Unanswered
from dashboards.scope import Desk, NoCases, NothingYet, Scope

_TEXT: TypeAdapter[str] = TypeAdapter(str)
_COUNTER: TypeAdapter[int | None] = TypeAdapter(int | None)


def checked_count(value: Any) -> int:
    """A counter that came from a browser; anything else is refused with 400."""
    try:
        return _COUNTER.validate_python(value, strict=True) or 0
    except ValidationError as problem:
        raise BadRequest("this callback takes a number") from problem


class Request(NamedTuple):
    """What a card is asked: the scope, whether a tick asks and its number, extra inputs, and the outputs' specs.

    `ticked` is false while the card shows no values yet, or old ones: then everything is wanted.
    """

    scope: Scope
    ticked: bool
    tick: int
    extra: tuple[Any, ...]
    outputs: Sequence[Any]


class Empty(Exception):
    """There is nothing to show, for this reason."""


Fill = Callable[[Request], Sequence[Any]]


def checked_text(value: Any) -> str:
    """A text that came from a browser; anything else is refused with 400."""
    try:
        return _TEXT.validate_python(value if value is not None else "", strict=True)
    except ValidationError as problem:
        raise BadRequest("this callback takes a text") from problem


def fill_card(
    app: Dash, desk: Desk, name: str, outputs: Sequence[Output], fill: Fill, extra: Sequence[Input | State] = ()
) -> None:
    """Register the callback of card `name`: its class and message, then `outputs` from `fill`.

    Of `extra` an Input only says when to ask anew; the values of States come with the request.
    """
    causes = [one for one in extra if isinstance(one, Input)]

    @app.callback(
        [Output(name, "className"), Output(f"{name}-message", "children"), Output(name, "data-search"), *outputs],
        [
            Input("url", "search"),
            Input("tick", "data"),
            Input({"retry": name}, "n_clicks", allow_optional=True),
            *causes,
            State(name, "className"),
            State(name, "data-search"),
            *(one for one in extra if one not in causes),
        ],
    )
    def filled(search: Any, tick: Any, _retry: Any, *told: Any) -> list[Any]:
        (class_name, shown), more = told[len(causes) : len(causes) + 2], told[len(causes) + 2 :]
        search, was = checked_text(search), checked_text(class_name)
        asked = "\n".join([search, *map(str, told[: len(causes)])])
        # A tick that overtakes a person's question takes its place: the browser drops the earlier answer.
        # So the card holds all that it was asked when it was answered last, and only a tick that finds
        # nothing else changed since is one.
        alone = list(ctx.triggered_prop_ids.values()) == ["tick"]
        ticks = checked_count(tick) if alone and shown == asked else None
        found = answer(desk, name, parse(search), ticks, was, more, ctx.outputs_list[3:], fill)
        return [*found[:2], no_update if ticks is not None else asked, *found[2:]]


def answer(
    desk: Desk,
    name: str,
    address: Address,
    tick: int | None,
    was: str,
    extra: tuple[Any, ...],
    outputs: Sequence[Any],
    fill: Fill,
) -> list[Any]:
    """The card's new class, message and output values; the part of a callback that needs no browser.

    `tick` is None when a person asked; `was` is the card's class before.
    """
    nothing = [_unchanged(spec) for spec in outputs]
    shown, calm = "fg-is-ok" in was or "fg-is-stale" in was, tick is not None and "fg-is-ok" in was
    if refused(name, address):
        return ["fg-card fg-is-empty", empty_message(LOST), *nothing]
    try:
        values = fill(Request(desk.scope(address), calm, tick or 0, extra, outputs))
        values = values if address.as_of is None else blanked(name, outputs, values)
    except NoCases as reason:
        return ["fg-card fg-is-empty", first_source_message(str(reason)), *nothing]
    except NothingYet as reason:
        return ["fg-card fg-is-empty", empty_message(str(reason), "?" if address.process else ""), *nothing]
    except Empty as reason:
        return ["fg-card fg-is-empty", empty_message(str(reason), address.unfiltered()), *nothing]
    except Away:
        if tick is not None and shown:
            return ["fg-card fg-away fg-is-stale", None, *nothing]
        return ["fg-card fg-away fg-is-away", waiting_message(), *nothing]
    except Unanswered as problem:
        if tick is not None and shown:
            return ["fg-card fg-is-stale", stale_message(), *nothing]
        return ["fg-card fg-is-error", error_message(name, str(problem)), *nothing]
    return [no_update if calm else "fg-card fg-is-ok", no_update if calm else None, *values]


def _unchanged(spec: Any) -> Any:
    return [no_update for _ in spec] if isinstance(spec, list) else no_update
