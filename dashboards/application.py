"""The composition root of the dashboards: a Dash app from a reader, with no state at module level."""

import getpass
import importlib.resources
from collections.abc import Callable

from dash import Dash
from flask import Response, jsonify

from dashboards.access.access import Access
from dashboards.api.asking import Everybody, SignedOn
from dashboards.api.operations import OPERATIONS
from dashboards.api.routes import add_api
from dashboards.hand import Hand
from dashboards.page import discovered
from dashboards.reading import KeepingReader, Reader
from dashboards.routing import register_routing
from dashboards.scope import Desk
from dashboards.search import CASES, register_search
from dashboards.security import guard
from dashboards.shell import shell
from dashboards.shell_news import register_news
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


def create_app(reader: Reader, access: Access | None = None, send: Callable[[Event], None] | None = None) -> Dash:
    """The app, complete and guarded; `reader` is the store's typed queries.

    With `access` everybody signs on, and pages read what the person who asks may see instead. `send` puts an event that
    somebody decided on into the stream; without it pages decide nothing.
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
    desk = Desk(access.reader if access else KeepingReader(reader), hand=_hand(send, access))
    app.layout = (lambda: shell(access.pages(pages), access.badge())) if access else shell(pages)
    if access:
        access.gate.stand_before(app.server, access.key)
    register_routing(app, desk, pages, access.opens if access else _opens_all)
    register_news(app, desk)
    register_search(app, _desk_of(CASES, access) or desk)
    for page in pages:
        page.register(app, _desk_of(page.path, access, desk.hand) or desk)
    _add_probes(app, reader)
    _add_api(app, desk.reader, reader, access)
    guard(app)
    return app


def warm(app: Dash) -> None:
    """Ask for the index, layout and dependencies once, so that no first visitor pays for their making."""
    client = app.server.test_client()
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        client.get(path)


def _desk_of(page: str, access: Access | None, hand: Hand | None = None) -> Desk | None:
    return Desk(access.reader_of(page), access.sees_everything, hand) if access else None


def _hand(send: Callable[[Event], None] | None, access: Access | None) -> Hand | None:
    if send is None:
        return None
    return Hand(send, access.closer, access.note) if access else Hand(send, getpass.getuser, lambda _did, _what: None)


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
