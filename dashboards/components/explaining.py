"""The small mark beside a figure: its definition on hover and focus, a dialog with all there is to tell on a click."""

from typing import Final

import dash_mantine_components as dmc
from dash import html

from dashboards.components.attributes import marked
from dashboards.components.icons import icon
from metrics.explaining.catalogue import figures

HOVERS: Final = "hovers"
"""Where what shows on hover stands in the page: inside a landmark, for those who go from one to the next."""


def mark(name: str) -> dmc.Tooltip | None:
    """The mark of a figure in the catalogue; None where it has none of that name.

    The page's own script hears the click and asks for the dialog: the mark has no callback of its own.
    """
    found = figures().get(name)
    if found is None:
        return None
    button = marked(
        html.Button(icon("info-circle", 14), className="fg-explain", type="button"),
        aria_label=f"{found.said.name}: {found.said.definition}",
        aria_haspopup="dialog",
        data_figure=name,
    )
    return _hover(button, found.said.definition)


def remark(text: str) -> dmc.Tooltip:
    """A mark that only tells `text`, for what is no figure."""
    return _hover(
        marked(html.Button(icon("info-circle", 14), className="fg-explain", type="button"), aria_label=text), text
    )


def _hover(button: html.Button, text: str) -> dmc.Tooltip:
    return dmc.Tooltip(
        button,
        label=text,
        multiline=True,
        w=280,
        withArrow=True,
        events={"hover": True, "focus": True, "touch": True},
        portalProps={"target": f"#{HOVERS}"},
    )
