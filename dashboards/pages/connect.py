"""Connect a source: drop a CSV, see its columns guessed and its rows as events, and take a mapping away."""

from functools import cache
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.dcc import Store

from dashboards.address import Address
from dashboards.browser_side import in_browser
from dashboards.components.attributes import marked
from dashboards.components.cards import card
from dashboards.components.controls import page_head
from dashboards.components.explaining import remark
from dashboards.components.icons import icon
from dashboards.connect_columns import (
    column_table,
    more_controls,
    settings,
    steps_key,
    steps_note,
    steps_table,
    why,
)
from dashboards.connect_preview import table_note
from dashboards.connect_result import result_of
from dashboards.connect_sources import SOURCES, register_sources
from dashboards.dropped import MOST_BYTES, Dropped, choices, dropped, first_draft
from dashboards.page import Page
from dashboards.scope import Desk
from metrics.connecting.columns import TIMED, Column
from metrics.connecting.draft import Choices, Draft, chosen
from metrics.connecting.table import NotATable
from metrics.vocabulary import Vocabulary, load_vocabulary

_ABOUT_COLUMNS = (
    "Guessed from the names and the values. Change what is wrong; everything below follows. Personal data and free "
    "text are left out unless you choose them."
)
_ABOUT_ROWS = "Exactly what the mapping below gives for these rows. Rows that would be dead letters say why."
_ABOUT_MAPPING = "A text file that says what the columns mean. Edit it here or later: docs/mappings.md is the language."


EACH = {"roles": ("role", "value"), "more": ("more", "children"), "whys": ("why", "children")}
"""What each column has of its own: control and property."""


@cache
def _vocabulary() -> Vocabulary:
    return load_vocabulary()


def layout(address: Address) -> html.Div:
    """The page's structure: the place to drop a file, and what appears once there is one."""
    return html.Div(
        [
            page_head("Connect a source", []),
            _section("connect-file-card", "A table from your system", _drop_zone()),
            html.Div(
                [
                    _section("connect-columns-card", "Columns", html.Div(id="connect-columns"), _ABOUT_COLUMNS),
                    html.Div(_section("connect-steps-card", "Steps", _steps()), id="connect-steps-frame", hidden=True),
                    _section("connect-rows-card", "What the rows become", html.Div(id="connect-rows"), _ABOUT_ROWS),
                    _section("connect-mapping-card", "The mapping", _mapping(), _ABOUT_MAPPING),
                ],
                id="connect-result",
                hidden=True,
            ),
            card(SOURCES, "Sources that send", html.Div(id=f"{SOURCES}-list"), height=90),
            Store(id="connect-file"),
            Store(id="connect-steps-key"),
            Store(id="connect-taken"),
        ]
    )


def _section(name: str, title: str, content: Any, about: str = "") -> html.Section:
    """A card that is never empty or loading: it is there, or not."""
    head = [html.H2(title, className="fg-card-title", id=f"{name}-title"), *([remark(about)] if about else [])]
    body = [html.Div(html.Div(head, className="fg-card-heading"), className="fg-card-head"), content]
    return marked(
        html.Section(body, id=name, className="fg-card fg-is-ok"), aria_labelledby=f"{name}-title", data_extra="static"
    )


def _drop_zone() -> html.Div:
    words = [
        icon("upload", 28),
        html.P([html.Strong("Drop a CSV file here"), " or "]),
        _button("connect-choose", "Choose a file"),
        html.P(
            f"An export, a report, an event log; of a large file the first {MOST_BYTES >> 10} KiB. It is only "
            "looked at for this page: nothing of it is stored or logged.",
            className="fg-connect-small",
        ),
    ]
    zone = marked(html.Div(words, id="connect-drop", className="fg-drop"), data_most=str(MOST_BYTES))
    return html.Div([zone, html.Div(id="connect-note", className="fg-connect-note", role="status")])


def _button(name: str, word: str, symbol: str = "") -> html.Button:
    return html.Button(
        [*([icon(symbol)] if symbol else []), html.Span(word)], id=name, className="fg-button", type="button"
    )


def _steps() -> html.Div:
    return html.Div([html.P(id="connect-steps-note", className="fg-lead"), html.Div(id="connect-steps")])


def _mapping() -> html.Div:
    text = dmc.Textarea(
        id="connect-yaml", value="", autosize=True, minRows=12, maxRows=30, className="fg-yaml", spellCheck=False,
        inputProps={"aria-label": "The mapping as YAML"},
    )  # fmt: skip
    buttons = [
        _button("connect-download", "Download", "download"),
        marked(_button("connect-copy", "Copy", "copy"), data_copy="connect-yaml"),
    ]
    return html.Div(
        [
            html.Div(id="connect-missing"),
            html.Div([text, html.Div(buttons, className="fg-connect-buttons")], id="connect-yaml-frame"),
            html.Div(id="connect-lines"),
        ]
    )


def register(app: Dash, desk: Desk) -> None:
    """The callbacks: a file was dropped; a choice was made; take the mapping away."""
    app.callback(
        Output("connect-note", "children"),
        Output("connect-result", "hidden"),
        Output("connect-columns", "children"),
        Output("connect-steps-key", "data"),
        Input("connect-file", "data"),
        prevent_initial_call=True,
    )(opened)
    _register_choices(app)
    download = Input("connect-download", "n_clicks")
    in_browser(
        app, "take_mapping", Output("connect-taken", "data"), download, State("connect-yaml", "value"), first_call=False
    )
    register_sources(app, desk)


def opened(data: Any) -> list[Any]:
    """Note, whether the result is hidden, the controls, and no steps yet."""
    file = dropped(data)
    if file is None:
        return [no_update] * 4
    try:
        draft = first_draft(file, _vocabulary())
    except NotATable as problem:
        return [_refusal(file, str(problem)), True, None, ""]
    return [table_note(draft.table, file.name), False, [settings(draft), column_table(draft, _vocabulary())], ""]


def _refusal(file: Dropped, why: str) -> html.Div:
    return html.Div(
        [icon("alert-circle"), html.Span([html.Strong(file.name[:200]), ": ", why])], className="fg-refusal"
    )


def _register_choices(app: Dash) -> None:
    def at(kind: str, prop: str, how: Any) -> Any:
        return how({"connect": kind, "at": ALL}, prop)

    step = {"connect": "step", "at": ALL, "of": ALL}
    alone = {
        "steps": Output("connect-steps", "children"),
        "steps_key": Output("connect-steps-key", "data", allow_duplicate=True),
        "steps_note": Output("connect-steps-note", "children"),
        "steps_hidden": Output("connect-steps-frame", "hidden"),
        "rows": Output("connect-rows", "children"),
        "missing": Output("connect-missing", "children"),
        "yaml": Output("connect-yaml", "value"),
        "yaml_hidden": Output("connect-yaml-frame", "hidden"),
        "lines": Output("connect-lines", "children"),
    }
    each = {name: at(kind, prop, Output) for name, (kind, prop) in EACH.items()}
    asked = {name: at(kind, "value", Input) for name, kind in (("roles", "role"), ("ofs", "of"), ("forms", "form"))}
    settings = {name: Input(f"connect-{name}", "value", allow_optional=True) for name in ("name", "zone", "currency")}
    known = {"key": State("connect-steps-key", "data"), "data": State("connect-file", "data")}
    steps = {"steps": Input(step, "value"), "places": State(step, "id")}
    steps |= {"of_ids": at("of", "id", State), "form_ids": at("form", "id", State)}
    app.callback({**each, **alone}, {**asked, **steps, **settings, **known}, prevent_initial_call=True)(chose)


def chose(data: Any, key: Any, **controls: Any) -> dict[str, Any]:
    """Everything that follows from the controls as they are now."""
    file = dropped(data)
    if file is None or not controls["roles"]:
        return _nothing_new(len(controls["roles"]))
    vocabulary = _vocabulary()
    try:
        first = first_draft(file, vocabulary)
    except NotATable:
        return _nothing_new(len(controls["roles"]))
    given = {name: "" if value is None else value for name, value in controls.items()}
    changed = _changed()
    said = choices(first, vocabulary, changed, **given)
    return _answer(chosen(first, said, vocabulary), said, file.name, key)


def _changed() -> int | None:
    """The column whose meaning was chosen just now; None when it was something else, or nobody did."""
    trigger = ctx.triggered_id
    alone = len(ctx.triggered) == 1
    return trigger["at"] if alone and isinstance(trigger, dict) and trigger.get("connect") == "role" else None


def _nothing_new(columns: int) -> dict[str, Any]:
    alone = ("steps", "steps_key", "steps_note", "steps_hidden", "rows", "missing", "yaml", "yaml_hidden", "lines")
    return {**{name: [no_update] * columns for name in EACH}, **dict.fromkeys(alone, no_update)}


def _answer(draft: Draft, said: Choices, file_name: str, key: Any) -> dict[str, Any]:
    """All outputs; a column's controls are sent only where they are not what the browser shows."""
    vocabulary = _vocabulary()
    here = ctx.triggered_id["at"] if isinstance(ctx.triggered_id, dict) and "of" not in ctx.triggered_id else None
    stale = [_is_stale(column, said) for column in draft.columns]
    same = key == steps_key(draft)
    return {
        "roles": [column.role if column.role != said.roles[column.place] else no_update for column in draft.columns],
        "more": [
            more_controls(column, draft, vocabulary) if old else no_update
            for column, old in zip(draft.columns, stale, strict=True)
        ],
        "whys": [
            why(column) if old or column.place == here else no_update
            for column, old in zip(draft.columns, stale, strict=True)
        ],
        "steps": no_update if same else steps_table(draft, vocabulary),
        "steps_key": no_update if same else steps_key(draft),
        "steps_note": steps_note(draft, vocabulary),
        "steps_hidden": draft.the("activity") is None,
        **result_of(draft, file_name, vocabulary)._asdict(),
    }


def _is_stale(column: Column, said: Choices) -> bool:
    """Whether the controls of a column beside its role are not those on show."""
    place = column.place
    shown = said.roles[place], said.ofs[place], said.forms[place]
    asks_form = column.role in TIMED or column.role == "amount"
    now = column.role, column.of, column.form if asks_form else ""
    return place == said.changed or shown != now or (said.changed is not None and column.role == "time")


PAGE = Page("/connect", "Connect", "plug", 90, layout, register)
