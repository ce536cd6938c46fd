"""Tiles: one number each, with unit, comparison, status (icon and word) and a completeness mark."""

from dash import dcc, html

from dashboards.components.cards import explained
from dashboards.components.icons import icon
from dashboards.components.leaves import leaf, link

TILES = "tiles"


def tile(name: str, label: str, about: str) -> html.Article:
    """A tile whose number opens the list behind it; the leaves are `name`/value, /unit, /status and /note."""
    return html.Article(
        [
            html.Div(
                [html.H2(label, className="fg-tile-label"), explained(about), _completeness(name)],
                className="fg-tile-head",
            ),
            html.Div(
                [
                    link(TILES, name, leaf(TILES, f"{name}/value"), class_name="fg-tile-link"),
                    leaf(TILES, f"{name}/unit"),
                ]
            ),
            html.Div([leaf(TILES, f"{name}/status"), leaf(TILES, f"{name}/note")], className="fg-tile-foot"),
        ],
        className="fg-tile",
    )


def _completeness(name: str) -> dcc.Link:
    mark = link(
        TILES, f"{name}/completeness", [icon("checks", 14), leaf(TILES, f"{name}/complete")], class_name="fg-complete"
    )
    return mark
