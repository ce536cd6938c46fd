"""Which page a path opens, what the filters offer there, and the browser-side half of the URL state."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, dcc, html, no_update

from dashboards.address import parse
from dashboards.browser_side import in_browser
from dashboards.filling import checked_text
from dashboards.page import Page
from dashboards.pinned import banner
from dashboards.reading import Unanswered
from dashboards.scope import Desk, NothingYet
from dashboards.wording import humanised
from metrics.queries.rows import CaseChoices


def register_routing(app: Dash, desk: Desk, pages: Sequence[Page], opens: Callable[[str], bool]) -> None:
    """Register page switching, filter choices and the clientside callbacks.

    `opens`: whether who asks may see the page of a path.
    """
    by_path = {page.path: page for page in pages}

    @app.callback(Output("page", "children"), Input("url", "pathname"), State("url", "search"))
    def open_page(path: Any, search: Any) -> Any:
        page = by_path.get(checked_text(path).rstrip("/") or "/")
        if page is None:
            return _not_found()
        if not opens(page.path):
            return _not_yours(page)
        address = parse(checked_text(search))
        return [banner(address), page.layout(address)]

    @app.callback(
        Output({"control": "process"}, "data"),
        Output({"control": "facility"}, "data"),
        Output({"control": "department"}, "data"),
        Output({"control": "process"}, "placeholder"),
        Input("url", "search"),
        Input("tick", "data"),
        State({"control": "process"}, "data"),
        State({"control": "facility"}, "data"),
        State({"control": "department"}, "data"),
    )
    def offer(search: Any, _tick: Any, *shown: Any) -> Any:
        try:
            offers = read_offers(desk, checked_text(search))
        except (Unanswered, NothingYet):
            return [no_update] * 4
        return [no_update if now == old else now for now, old in zip(offers[:3], shown, strict=True)] + [offers[3]]

    @app.callback(Output({"control": "period"}, "placeholder"), Input("url", "search"), State("url", "pathname"))
    def period_meant(search: Any, path: Any) -> Any:
        try:
            scope = desk.scope(parse(checked_text(search)))
        except (Unanswered, NothingYet):
            return no_update
        standard = f"Last {scope.days} days" if scope.days else "All time"
        return {"/sla": "Per objective", "/integrations": "Last day", "/spend": "3 months"}.get(
            checked_text(path), standard
        )

    _register_browser_side(app)


def read_offers(
    desk: Desk, search: str
) -> tuple[list[dict[str, str]], list[dict[str, str]], list[dict[str, str]], str]:
    """Options of the process, facility and department filters, and the process shown when none is chosen."""
    address = parse(search)
    processes = [{"value": size.process, "label": desk.view(size.process).title} for size in desk.processes()]
    scope = desk.scope(address)
    choices = desk.reader.rows("case_choices", CaseChoices, process=scope.size.process)[0]
    facilities, departments = (
        [{"value": name, "label": humanised(name)} for name in names if name]
        for names in (choices.facilities, choices.departments)
    )
    return processes, facilities, departments, scope.view.title


def _not_yours(page: Page) -> html.Div:
    told = f"Your role does not open “{page.title}”. Whoever runs Flowglass here can change that."
    return html.Div([html.H1("Not for your role"), html.P(told)], className="fg-message")


def _not_found() -> html.Div:
    return html.Div(
        [html.H1("There is no such page"), dcc.Link("Go to Operations", href="/", className="fg-button")],
        className="fg-message",
    )


def _register_browser_side(app: Dash) -> None:
    ids, defaults = State({"control": ALL}, "id"), State("address-defaults", "data")
    url, tick = Input("url", "search"), Input("tick", "data")
    in_browser(
        app,
        "tick",
        Output("tick", "data"),
        Input("pulse", "n_intervals"),
        State("live", "checked"),
        State("tick", "data"),
    )
    in_browser(app, "theme", Output("theme-echo", "data"), Input("theme", "value"))
    values = Input({"control": ALL}, "value")
    in_browser(app, "controls_to_url", Output("control-echo", "data"), values, ids, defaults, first_call=False)
    in_browser(app, "url_to_controls", url, ids, State({"control": ALL}, "value"), defaults)
    in_browser(app, "fit_grids", Input("page", "children"))
    in_browser(app, "pinned_here", Output("pinned", "hidden"), url)
    in_browser(app, "refresh_grids", url, tick)
    targets = [Output({"nav": ALL}, "href"), Output({"nav": ALL}, "className")]
    in_browser(app, "navigation", *targets, Input("url", "pathname"), url, State({"nav": ALL}, "id"))
