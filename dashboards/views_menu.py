"""The menu of saved views in the top bar: the page as it is now under a name, and the way back to it.

Views are the asker's own; what colleagues of the role share stands below. Everything is text and links: a name that
looks like markup is shown as it is.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from flask import Flask, redirect, request
from werkzeug.exceptions import BadRequest

from dashboards.components.attributes import marked
from dashboards.components.icons import icon
from dashboards.filling import checked_count, checked_text
from dashboards.reading import Unanswered
from dashboards.view_address import is_about_one, opened, page_address
from metrics.access.saved_views import LONGEST_NAME, Asker, SavedView, SavedViews, ViewError

NOT_A_PAGE: Final = "This page can't be saved."
NOT_SHARED: Final = "A view of a single case or search is not shared: send its link instead."
NONE_YET: Final = "Nothing saved yet. Set a page as you need it, then save it here under a name."
GONE: Final = "It leads to a page that is no more."
_BUTTONS: Final = {"view": ALL, "do": ALL}
_NAMES: Final = {"view-name": ALL}


class Shelf(NamedTuple):
    """The views, and about whoever asks: who it is (None: nobody), what they do noted, which pages they open.

    `pages` are all paths of pages.
    """

    views: SavedViews
    who: Callable[[], Asker | None]
    note: Callable[[str, str], None]
    opens: Callable[[str], bool]
    pages: Collection[str]

    def start(self) -> str:
        """The address that opens first for whoever asks; '' for that of their role."""
        asker = self.who()
        try:
            view = self.views.start(asker) if asker else None
        except ViewError:
            return ""
        address = opened(view.address, self.pages) if view else ""
        return address if address and self.opens(address.partition("?")[0]) else ""


def views_menu(shares: bool) -> Component:
    """The menu, closed; `shares`: whether there are roles to share with."""
    field = dmc.TextInput(
        id="views-name",
        label="Save this page as",
        size="xs",
        inputProps={"maxLength": LONGEST_NAME, "autoComplete": "off"},
        debounce=True,
    )
    save = html.Button("Save", id="views-save", className="fg-button", type="button", n_clicks=0)
    share = dmc.Checkbox(id="views-shared", label="Share it with my role", checked=False, size="xs")
    panel = [
        html.Ul(id="views-list", className="fg-views"),
        html.Div([field, save], className="fg-menu-row"),
        html.Div(share, hidden=not shares),
        html.P(id="views-note", className="fg-note", role="status"),
        dcc.Store(id="views-changed", data=0),
    ]
    return menu("views", [icon("list-details"), html.Span("Views")], "Saved views", panel)


def menu(name: str, face: Sequence[Any], label: str, panel: Sequence[Any]) -> Component:
    """A small menu of the top bar that opens by mouse and by keyboard, and closes on Escape."""
    inside = marked(html.Div(list(panel), className="fg-menu-panel", role="group"), aria_label=label)
    return html.Details([html.Summary(list(face), title=label), inside], id=f"{name}-menu", className="fg-menu")


def register_views(app: Dash, shelf: Shelf) -> None:
    """The callbacks of the list and of all that changes it."""

    @app.callback(
        Output("views-list", "children"),
        Input("url", "pathname"),
        Input("views-changed", "data"),
    )
    def listed(_path: Any, _changed: Any) -> Any:
        return view_rows(shelf)

    buttons = [Input("views-save", "n_clicks"), Input("views-name", "n_submit"), Input(_BUTTONS, "n_clicks")]
    page = [State("url", "pathname"), State("url", "search")]
    fields = [State("views-name", "value"), State("views-shared", "checked")]
    names = [State(_NAMES, "value"), State(_NAMES, "id"), State("views-changed", "data")]
    told = [Output("views-changed", "data"), Output("views-note", "children"), Output("views-name", "value")]

    @app.callback(told, [*buttons, *page, *fields, *names], prevent_initial_call=True)
    def changed(_save: Any, _submit: Any, _clicks: Any, *states: Any) -> Any:
        path, search, name, shared, names, ids, changes = states
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return [no_update] * 3
        asked = _asked()
        if asked is not None:
            said, done = change(shelf, *asked, _name_of(asked[0], names, ids))
        else:
            address = page_address(checked_text(path), checked_text(search), shelf.pages)
            said, done = save(shelf, address, checked_text(name), shared is True)
        cleared = "" if done and asked is None else no_update
        return [checked_count(changes) + 1 if done else no_update, said, cleared]


def add_start(server: Flask, shelf: Shelf) -> None:
    """Lead whoever comes by the bare address to their start page, where nobody signs on."""

    def to_the_start() -> Any:
        bare = request.method == "GET" and request.path == "/" and not request.query_string
        start = shelf.start() if bare else ""
        return redirect(start, 303) if start not in ("", "/") else None

    server.before_request(to_the_start)


def save(shelf: Shelf, address: str, name: str, shared: bool) -> tuple[str, bool]:
    """Keep an address under a name: what came of it in words, and whether something changed."""

    def act(asker: Asker) -> str:
        if not address:
            raise ViewError(NOT_A_PAGE)
        _refuse_to_share(shared, address)
        return f"Saved “{shelf.views.save(asker, name, address, shared, shelf.note).name}”."

    return _done(shelf, act)


def change(shelf: Shelf, id_: str, do: str, name: str) -> tuple[str, bool]:
    """Rename, share, delete or begin with a view: as of `save`."""

    def act(asker: Asker) -> str:
        views, note = shelf.views, shelf.note
        if do == "rename":
            return f"It is called “{views.rename(asker, id_, name, note).name}” now."
        if do in ("share", "keep"):
            address = next((one.address for one in views.of(asker) if one.id == id_), "")
            _refuse_to_share(do == "share", address)
            view = views.share(asker, id_, do == "share", note)
            return f"Your role sees “{view.name}” now." if view.role else f"“{view.name}” is yours alone now."
        if do == "delete":
            return f"Deleted “{views.delete(asker, id_, note).name}”."
        begun = views.begin_with(asker, id_ if do == "begin" else "")
        return f"You begin with “{begun.name}” now." if begun else "You begin with the usual page again."

    return _done(shelf, act)


def view_rows(shelf: Shelf) -> list[Component]:
    """One line a view: its link, whose it is, and what can be done with it."""
    asker = shelf.who()
    try:
        seen = shelf.views.of(asker) if asker is not None else ()
        first = shelf.views.start(asker) if asker is not None and seen else None
    except ViewError as problem:
        return [html.Li(str(problem), className="fg-views-none")]
    if asker is None or not seen:
        return [html.Li(NONE_YET, className="fg-views-none")]
    return [_row(shelf, asker, view, first is not None and first.id == view.id) for view in seen]


def _row(shelf: Shelf, asker: Asker, view: SavedView, first: bool) -> Component:
    address = opened(view.address, shelf.pages)
    link = dcc.Link(view.name, href=address, className="fg-link") if address else html.Span(view.name, title=GONE)
    own = view.owner == asker.name
    told = ", ".join(
        part
        for part in (
            "opens first" if first else "",
            "" if own else f"shared by {view.owner}",
            "your role sees it" if own and view.role else "",
        )
        if part
    )
    parts = [html.Span(link, className="fg-view-name"), html.Span(told, className="fg-unit")]
    return html.Li([*parts, _changes(asker, view, own, first, address)])


def _changes(asker: Asker, view: SavedView, own: bool, first: bool, address: str) -> Component:
    """What can be done with a view, behind a word of its own."""
    buttons = [_button(view, "end", "Begin as usual") if first else _button(view, "begin", "Open it first")]
    field: list[Component] = []
    if own:
        name = f"New name of “{view.name}”"
        field = [
            dmc.TextInput(
                id={"view-name": view.id},
                value=view.name,
                size="xs",
                inputProps={"aria-label": name, "maxLength": LONGEST_NAME},
                debounce=True,
            )
        ]
        buttons.append(_button(view, "rename", "Rename"))
        if asker.role and (view.role or not is_about_one(address)):
            buttons.append(
                _button(view, "keep", "No longer share") if view.role else _button(view, "share", "Share with my role")
            )
        buttons.append(_button(view, "delete", "Delete"))
    summary = marked(html.Summary("Change"), aria_label=f"Change “{view.name}”")
    return html.Details([summary, *field, html.Div(buttons, className="fg-menu-row")], className="fg-view-change")


def _button(view: SavedView, do: str, label: str) -> Component:
    button = html.Button(
        label, id={"view": view.id, "do": do}, className="fg-button fg-button-small", type="button", n_clicks=0
    )
    return marked(button, aria_label=f"{label}: “{view.name}”")


def _done(shelf: Shelf, act: Callable[[Asker], str]) -> tuple[str, bool]:
    asker = shelf.who()
    if asker is None:
        return "Nobody is signed on.", False
    try:
        return act(asker), True
    except (ViewError, Unanswered) as problem:
        return str(problem), False


def _refuse_to_share(shared: bool, address: str) -> None:
    if shared and is_about_one(address):
        raise ViewError(NOT_SHARED)


def _asked() -> tuple[str, str] | None:
    """The view and what to do with it; None for the page on show. What no page of ours sends is refused."""
    try:
        trigger = ctx.triggered_id
    except ValueError as problem:
        raise BadRequest("malformed callback") from problem
    if isinstance(trigger, str):
        return None
    if not isinstance(trigger, dict):
        raise BadRequest("this callback takes a view")
    do = checked_text(trigger.get("do"))
    if do not in ("begin", "end", "rename", "share", "keep", "delete"):
        raise BadRequest("this can't be done with a view")
    return checked_text(trigger.get("view")), do


def _name_of(id_: str, names: Any, ids: Any) -> str:
    """What stands in the field of a view; '' without one."""
    if not isinstance(names, list) or not isinstance(ids, list):
        raise BadRequest("this callback takes names")
    fields = zip(ids, names, strict=False)
    return next((checked_text(name) for of, name in fields if isinstance(of, dict) and of.get("view-name") == id_), "")
