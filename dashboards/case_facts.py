"""What the Case page shows: rows of the case's queries turned into facts, figures and grid rows."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from dash import dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.components.cards import plain_table
from dashboards.figures.case_timeline import case_timeline
from dashboards.figures.clock_bars import clock_bars
from dashboards.filling import Empty, Request
from dashboards.money_words import amount_words
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, duration, exact_moment, humanised, moment, status_word
from metrics.queries.rows import (
    CaseClock,
    CaseHeader,
    CaseMilestone,
    CaseTrace,
)

TICKS_BETWEEN = 3
SHOWN = frozenset(("facility", "department", "owner", "amount", "currency"))  # attributes that have a fact of their own


def case_key(request: Request) -> dict[str, str]:
    """Process and case id of the URL; raises Empty without one. Ticks come through every third time only."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    if not request.scope.address.id:
        raise Empty("No case is chosen. Find one with the search field, or open one from any list.")
    return {"process": request.scope.size.process, "case_id": request.scope.address.id}


def fill_header(reader: Reader, request: Request) -> list[Any]:
    """The facts of the case."""
    key = case_key(request)
    found = reader.rows("case_header", CaseHeader, **key)
    if not found:
        raise Empty(f"The process {request.scope.view.title} has no case {key['case_id']}.")
    clocks = reader.rows("case_clocks", CaseClock, **key)
    return [header_facts(found[0], clocks, request.scope)]


def header_facts(case: CaseHeader, clocks: Sequence[CaseClock], scope: Scope) -> Component:
    """Status, state, owner, money and times of one case."""
    statuses = {clock.status for clock in clocks}
    worst = next((status for status in ("breached", "at_risk", "paused", "running", "met") if status in statuses), "")
    end = case.last_us if case.status == "closed" else scope.as_of
    waits = humanised(case.outcome) if case.status == "closed" else scope.view.state_title(case.state)
    attributes = msgspec.json.decode(case.attributes or "{}", type=dict[str, Any])
    facts: list[tuple[str, Any]] = [
        ("Process", scope.view.title),
        ("Status", html.Span(status_word(case.status), className=f"fg-status-cell fg-status-{case.status}")),
        (
            "SLA",
            html.Span(status_word(worst), className=f"fg-status-cell fg-status-{worst}") if worst else "No SLA clock",
        ),
        (
            "Outcome" if case.status == "closed" else "Waits in",
            waits if case.status == "closed" else f"{waits}, for {duration(scope.as_of - case.state_since_us)}",
        ),
        ("Age", f"{duration(end - case.first_us)} since {moment(case.first_us)}"),
        ("Facility", humanised(case.facility) or NONE),
        ("Department", humanised(case.department) or NONE),
        ("Owner", humanised(case.owner) or NONE),
        ("Amount", amount_words(case.amount, case.currency, NONE)),
        ("Events", f"{count(case.events)}, revision {case.revision}, definition {case.definition_version}"),
        *((humanised(name), value_words(value)) for name, value in attributes.items() if name not in SHOWN),
        (
            "Same order of activities",
            dcc.Link(
                "open its variant",
                href=scope.address.link("/process", process=case.process, variant=case.variant, period=0),
                className="fg-link",
            ),
        ),
    ]
    if not scope.view.defined:  # a log knows neither states nor owners: dashes would only be noise
        facts = [(name, value) for name, value in facts if value != NONE and name != "Waits in"]
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="fg-case-facts")


def value_words(value: Any) -> str:
    """An attribute's value: a code like it_hardware as words, everything else as it was sent."""
    text = str(value)
    return humanised(text) if re.fullmatch("[a-z]+(_[a-z]+)*", text) else text


def fill_timeline(reader: Reader, request: Request) -> list[Any]:
    """The dual timeline and its table."""
    key = case_key(request)
    milestones = reader.rows("case_milestones", CaseMilestone, **key)
    if not milestones:
        raise Empty("No milestone has been reached yet.")
    traces = reader.rows("case_traces", CaseTrace, **key)
    title = request.scope.view.milestone_title
    figure = case_timeline(milestones, traces, title)
    rows = [(title(m.milestone), exact_moment(m.first_us), exact_moment(m.last_us), count(m.count)) for m in milestones]
    table = (
        no_update
        if request.ticked
        else plain_table(("Milestone", "First", "Last", "Times"), rows, "Milestones of the case")
    )
    return [figure, table]


def fill_clocks(reader: Reader, request: Request) -> list[Any]:
    """The clock bars and their table."""
    clocks = reader.rows("case_clocks", CaseClock, **case_key(request))
    if not clocks:
        raise Empty(
            "No SLA clock has started in this case." if request.scope.view.slas else "This process has no SLAs."
        )
    scope = request.scope
    title = scope.view.sla_title
    figure = clock_bars(clocks, scope.as_of, scope.address.time == "net", title)
    rows = [
        (
            title(c.sla),
            status_word(c.status),
            moment(c.started_us),
            moment(c.stopped_us),
            moment(c.deadline_us),
            duration(c.net_us if c.stopped_us is not None else None),
            duration(c.gross_us if c.stopped_us is not None else None),
            duration(c.target_us),
        )
        for c in clocks
    ]
    heads = ("SLA", "Status", "Started", "Stopped", "Deadline", "Net", "Gross", "Target")
    return [figure, no_update if request.ticked else plain_table(heads, rows, "SLA clocks of the case")]
