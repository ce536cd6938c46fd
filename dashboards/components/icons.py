"""Icons: Tabler's outline set, served from our own assets and drawn in the colour of the text."""

from dash import html

from dashboards.components.attributes import marked


def icon(name: str, size: int = 16) -> html.Span:
    """An icon without a meaning of its own (a word stands beside it)."""
    style = {"--icon": f"url(/assets/icons/{name}.svg)", "width": size, "height": size}
    return marked(html.Span(className="fg-icon", style=style), aria_hidden="true")
