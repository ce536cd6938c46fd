"""Cards: the frame around everything that is read from the store, with its six states.

A card is loading (skeleton), ok, empty (why, and a reset), error (retry), stale (old values with a
notice) or away (it waits for the store, as the banner above all cards says). The state is a class
name, so a tick changes one word and never the tree inside.
"""

import re
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.components.attributes import marked
from dashboards.components.explaining import mark, remark
from dashboards.components.icons import icon
from dashboards.shown import in_zone
from dashboards.wording import NONE


def card(
    name: str, title: str, content: Any, *, height: int = 160, aside: Any = None, about: str = "", class_name: str = ""
) -> html.Section:
    """A card in its loading state; `height` in pixels is kept free for the skeleton, `aside` stands in its head."""
    head: list[Component] = [html.H2(title, className="fg-card-title", id=f"{name}-title")]
    if shown := mark(name) or (remark(about) if about else None):
        head.append(shown)
    frame = html.Section(
        [
            html.Div(
                [html.Div(head, className="fg-card-heading"), html.Div(aside, className="fg-card-aside")],
                className="fg-card-head",
            ),
            html.Div(id=f"{name}-message", className="fg-card-message", role="status"),
            html.Div(_skeleton(height), className="fg-card-skeleton"),
            html.Div(content, className="fg-card-content"),
        ],
        id=name,
        className="fg-card fg-is-loading",
    )
    return marked(frame, aria_labelledby=f"{name}-title", data_extra=class_name)


def empty_message(why: str, reset: str = "") -> Component:
    """Why there is nothing to see, and a way back where `reset` is one."""
    back = [dcc.Link("Reset filters", href=reset, className="fg-button")] if reset else []
    if not back:
        return html.Div([icon("circle-dashed", 16), html.P(why)], className="fg-message fg-message-short")
    return html.Div([icon("filter", 24), html.P(why), *back], className="fg-message")


def first_source_message(why: str) -> Component:
    """Nothing has come in at all: the way on is to connect a source. Told in full once a page."""
    to_connect = dcc.Link("Connect your first source", href="/connect", className="fg-button")
    short = html.P("No source has sent anything yet.", className="fg-first-short")
    return html.Div([icon("plug", 28), html.P(why), to_connect, short], className="fg-message fg-message-first")


def error_message(name: str, what: str) -> Component:
    """What failed, that it is tried again, and a button to try at once."""
    return html.Div(
        [
            icon("database-off", 28),
            html.P([html.Strong(what), " It is tried again every few seconds."]),
            html.Button("Retry now", id={"retry": name}, className="fg-button", type="button", n_clicks=0),
        ],
        className="fg-message fg-message-error",
    )


def stale_message() -> Component:
    """Old values are on show because this question was not answered."""
    return html.Div(
        [icon("clock", 14), "The store did not answer this: these are the last known values."],
        className="fg-stale-note",
    )


def waiting_message() -> Component:
    """The store is away; the banner says so for all cards."""
    return html.P("Waiting for the store", className="fg-waiting")


def _skeleton(height: int) -> list[Component]:
    return [
        dmc.Skeleton(height=height, radius="sm"),
        html.Div(["This takes longer than it should. ", html.A("Reload the page", href="")], className="fg-slow-note"),
    ]


def chart_frame(label: str, chart: Any, rows_id: str = "") -> html.Div:
    """A chart with its role and label; with `rows_id` the same data stands below as a table to open."""
    drawn = html.Div(chart, role="img", className="fg-chart", tabIndex=0)  # a phone scrolls it, by keyboard too
    children: list[Component] = [marked(drawn, aria_label=label)]
    if rows_id:
        children.append(
            html.Details(
                [html.Summary("View as table"), table_view(None, label, rows_id)],
                className="fg-as-table",
            )
        )
    return html.Div(children)


def table_view(content: Any, label: str, name: str = "") -> html.Div:
    """The place of a table that may be wider or longer than its card: scrolled by keyboard too."""
    named: dict[str, Any] = {"id": name} if name else {}
    frame = html.Div(content, className="fg-table-view", tabIndex=0, role="region", **named)
    return marked(frame, aria_label=f"Table: {label}")


def plain_table(headings: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> html.Table:
    """A plain table; texts that look like numbers are right-aligned, and so is the heading of such a column."""
    looks = [_column_class([row[index] for row in rows]) for index in range(len(headings))]
    heads = [html.Th(in_zone(text), scope="col", className=look) for text, look in zip(headings, looks, strict=True)]
    return html.Table(
        [
            html.Caption(caption, className="fg-hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody(
                [html.Tr([html.Td(c, className=look) for c, look in zip(row, looks, strict=True)]) for row in rows]
            ),
        ],
        className="fg-table",
    )


_NUMBER = r"[−+$]?\d[\d,.]*"
_QUANTITY = re.compile(rf"{_NUMBER}(\s?(%|×|ms|s|min|h|d|[A-Z]{{3}}|calls/[hd]|of|[–/+]|{_NUMBER}))*")


def _column_class(cells: Sequence[Any]) -> str:
    """Numbers stand right, under each other; times and codes such as “503 upstream” are text."""
    known = [text for cell in cells if (text := _text(cell))]
    return "fg-number" if known and all(text == NONE or _QUANTITY.fullmatch(text) for text in known) else ""


def _text(cell: Any) -> str:
    inner = getattr(cell, "children", cell)
    return inner if isinstance(inner, str) else ""
