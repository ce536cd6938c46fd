"""The frame around every page: top bar, banners, and the stores through which a page hears of time."""

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.components.attributes import marked
from dashboards.components.explaining import hovers
from dashboards.components.icons import icon
from dashboards.components.leaves import leaf
from dashboards.explain_dialog import explain_dialog
from dashboards.page import Page

TICK_MS = 5000


def shell(
    pages: Sequence[Page], badge: Component | None = None, menus: Sequence[Component] = ()
) -> dmc.MantineProvider:
    """The static tree of the whole app; pages appear in `#page`. `badge`: who is signed on; `menus` of the top bar."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Interval(id="pulse", interval=TICK_MS),
            dcc.Store(id="tick", data=0),
            dcc.Store(id="theme-echo"),
            dcc.Store(id="control-echo"),
            dcc.Store(id="address-defaults", data=Address().model_dump()),
            html.A("Skip to content", href="#page", className="fg-skip"),
            _top_bar(pages, badge, menus),
            html.Div(id="banners", className="fg-banners", children=_banners(), role="status"),
            html.Main(id="page", className="fg-page", tabIndex=-1),
            *explain_dialog(),
            hovers(),
        ],
        id="mantine",
        defaultColorScheme="auto",
        theme={
            "fontFamily": "'Inter Variable', system-ui, sans-serif",
            "headings": {"fontFamily": "'Inter Variable', system-ui, sans-serif"},
            "primaryColor": "blue",
            "primaryShade": {"light": 8, "dark": 7},
            "defaultRadius": "md",
        },
    )


def _top_bar(pages: Sequence[Page], badge: Component | None, menus: Sequence[Component]) -> Component:
    links = [
        dcc.Link(
            [icon(page.icon, 18), html.Span(page.title)],
            href=page.path,
            id={"nav": page.path},
            className="fg-nav-link",
            title=page.title,
        )
        for page in pages
        if page.order is not None
    ]
    return html.Header(
        [
            dcc.Link(
                [
                    marked(html.Span(className="fg-mark"), aria_hidden="true"),
                    html.Span("Flowglass", className="fg-brand-name"),
                ],
                href="/",
                className="fg-brand",
            ),
            marked(html.Nav(links, className="fg-nav"), aria_label="Pages"),
            _search(),
            html.Div(
                [
                    html.Span(
                        [icon("refresh", 14), leaf("shell", "as-of/text")],
                        id="as-of",
                        className="fg-as-of fg-tone-quiet",
                        role="status",
                    ),
                    dmc.Switch(id="live", label="Live", checked=True, size="sm", persistence=True),
                    _theme(),
                    *([badge] if badge else []),
                ],
                className="fg-top-right",
            ),
            html.Div(className="fg-break"),
            html.Div(list(menus), className="fg-menus"),
        ],
        className="fg-top",
    )


def _search() -> Component:
    field = dmc.TextInput(
        id="search",
        placeholder="Case, worker, order, invoice, trace …",
        size="sm",
        leftSection=icon("search"),
        rightSection=dmc.Kbd("/", size="xs"),
        className="fg-search",
        inputProps={"aria-label": "Find any id"},
        debounce=True,  # Enter then sends the text and the submit together; otherwise the last key may be missing
    )
    return html.Div(
        [field, html.Div(id="search-note", className="fg-search-note", role="status")],
        className="fg-search-box",
        role="search",
    )


def _theme() -> dmc.SegmentedControl:
    options = (
        ("light", "sun", "Light theme"),
        ("dark", "moon", "Dark theme"),
        ("auto", "device-desktop", "Theme of the system"),
    )
    data = [
        {"value": value, "label": html.Span([icon(name), html.Span(label, className="fg-hidden")], title=label)}
        for value, name, label in options
    ]
    return dmc.SegmentedControl(
        id="theme",
        data=data,
        value="auto",
        size="xs",
        persistence=True,
        className="fg-theme",
        **{"aria-label": "Theme"},
    )


def _banners() -> list[Component]:
    return [
        html.Div(
            [icon("database-off"), html.Span(id="away-text")],
            id="away",
            className="fg-banner fg-banner-lost",
            hidden=True,
        ),
        html.Div(
            [icon("flask"), html.Span(id="simulated-text")],
            id="simulated",
            className="fg-banner fg-banner-simulated",
            hidden=True,
        ),
        html.Div(
            [icon("alert-triangle"), html.Span(id="lost-text")],
            id="lost",
            className="fg-banner fg-banner-lost",
            hidden=True,
        ),
    ]
