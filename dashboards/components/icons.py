"""Icons: Tabler's outline set, served from our own assets and drawn in the colour of the text."""

from dash import html


def icon(name: str, size: int = 16) -> html.Span:
    """An icon without a meaning of its own (a word stands beside it)."""
    style = {"--icon": f"url(/assets/icons/{name}.svg)", "width": size, "height": size}
    return html.Span(className="fg-icon", style=style, **{"aria-hidden": "true"})
