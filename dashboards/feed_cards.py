"""The cards of feeds and batches on the page Integrations."""

from functools import partial
from typing import Any

from dash import Dash, Output, html

from dashboards.components.cards import card
from dashboards.components.grids import ROOMY, WIDE, column, grid, number, sized_outputs, when
from dashboards.feed_lists import fill_batches, fill_feeds
from dashboards.filling import fill_card
from dashboards.scope import Desk

_STATUS = column("status", "State", cellRenderer="FlowglassStatus", minWidth=130, maxWidth=160)


def feed_cards() -> list[Any]:
    """Both cards, loading."""
    feeds = html.Div([html.P(id="feeds-sentence", className="fg-note"), grid("feeds-grid", _feed_columns(), "Feeds")])
    batches = grid("batches-grid", _batch_columns(), "Batches to look at", height=160)
    return [
        card("feeds", "Feeds: expected and received", feeds, height=300),
        card("batches", "Batches to look at", batches, height=160),
    ]


def register_feeds(app: Dash, desk: Desk) -> None:
    """The callbacks of both cards."""
    outputs = [Output("feeds-sentence", "children"), *sized_outputs("feeds-grid")]
    fill_card(app, desk, "feeds", outputs, partial(fill_feeds, desk.reader))
    fill_card(app, desk, "batches", sized_outputs("batches-grid"), partial(fill_batches, desk.reader))


def _feed_columns() -> list[dict[str, Any]]:
    return [
        column("feed", "Feed", minWidth=120),
        _STATUS,
        when("until", "Complete until (UTC)"),
        when("last", "Last event (UTC)", **WIDE),
        when("silent", "Silent from (UTC)", **ROOMY),
        number("events", "Events, 24 h", minWidth=100),
        number("expected", "Expected", minWidth=90),
        number("holes", "Holes, 7 d", minWidth=95, **WIDE),
        column("owner", "Owner", minWidth=130, **WIDE),
    ]


def _batch_columns() -> list[dict[str, Any]]:
    return [
        column("batch", "Batch", minWidth=130),
        column("place", "Facility", minWidth=95, **WIDE),
        column("day", "Day", minWidth=105),
        _STATUS,
        number("declared", "Declared", minWidth=90, **WIDE),
        number("sent", "Sent", minWidth=80, **ROOMY),
        number("stored", "Stored", minWidth=80, **WIDE),
        number("dead", "Dead letters", minWidth=105, **ROOMY),
        column("owner", "Owner", minWidth=130, **WIDE),
        column("what", "What", minWidth=220, flex=3, **WIDE),
    ]
