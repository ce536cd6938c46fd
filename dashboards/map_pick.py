"""What was clicked on the process map, and the filters that this offers."""

from collections.abc import Sequence
from typing import Any

from dash import ctx, dcc, html
from dash.development.base_component import Component
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from dashboards.address import Address, parse
from dashboards.filling import checked_text
from dashboards.reading import Unanswered
from dashboards.scope import Desk, NothingYet


class Pick(BaseModel):
    """What was clicked on the map: an activity, or a path."""

    model_config = ConfigDict(extra="forbid")

    activity: str = Field(default="", max_length=400)
    source: str = Field(default="", max_length=200)
    target: str = Field(default="", max_length=200)


def pick_links(address: Address, activity: str) -> list[tuple[str, str]]:
    """What can be done with an activity: (words, URL)."""
    words = (
        ("Cases with it", "has"),
        ("without it", "lacks"),
        ("that start with it", "starts"),
        ("that end with it", "ends"),
    )
    return [(text, f"/process{address.with_(**{field: activity[:200]}).search()}") for text, field in words]


def fill_pick(desk: Desk, pick: Any, search: Any) -> Any:
    """The strip under the map's head that offers filters for what was clicked."""
    if ctx.triggered_id != "map-pick" or pick is None:
        return None
    try:
        picked = Pick.model_validate(pick)
    except ValidationError as problem:
        raise BadRequest("no such pick") from problem
    address = parse(checked_text(search))
    try:
        view = desk.scope(address).view
    except (Unanswered, NothingYet):
        return None
    if picked.activity:
        return pick_strip(view.activity_title(picked.activity), pick_links(address, picked.activity))
    path = f"{picked.source}>>{picked.target}"
    words = f"{view.activity_title(picked.source)} → {view.activity_title(picked.target)}"
    return pick_strip(words, [("Cases that take this path", f"/process{address.with_(follows=path[:400]).search()}")])


def pick_strip(title: str, links: Sequence[tuple[str, str]]) -> Component:
    """A title with filter links."""
    return html.Div(
        [html.Strong(title), *(dcc.Link(text, href=href, className="fg-button fg-small") for text, href in links)],
        className="fg-pick-strip",
    )
