"""The buttons beside an alert: who takes care, what is said about it, and when it is quiet."""

from typing import Any, Final

import dash_mantine_components as dmc
import structlog
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from werkzeug.exceptions import Forbidden

from dashboards.address import parse
from dashboards.alert_hand import LONGEST_NAME, LONGEST_WORDS, SILENCES, AlertHand, Refused, Wanted, act
from dashboards.alert_lists import Shown
from dashboards.filling import checked_count, checked_text
from dashboards.reading import Unanswered
from dashboards.scope import Desk, NothingYet

DONE: Final = "alert-done"
"""The store that changes with each deed: cards that show it are read anew."""
BUTTONS: Final = ("acknowledge", "unacknowledge", "assign", "comment", "silence", "unsilence")
PARTS: Final = ("alert-form", "alert-acknowledge", "alert-unacknowledge", "alert-quiet", "alert-unsilence")
"""What is hidden by turns, in the order of `which_hidden`."""
AWAY: Final = "The store did not take it: nothing has changed. Try again."
LOG = structlog.get_logger(__name__)


def alert_form() -> Component:
    """The form, hidden until an alert is on show that the person who asks may act on."""
    words = dmc.TextInput(
        id="alert-words",
        label="Comment",
        placeholder="What you know, or what you do about it",
        description="Goes with whatever you press. Stored as written: name no people.",
        inputProps={"maxLength": LONGEST_WORDS},
        size="sm",
    )
    whom = dmc.TextInput(
        id="alert-whom",
        placeholder="You",
        size="xs",
        w=130,
        inputProps={"maxLength": LONGEST_NAME, "aria-label": "Whom"},
    )
    last = dmc.Select(
        id="alert-last",
        data=[{"value": key, "label": text} for key, (text, _) in SILENCES.items()],
        value="4h",
        size="xs",
        w=100,
        allowDeselect=False,
        comboboxProps={"withinPortal": True},
        **{"aria-label": "For how long"},
    )
    taking = [_button("acknowledge", "Acknowledge", "fg-main"), _button("unacknowledge", "Give back")]
    quiet = html.Span([last, _button("silence", "Silence")], id="alert-quiet", className="fg-joined")
    rows = [
        html.Div([*taking, _button("comment", "Comment")], className="fg-joined"),
        html.Span([whom, _button("assign", "Assign")], className="fg-joined"),
        quiet,
        _button("unsilence", "End the silence"),
    ]
    return html.Div(
        [words, html.Div(rows, className="fg-deeds"), html.P(id="alert-note", className="fg-note", role="status")],
        id="alert-form",
        className="fg-alert-form",
        hidden=True,
    )


def _button(name: str, text: str, look: str = "") -> html.Button:
    return html.Button(text, id=f"alert-{name}", className=f"fg-button {look}".strip(), type="button", n_clicks=0)


def done_store() -> dcc.Store:
    """Stands outside of the cards, which are filled anew when it changes."""
    return dcc.Store(id=DONE)


def which_hidden(one: Shown, hand: AlertHand | None) -> list[bool]:
    """Whether each of PARTS is hidden for this alert and who asks."""
    taken, firing = bool(one.standing.acknowledged_by), one.alert.status == "firing"
    shown = {
        "alert-form": hand is not None and bool(hand.who()) and one.alert.status != "resolved",
        "alert-acknowledge": firing and not taken,
        "alert-unacknowledge": taken,
        "alert-quiet": not one.silence,
        "alert-unsilence": bool(one.silence),
    }
    return [not shown[part] for part in PARTS]


def register_form(app: Dash, desk: Desk) -> None:
    """A callback for each button.

    Presses of one callback that come close together reach the server as one, so two deeds must not share it.
    """
    for deed in BUTTONS:
        _register_deed(app, desk, deed)


def _register_deed(app: Dash, desk: Desk, deed: str) -> None:
    @app.callback(
        Output("alert-note", "children", allow_duplicate=True),
        Output("alert-words", "value", allow_duplicate=True),
        Output(DONE, "data", allow_duplicate=True),
        Input(f"alert-{deed}", "n_clicks"),
        State("alert-words", "value"),
        State("alert-whom", "value"),
        State("alert-last", "value"),
        State("alert-panel", "data-alert"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def pressed(told: Any, *texts: Any) -> Any:
        clicks = checked_count(told)
        if not clicks:
            return no_update, no_update, no_update
        words, whom, last, shown, search = (checked_text(value) for value in texts)
        said, done = answer(desk, search, shown, Wanted(deed, words, whom, last))
        return (said, "", f"{shown} {deed} {clicks}") if done else (said, no_update, no_update)


def answer(desk: Desk, search: str, shown: str, wanted: Wanted) -> tuple[str, bool]:
    """What came of a button, and whether anything was done; 403 for those who may not.

    `shown`: the alert in the panel, which is the first of the list where the address names none.
    """
    hand = desk.alert_hand
    if hand is None or not hand.who():
        raise Forbidden("your role does not act on alerts")
    try:
        desk.scope(parse(search))
        return act(desk.reader, hand, shown, wanted), True
    except (Refused, Unanswered, NothingYet) as problem:
        return str(problem), False
    except Exception as problem:  # whatever the store's client raises: the person must learn that nothing happened
        LOG.warning("alert_deed_not_stored", deed=wanted.deed, problem=str(problem)[:2000])
        return AWAY, False
