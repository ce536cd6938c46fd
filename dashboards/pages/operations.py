"""Operations: what is stuck, in which stage, behind which interface, and which cases run out next."""

from dash import Dash, Output, html

from dashboards.address import Address
from dashboards.board import BOARD, fill_board
from dashboards.components.cards import card
from dashboards.components.controls import case_controls, page_head, time_switch
from dashboards.components.grids import due_columns, grid
from dashboards.components.leaves import leaf_outputs
from dashboards.components.tiles import TILES, tile
from dashboards.due import fill_due
from dashboards.filling import fill_card
from dashboards.headline import fill_tiles
from dashboards.held_up import CARD as HELD
from dashboards.held_up import fill_held, held_card
from dashboards.page import Page
from dashboards.restated import register_restated, restated_card
from dashboards.scope import Desk
from dashboards.since_yesterday import register_yesterday, yesterday_card

_TILES = ("open", "breached", "at_risk", "attainment", "faults", "unlinked")


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    tiles = html.Div([tile(name) for name in _TILES], className="fg-tiles")
    return html.Div(
        [
            page_head("Operations", [*case_controls(address), time_switch(address)]),
            card("tiles", "Key figures", tiles, height=112, class_name="bare"),
            yesterday_card(),
            held_card(),
            card(
                "stages",
                "Stages and the interfaces that serve them",
                html.Div(id=BOARD),
                height=330,
            ),
            card(
                "due",
                "Next to breach",
                grid("due-grid", due_columns(), "Clocks by time to breach"),
                height=320,
            ),
            restated_card("restated"),
        ]
    )


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of the three cards."""
    fill_card(app, desk, TILES, leaf_outputs(TILES), lambda request: fill_tiles(desk.reader, request))
    board = [Output(BOARD, "children"), *leaf_outputs("stages")]
    fill_card(app, desk, "stages", board, lambda request: fill_board(desk.reader, request))
    fill_card(app, desk, "due", [Output("due-grid", "rowData")], lambda request: fill_due(desk.reader, request))
    fill_card(app, desk, HELD, [Output("held-table", "children")], lambda request: fill_held(desk.reader, request))
    register_yesterday(app, desk)
    register_restated(app, desk, "restated", ("sla", "cases"))


PAGE = Page("/", "Operations", "activity-heartbeat", 10, layout, register)
