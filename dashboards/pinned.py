"""Figures as of an earlier instant: the link that fixes it, and what a page can't bring back then."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.components.icons import icon
from dashboards.scope import Scope
from dashboards.spend_period import SpendScope
from dashboards.wording import exact_moment
from metrics.explaining.catalogue import Figure, figures, fixed_parts

LOST: Final = "What this was at an earlier instant is not kept. “Show now” above leads back to the newest event."
_NOT_KEPT: Final = "Not kept for earlier instants"


def pin_link(figure: Figure, said: str, scope: Scope) -> str:
    """The page with its state, as of the newest event that is in the number, naming the number as it was."""
    newest = scope.size.newest_us if not isinstance(scope, SpendScope) else scope.as_of
    fixed = scope.address.with_(
        as_of=scope.address.until(newest), period=scope.days, process=scope.size.process, figure=figure.name, said=said
    )
    return figure.page + fixed.search()


def compared(figure: Figure, now: str, address: Address) -> list[str]:
    """What the link in use said of this figure, and what it says now; nothing without such a link."""
    if address.as_of is None or address.figure != figure.name or not address.said:
        return []
    if now == address.said:
        return [f"The link said {address.said}; so it does still."]
    return [f"The link said {address.said}; the same question is answered {now or 'with nothing'} now."]


def refused(card: str, address: Address) -> bool:
    """Whether nothing of a card can be told as of the instant that the address fixes."""
    return address.as_of is not None and not fixed_parts(card)


def blanked(card: str, outputs: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """The values of a card's leaves without those of tiles that can't be told as of an earlier instant.

    `outputs` are the specs of the card's outputs, lists for texts, classes and links of leaves.
    """
    kept = fixed_parts(card) or frozenset()
    if "" in kept:
        return list(values)
    return [
        [_blank(str(spec["id"]["name"]), value, place, kept) for spec, value in zip(specs, told, strict=True)]
        if isinstance(specs, list) and isinstance(told, list)
        else told
        for place, (specs, told) in enumerate(zip(outputs, values, strict=True))
    ]


def _blank(name: str, value: Any, place: int, kept: frozenset[str]) -> Any:
    tile, _, part = name.partition("/")
    if place != 0 or (tile in kept and part != "status"):
        return value
    return {"value": "–", "note": _NOT_KEPT}.get(part, "") if tile not in kept else ""


def banner(address: Address) -> Component:
    """Above a page: that its figures are as of an earlier instant, and the way back. Hidden without one."""
    if address.as_of is None:
        return html.Div(id="pinned", hidden=True)
    found = figures().get(address.figure)
    said = f" The link said {found.said.name}: {address.said}." if found and address.said else ""
    words = f"As of {exact_moment(address.as_of)}: events after it are left out, late ones before it are in.{said}"
    now = address.with_(as_of=None, figure="", said="").search() or "?"
    return html.Div(
        [icon("history"), html.Span(words), html.A("Show now", href=now, className="fg-button")],
        id="pinned",
        className="fg-banner fg-pinned",
        role="status",
    )
