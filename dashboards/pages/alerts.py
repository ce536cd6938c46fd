"""Alerts: one for each cause with all its cases, who takes care, and why each went out or did not."""

from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from dashboards.address import Address, parse
from dashboards.alert_detail import fill_alert
from dashboards.alert_form import DONE, PARTS, alert_form, done_store, register_form
from dashboards.alert_lists import CARD, STATES, fill_list, fill_tiles, read_alerts, tile_row
from dashboards.browser_side import in_browser
from dashboards.components.cards import card
from dashboards.components.controls import choice, page_head
from dashboards.components.grids import LINES, STATUS, VERY_WIDE, WIDE, cell, column, grid, number, sized_outputs, when
from dashboards.components.leaves import leaf_outputs
from dashboards.filling import checked_text, fill_card
from dashboards.page import Page
from dashboards.reading import Unanswered
from dashboards.scope import Desk, NothingYet
from dashboards.wording import humanised


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    controls = [choice(address, "holder", "Owner", width=190), choice(address, "state", "State", STATES, width=190)]
    controls[-1].placeholder = "Not over"
    columns = [
        column("case", "Alert", cellRenderer="FlowglassLink", minWidth=118, flex=3, tooltipField="detail"),
        column("process", "Process", minWidth=140, **VERY_WIDE),
        cell("count", "Behind it", minWidth=72, maxWidth=110),
        number("money", "Amount", minWidth=130, **VERY_WIDE),
        column("owner", "Owner", minWidth=150, flex=2, **WIDE),
        when("since", "Since (UTC)", **VERY_WIDE),
        column("taken", "Acknowledged (UTC)", minWidth=160, **LINES, **WIDE),
        STATUS | {"sortable": False, "minWidth": 104},
    ]
    listed = grid("alerts-grid", columns, "Alerts", height=444)
    about = html.Div(
        [
            card("alerts", "By cause", listed, height=420),
            card("alert", "In detail", _detail(), height=420),
        ],
        className="fg-master",
    )
    return html.Div(
        [
            page_head("Alerts", controls),
            card(CARD, "Key figures", tile_row(), height=112, class_name="bare"),
            about,
            done_store(),
        ]
    )


def _detail() -> html.Div:
    parts = [html.Div(id="alert-panel"), alert_form(), html.Div(id="alert-more")]
    return html.Div(parts, className="fg-detail")


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of the cards and of the filter."""
    done = [Input(DONE, "data")]
    fill_card(app, desk, CARD, leaf_outputs(CARD), partial(fill_tiles, desk.reader), done)
    fill_card(app, desk, "alerts", sized_outputs("alerts-grid"), partial(fill_list, desk), done)
    panel = [Output("alert-panel", "children"), Output("alert-more", "children"), Output("alert-panel", "data-alert")]
    hidden = [Output(part, "hidden") for part in PARTS]
    fill_card(app, desk, "alert", [*panel, *hidden], partial(fill_alert, desk), done)
    register_form(app, desk)
    shown = Output("alert-panel", "data-shown")
    in_browser(app, "reveal", shown, Input("alert-panel", "children"), State("url", "search"), first_call=False)
    app.callback(Output({"control": "holder"}, "data"), Input("url", "search"))(
        lambda search: owners(desk, checked_text(search))
    )


def owners(desk: Desk, search: str) -> Any:
    """Who owns the alerts of the last week, or has them."""
    try:
        found = read_alerts(desk.reader, desk.scope(parse(search)))
    except (Unanswered, NothingYet):
        return no_update
    names = {name for one in found for name in (one.alert.identity.owner, one.standing.assignee) if name}
    return [{"value": name, "label": humanised(name)} for name in sorted(names)]


PAGE = Page("/alerts", "Alerts", "alert-circle", 44, layout, register)
