"""Any-id search: what a pasted id belongs to, and where to go from it."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboards.address import Address, parse
from dashboards.filling import checked_text
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk
from metrics.privacy.opened import names_of
from metrics.queries.rows import Found
from metrics.settings import read_settings

CASES = "/cases"
"""Who may open this page may search."""


def register_search(app: Dash, desk: Desk) -> None:
    """Enter in the search field opens the case, or the list of cases."""

    @app.callback(
        Output("url", "href"),
        Output("search-note", "children"),
        Input("search", "n_submit"),
        State("search", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def go(_submitted: Any, text: Any, search: Any) -> Any:
        wanted = checked_text(text).strip()[:400]
        if not wanted:
            return no_update, ""
        try:
            return destination(find(desk.reader, wanted), wanted, parse(checked_text(search)))
        except Unanswered as problem:
            return no_update, str(problem)


def find(reader: Reader, text: str, names: Callable[[str], list[str]] | None = None) -> list[Found]:
    """The cases to which an id belongs, directly or through objects, events, traces or spans; exact matches first.

    People are looked for by their real numbers too, where the keys of privacy are at hand.
    """
    called = (names or _stored_names)(text)
    return [row for name in called for row in reader.rows("find", Found, text=name, trace=name.lower())]


def _stored_names(text: str) -> list[str]:
    return names_of(read_settings(), text)


def destination(found: list[Found], wanted: str, address: Address) -> tuple[Any, str]:
    """The URL for what was found, and a note when there is none."""
    cases = {(row.process, row.case_id) for row in found}
    if not cases:
        return no_update, f"Nothing is known by the id “{wanted[:60]}”."
    if len(cases) == 1:
        ((process, case_id),) = cases
        trace = next((row.found_id for row in found if row.kind == "trace"), "")
        return "/case" + Address(process=process, id=case_id, trace=trace, time=address.time).search(), ""
    known = wanted if any(row.found_id == wanted for row in found) else found[0].found_id  # no real number in a URL
    return CASES + Address(q=known, time=address.time).search(), ""
