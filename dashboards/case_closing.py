"""Closing a case by hand from its page: who may, the form, and the event that it sends."""

from collections.abc import Callable
from typing import Any, Final

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboards.address import parse
from dashboards.case_facts import case_key
from dashboards.components.cards import card
from dashboards.filling import Empty, Request, checked_count, checked_text, fill_card
from dashboards.hand import Hand
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk, NothingYet
from metrics.closing import LONGEST_REASON, closing
from metrics.queries.closing_rows import Closable

CARD: Final = "case-closing"
ABOUT: Final = (
    "For a case that no event will ever end. Its clocks stop without a verdict, and it counts as closed by hand. "
    "Should something happen in it after all, it opens again."
)
NOT_HERE: Final = "Cases are closed on the command line here: flowglass case close PROCESS ID --reason “…”."
HISTORY: Final = "The feed still sends its history: close cases once it is through."
SENT: Final = "It is being closed: the page shows it within seconds."


def closing_card() -> html.Section:
    """The form, loading."""
    reason = dmc.TextInput(
        id="case-closing-reason",
        label="Why",
        placeholder="Entered twice, …",
        description="Stored as written: name no people.",
        inputProps={"maxLength": LONGEST_REASON},
        size="sm",
        w=420,
    )
    button = html.Button("Close this case", id="case-closing-button", className="fg-button", type="button", n_clicks=0)
    note = html.P(id="case-closing-note", className="fg-lead", role="status")
    return card(CARD, "Close by hand", html.Div([reason, button, note]), height=90, about=ABOUT)


def register_closing(app: Dash, desk: Desk, hand: Hand | None, now: Callable[[], int]) -> None:
    """The callbacks of the card and of its button."""
    outputs = [Output("case-closing-button", "disabled")]
    fill_card(app, desk, CARD, outputs, lambda request: fill_closing(desk.reader, hand, request))

    @app.callback(
        Output("case-closing-note", "children"),
        Output("case-closing-reason", "value"),
        Input("case-closing-button", "n_clicks"),
        State("case-closing-reason", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def close(clicks: Any, reason: Any, search: Any) -> Any:
        if not checked_count(clicks):
            return no_update, no_update
        told = close_case(desk, hand, checked_text(search), checked_text(reason), now())
        return told, "" if told == SENT else no_update


def fill_closing(reader: Reader, hand: Hand | None, request: Request) -> list[Any]:
    """Whether the button is off; raises Empty with the reason when this case can't be closed here."""
    key = case_key(request)
    if hand is None:
        raise Empty(NOT_HERE)
    if not hand.who():
        raise Empty("Your role does not close cases.")
    if problem := _problem(reader.rows("case_closing", Closable, **key)):
        raise Empty(problem)
    return [False]


def close_case(desk: Desk, hand: Hand | None, search: str, reason: str, wall: int) -> str:
    """Send the closing of the address's case; what came of it, in a sentence.

    What may be closed is asked of what the person sees, and nothing is sent that the audit log does not hold.
    """
    who = hand.who() if hand else ""
    if hand is None or not who:
        return "Your role does not close cases." if hand else NOT_HERE
    address = parse(search)
    try:
        process = desk.scope(address).size.process
        found = desk.reader.rows("case_closing", Closable, process=process, case_id=address.id)
        if problem := _problem(found):
            return problem
        case = found[0]
        try:
            event = closing(
                process, (case.case_type, address.id), at=case.present(wall), feed=case.feed, actor=who, reason=reason,
                simulated=bool(case.simulated),
            )  # fmt: skip
        except ValueError:
            return f"Say why, in at most {LONGEST_REASON} signs."
        hand.note("closed by hand", f"{process}/{address.id}: {event.attributes['closing_reason']}")
    except (Unanswered, NothingYet) as problem:
        return str(problem)
    try:
        hand.send(event)
    except Exception:  # whatever the broker's client raises: the person must learn that nothing happened
        return "The broker did not take it: the case is not closed. Try again."
    return SENT


def _problem(found: list[Closable]) -> str:
    if not found:
        return "There is no such case."
    if found[0].status == "closed":
        return "This case has ended."
    return HISTORY if found[0].phase == "backfill" else ""
