"""The colours and frame that every figure shares. Text and grid colours come from the page's style sheet."""

import plotly.graph_objects as go

BLUE, VERMILLION, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#e69f00", "#009e73", "#8b98a3"
WAITING = "#aab4bd"
STATUS_COLOURS = {
    "met": GREEN,
    "running": BLUE,
    "at_risk": ORANGE,
    "breached": VERMILLION,
    "paused": GREY,
    "cancelled": GREY,
}


def framed(
    figure: go.Figure, height: int, left: int = 10, bottom: int = 34, top: int = 10, right: int = 12
) -> go.Figure:
    """The figure with transparent grounds, our type and tight margins; `height` in pixels."""
    figure.update_layout(
        height=height,
        margin={"l": left, "r": right, "t": top, "b": bottom},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Inter Variable, system-ui, sans-serif", "size": 12, "color": "#55626e"},
        showlegend=False,
        bargap=0.35,
        hovermode="closest",
        hoverlabel={"bgcolor": "#17212b", "bordercolor": "#17212b", "font": {"color": "#ffffff", "size": 12}},
        dragmode=False,
        uirevision="keep",
    )
    figure.update_traces(marker_line_width=0, selector={"type": "bar"})
    figure.update_xaxes(gridcolor="rgba(127,140,150,.25)", zeroline=False, fixedrange=True, automargin=False)
    figure.update_xaxes(title_font_size=12, title_standoff=8)
    figure.update_yaxes(showgrid=False, zeroline=False, fixedrange=True, automargin=True, ticklabelstandoff=6)
    figure.update_yaxes(title_font_size=12)
    return figure


def blank() -> go.Figure:
    """A figure without axes, for a chart that has nothing to show yet."""
    figure = framed(go.Figure(), 120)
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)
