"""The small mark beside a figure: its definition on hover and focus, a dialog with all there is to tell on a click."""

from dash import html

from dashboards.components.attributes import marked
from dashboards.components.icons import icon
from metrics.explaining.catalogue import figures


def mark(name: str) -> html.Button | None:
    """The mark of a figure in the catalogue; None where it has none of that name.

    The page's own script hears the click and asks for the dialog: the mark has no callback of its own.
    """
    found = figures().get(name)
    if found is None:
        return None
    return marked(
        _button(found.said.definition),
        aria_label=f"{found.said.name}: {found.said.definition}",
        aria_haspopup="dialog",
        data_figure=name,
    )


def remark(text: str) -> html.Button:
    """A mark that only tells `text`, for what is no figure."""
    return marked(_button(text), aria_label=text)


def hovers() -> html.Aside:
    """Where what shows on hover stands: inside a landmark, for those who go from one to the next.

    One for all marks. A component beside each (dmc.Tooltip) made Dash look, at every change of a page, at all that ever
    changed on it: 2.4 s while a page opened.
    """
    return marked(
        html.Aside(html.Div(id="hover", className="fg-hover", role="tooltip", hidden=True), id="hovers"),
        aria_label="What figures mean",
    )


def _button(text: str) -> html.Button:
    return marked(html.Button(icon("info-circle", 14), className="fg-explain", type="button"), data_hover=text)
