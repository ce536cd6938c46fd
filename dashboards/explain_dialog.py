"""The one dialog that explains a figure: asked for by a click on any mark, filled by one callback of the app."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from dashboards.address import Address, parse
from dashboards.components.attributes import marked
from dashboards.components.icons import icon
from dashboards.filling import checked_text
from dashboards.interface_lanes import PATH as INTERFACES
from dashboards.interface_lanes import window
from dashboards.pinned import compared, pin_link
from dashboards.reading import Unanswered
from dashboards.scope import Desk, NothingYet, Scope
from dashboards.shell_news import server_now
from dashboards.sla_facts import weeks_shown
from dashboards.spend_book import SpendDesk
from dashboards.spend_period import SpendScope
from metrics.commands.wording import moment
from metrics.explaining.answer import Explanation, Query, declared, explained, only_now
from metrics.explaining.asked import Asked, Target
from metrics.explaining.catalogue import Figure, figures

DIALOG: Final = "explain"
ASKED: Final = "explain-asked"


class Question(BaseModel):
    """What the mark that was clicked says: its figure and the value that stands beside it; `at` tells clicks apart."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    figure: Annotated[str, Field(max_length=80)]
    said: Annotated[str, Field(max_length=200)] = ""
    at: float = 0.0


class Clearance:
    """What who asks may be told: figures of the pages that open for them, and queries where they may see those."""

    def __init__(
        self, opens: Callable[[str], bool] = lambda _page: True, sees_queries: Callable[[], bool] = lambda: True
    ) -> None:
        self.opens = opens
        self.sees_queries = sees_queries


def explain_dialog() -> list[Component]:
    """The dialog, closed and empty, and where a click puts its question. The page's own script opens and closes it."""
    close = marked(
        html.Button(icon("x", 18), className="fg-explain-close", type="button"), aria_label="Close", data_close=DIALOG
    )
    head = html.Div([html.H2(id=f"{DIALOG}-title"), close], className="fg-explain-head")
    content = [head, html.Div(id=f"{DIALOG}-told", role="status")]
    dialog = marked(html.Dialog(content, id=DIALOG, className="fg-explain-dialog"), aria_labelledby=f"{DIALOG}-title")
    return [dcc.Store(id=ASKED), dialog]


def register_explaining(app: Dash, desk: Desk, clearance: Clearance, now: Callable[[], int] = server_now) -> None:
    """The callback of the dialog."""

    @app.callback(
        Output(f"{DIALOG}-title", "children"),
        Output(f"{DIALOG}-told", "children"),
        Input(ASKED, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def explain(asked: Any, search: Any) -> tuple[str, Any]:
        question = checked_question(asked)
        found = figures().get(question.figure)
        if found is None or not clearance.opens(found.page):
            return "Not explained", html.P("There is no such figure, or your role does not open its page.")
        return found.said.name, answered(desk, found, question, parse(checked_text(search)), clearance, now())


def checked_question(value: Any) -> Question:
    """A question that came from a browser; anything else is refused with 400."""
    try:
        return Question.model_validate(value)
    except ValidationError as problem:
        raise BadRequest("this callback takes the name of a figure") from problem


def answered(
    desk: Desk, figure: Figure, question: Question, address: Address, clearance: Clearance, now: int
) -> html.Div:
    """The content of the dialog; without the store, what is declared."""
    with_text = clearance.sees_queries()
    own = SpendDesk(desk.reader) if figure.page == "/spend" else desk
    try:
        scope = own.scope(address)
        asked = asked_of(figure, scope)
        told = explained(figure, desk.reader, asked, now, with_text=with_text)
    except (Unanswered, NothingYet) as problem:
        told = declared(figure, None, with_text=with_text)
        return _content(told, [_paragraph(str(problem))], with_text)
    return _content(told, _link(figure, question, scope), with_text)


def asked_of(figure: Figure, scope: Scope) -> Asked:
    """The scope of a page as what is asked of a figure."""
    address = scope.address
    targets = tuple(
        Target(sla.title, sla.target, sla.calendar, sla.objective, sla.source)
        for name, sla in scope.view.slas.items()
        if address.sla in ("", name)
    )
    shown = {name: value for name, value in address.model_dump(exclude_defaults=True).items() if isinstance(value, str)}
    return Asked(
        scope.size.process, scope.view.title, address.facility, address.department, scope.since, scope.as_of,
        scope.days, address.time == "net", targets, address.sla, shown | own_values(figure, scope),
    )  # fmt: skip


def own_values(figure: Figure, scope: Scope) -> dict[str, str]:
    """Values of parameters in which a page or figure differs from the scope."""
    if isinstance(scope, SpendScope):
        return {"before": moment(scope.before)}
    if figure.page == INTERFACES:
        return {"since": moment(window(scope))}
    if figure.name == "weeks":
        return {"days": str(weeks_shown(scope))}
    own = scope.address.period is None and figure.page == "/sla"
    return {"days": "the window of each objective"} if own else {}


def _link(figure: Figure, question: Question, scope: Scope) -> list[Component]:
    """The link that brings the number back, or why none can; and how it stands to the one of the link in use."""
    said = compared(figure, question.said, scope.address)
    if why := only_now(figure):
        return [_paragraph(why), *map(_paragraph, said)]
    words = (
        "The same page, as of the same instant. Where late or corrected events change the number, the page tells "
        "both values."
    )
    link = html.A("Link to this number", href=pin_link(figure, question.said, scope), className="fg-button")
    return [*map(_paragraph, said), html.P(words), link]


def _content(told: Explanation, linked: list[Component], with_text: bool) -> html.Div:
    parts: list[Component] = []
    for section in told.sections:
        parts += [html.H3(section.heading), *map(_paragraph, section.sentences)]
    if linked:
        parts += [html.H3("The same number tomorrow"), *linked]
    if told.queries:
        parts += [html.H3("How it is asked for"), *map(_query, told.queries)]
    if told.queries and not with_text:
        parts.append(_paragraph("The text of queries is not for your role."))
    return html.Div(parts, className="fg-explained")


def _paragraph(text: str) -> html.P:
    return html.P(text)


def _query(query: Query) -> Component:
    values = [part for name, value in query.parameters for part in (html.Dt(name), html.Dd(value))]
    listed = html.Dl(values, className="fg-explained-values")
    if not query.text:
        return html.Div([html.Code(query.name), listed])
    text = marked(html.Pre(query.text, tabIndex=0, role="region"), aria_label=f"Text of the query {query.name}")
    return html.Details([html.Summary(html.Code(query.name)), listed, text])
