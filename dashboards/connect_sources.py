"""The sources that send already, as the feeds in the store tell."""

from typing import Any

from dash import Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from dashboards.components.cards import empty_message, error_message, plain_table, table_view
from dashboards.filling import checked_count, checked_text
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk
from dashboards.wording import exact_moment
from metrics.queries.rows import Feed

SOURCES = "connect-sources"
_PHASES = {"live": "Live", "backfill": "Sends its history", "end": "Read to its end"}
_MOST = 50
TICKS_BETWEEN = 12


def register_sources(app: Dash, desk: Desk) -> None:
    """The callback of the card; it looks at no process, so it is filled in an empty store, too."""
    app.callback(
        Output(SOURCES, "className"),
        Output(f"{SOURCES}-message", "children"),
        Output(f"{SOURCES}-list", "children"),
        Input("tick", "data"),
        Input({"retry": SOURCES}, "n_clicks", allow_optional=True),
        State(SOURCES, "className"),
    )(lambda tick, _retry, was: ticked_sources(desk.reader, checked_count(tick), checked_text(was)))


def ticked_sources(reader: Reader, tick: int, was: str) -> tuple[str, Any, Any]:
    """The card; a tick asks again once a minute, or at once while the store is away."""
    if ctx.triggered_id == "tick" and tick % TICKS_BETWEEN and "fg-is-error" not in was:
        raise PreventUpdate
    return read_sources(reader)


def read_sources(reader: Reader) -> tuple[str, Any, Any]:
    """The card's class, its message, and the table of feeds, newest first."""
    try:
        feeds = sorted(reader.rows("feeds", Feed), key=lambda feed: -feed.last_seen_us)
    except Unanswered as problem:
        return "fg-card fg-is-error", error_message(SOURCES, str(problem)), None
    if not feeds:
        return "fg-card fg-is-empty", empty_message("No source has sent anything yet."), None
    rows = [
        (
            feed.feed,
            _PHASES.get(feed.phase, feed.phase),
            exact_moment(feed.watermark_us),
            "Simulated" if feed.simulated else "",
        )
        for feed in feeds[:_MOST]
    ]
    table = plain_table(("Source", "State", "Newest event", "Kind"), rows, "Sources and their newest events")
    return "fg-card fg-is-ok", None, table_view(table, "sources and their newest events")
