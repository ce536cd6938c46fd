"""Tiles: one number each, with unit, comparison, status (icon and word) and a completeness mark."""

from dash import dcc, html

from dashboards.components.explaining import mark
from dashboards.components.icons import icon
from dashboards.components.leaves import leaf, link
from metrics.explaining.catalogue import figures

TILES = "tiles"


def tile(name: str, card: str = TILES) -> html.Article:
    """A tile whose number opens the list behind it; the leaves of `card` are `name`/value, /unit, /status and /note.

    Its label and what it means stand in the catalogue of figures under `card`/`name`.
    """
    figure = f"{card}/{name}"
    label = figures()[figure].said.name
    return html.Article(
        [
            html.Div(
                [
                    html.H2(label, className="fg-tile-label"),
                    mark(figure),
                    _completeness(name, card),
                ],
                className="fg-tile-head",
            ),
            html.Div(
                [
                    link(card, name, leaf(card, f"{name}/value"), class_name="fg-tile-link"),
                    leaf(card, f"{name}/unit"),
                ]
            ),
            html.Div([leaf(card, f"{name}/status"), leaf(card, f"{name}/note")], className="fg-tile-foot"),
        ],
        className="fg-tile",
    )


def _completeness(name: str, card: str) -> dcc.Link:
    mark = link(
        card, f"{name}/completeness", [icon("checks", 14), leaf(card, f"{name}/complete")], class_name="fg-complete"
    )
    return mark
