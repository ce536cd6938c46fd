"""The composition root of the dashboards: a Dash app from a reader, with no state at module level."""

import getpass
import importlib.resources
from collections.abc import Callable, Sequence

from dash import Dash
from flask import Response, jsonify

from dashboards.access.access import Access
from dashboards.access.limits import Limits, RateLimits, limits_of
from dashboards.alert_hand import AlertHand
from dashboards.api.asking import Everybody, SignedOn
from dashboards.api.operations import OPERATIONS
from dashboards.api.routes import add_api
from dashboards.explain_dialog import Clearance, register_explaining
from dashboards.hand import Hand
from dashboards.page import Page, discovered
from dashboards.reading import KeepingReader, Reader
from dashboards.routing import register_routing
from dashboards.scope import Desk
from dashboards.search import CASES, register_search
from dashboards.security import guard
from dashboards.shell import shell
from dashboards.shell_news import register_news, server_now
from dashboards.shown import register_shown
from dashboards.shown_menu import read_places, register_shown_menu, shown_menu
from dashboards.spend_book import read_rates
from dashboards.views_menu import Shelf, add_start, register_views, views_menu
from metrics.access.saved_views import Asker, SavedViews
from metrics.alerts.ownership import Writer
from metrics.queries.rows import Feed
from metrics.settings import read_settings
from metrics.words import Event

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
<link rel="preload" href="/assets/fonts/inter-latin-wght-normal.woff2" as="font" type="font/woff2" crossorigin>
<script src="/assets/early/theme.js"></script>
{%css%}
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def create_app(
    reader: Reader,
    access: Access | None = None,
    send: Callable[[Event], None] | None = None,
    views: SavedViews | None = None,
    limits: Limits | None = None,
    writer: Writer | None = None,
) -> Dash:
    """The app, complete and guarded; `reader` is the store's typed queries.

    With `access` everybody signs on, and pages read what the person who asks may see instead. `send` puts an event that
    somebody decided on into the stream; without it pages decide nothing. `views` keeps saved views.
    `limits`: how often each caller may ask; without it as the settings say. `writer` stores what people do about
    alerts; without it pages only show them.
    """
    app = Dash(
        "flowglass",
        assets_folder=_assets_folder(),
        assets_ignore=r"^early",
        title="Flowglass",
        update_title="",
        index_string=INDEX,
        suppress_callback_exceptions=True,
        compress=True,
        enable_mcp=False,
        add_log_handler=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    pages = discovered()
    alert_hand = _alert_hand(writer, access)
    desk = Desk(access.reader if access else KeepingReader(reader), hand=_hand(send, access), alert_hand=alert_hand)
    shelf = _shelf(views, access, pages) if views else None
    rates = read_rates(read_settings().definitions)
    app.layout = lambda: shell(
        access.pages(pages) if access else pages,
        access.badge() if access else None,
        [*([views_menu(shares=access is not None)] if shelf else []), shown_menu(rates)],
    )
    if access:
        access.gate.stand_before(app.server, access.key)
    _limit_rates(app, access, limits or limits_of(read_settings()))
    register_routing(app, desk, pages, access.opens if access else _opens_all)
    register_news(app, desk)
    register_explaining(app, desk, Clearance(access.opens, access.sees_queries) if access else Clearance())
    register_search(app, _desk_of(CASES, access) or desk)
    register_shown(app.server, read_places(read_settings().definitions))
    register_shown_menu(app, rates)
    if shelf:
        register_views(app, shelf)
        _begin_there(app, shelf, access)
    for page in pages:
        page.register(app, _desk_of(page.path, access, desk.hand, alert_hand) or desk)
    _add_probes(app, reader)
    _add_api(app, desk.reader, reader, access)
    guard(app)
    return app


def warm(app: Dash) -> None:
    """Ask for the index, layout and dependencies once, so that no first visitor pays for their making."""
    client = app.server.test_client()
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        client.get(path, follow_redirects=True)


def _desk_of(
    page: str, access: Access | None, hand: Hand | None = None, alert_hand: AlertHand | None = None
) -> Desk | None:
    if access is None:
        return None
    return Desk(access.reader_of(page), access.sees_everything, hand, alert_hand, access.note)


def _hand(send: Callable[[Event], None] | None, access: Access | None) -> Hand | None:
    if send is None:
        return None
    return Hand(send, access.closer, access.note) if access else Hand(send, getpass.getuser, lambda _did, _what: None)


def _alert_hand(writer: Writer | None, access: Access | None) -> AlertHand | None:
    if writer is None:
        return None
    if access:
        return AlertHand(writer, access.alert_handler, access.note, server_now)
    return AlertHand(writer, getpass.getuser, lambda _did, _what: None, server_now)


def _shelf(views: SavedViews, access: Access | None, pages: Sequence[Page]) -> Shelf:
    paths = [page.path for page in pages]
    if access:
        return Shelf(views, access.asker, access.note, access.opens, paths)
    return Shelf(views, Asker, lambda _did, _what: None, _opens_all, paths)


def _begin_there(app: Dash, shelf: Shelf, access: Access | None) -> None:
    if access:
        access.gate.own_start = shelf.start
    else:
        add_start(app.server, shelf)


def _limit_rates(app: Dash, access: Access | None, limits: Limits) -> None:
    who = access.gate.person if access else lambda: None
    RateLimits(limits, who, guarded=access is not None).stand_before(app.server)


def _add_api(app: Dash, reader: Reader, whole: Reader, access: Access | None) -> None:
    definitions = read_settings().definitions
    asking = SignedOn(access, whole, definitions) if access else Everybody(reader, whole, definitions)
    add_api(app.server, OPERATIONS, asking)


def _opens_all(_page: str) -> bool:
    return True


def _assets_folder() -> str:
    return str(importlib.resources.files("dashboards").joinpath("assets"))


def _add_probes(app: Dash, reader: Reader) -> None:
    def health() -> Response:
        return jsonify(status="ok")

    def ready() -> tuple[Response, int]:
        try:
            reader.rows("feeds", Feed)
        except Exception as problem:  # any failure of the store means: not ready
            return jsonify(status="store unreachable", problem=type(problem).__name__), 503
        return jsonify(status="ready"), 200

    app.server.add_url_rule("/health", "health", health)
    app.server.add_url_rule("/ready", "ready", ready)
