"""The detail of one exception of data quality as a tree: facts, who says what, proof, history, cases, commands."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.components.cards import plain_table, table_view
from dashboards.quality_words import KINDS, state_look
from dashboards.scope import Desk, Scope
from dashboards.shown import in_zone
from dashboards.wording import count, humanised, second_moment, status_word
from metrics.queries.data_quality_rows import ProofEvent, TouchedCase
from metrics.queries.quality_rows import FindingEntry

STEPS = {"open": "Opened", "healed": "Healed by what came later", "withdrawn": "Withdrawn: it never was one"}
SHOWN_CASES = 8


class Detail(NamedTuple):
    """What is known of one exception; `events` are the proofs, `objects` (type, id) lead to the cases."""

    title: str
    kind: str
    status: str
    sentence: str
    facts: Sequence[tuple[str, Any]]
    said: Sequence[Sequence[Any]] = ()
    steps: Sequence[list[Component]] = ()
    events: tuple[str, ...] = ()
    objects: tuple[tuple[str, str], ...] = ()
    commands: tuple[str, ...] = ()


def panel(
    found: Detail, proofs: Sequence[ProofEvent], cases: Sequence[TouchedCase], desk: Desk, scope: Scope
) -> Component:
    """The detail as a tree."""
    look, word = state_look(found.status, found.kind)
    facts = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in found.facts if value not in ("", None)]
    head = ("Step", "Rows or events", "Money") if found.kind == "file" else ("System", "Object", "Says", "Since (UTC)")
    title = "Totals from source to store" if found.kind == "file" else "Who says what"
    parts = [
        html.Div(
            [
                html.Strong(found.title),
                html.Span(KINDS[found.kind].single, className="fg-chip"),
                html.Span(word, className=f"fg-status-cell fg-status-{look}"),
            ],
            className="fg-detail-head",
        ),
        html.P(found.sentence, className="fg-detail-text"),
        html.Dl(facts, className="fg-case-facts"),
    ]
    parts += section(title, plain_table(head, found.said, title)) if found.said else []
    parts += section("Proof (UTC)", html.Ul([proof_line(one) for one in proofs])) if proofs else []
    parts += section("History (UTC)", html.Ul([html.Li(step) for step in found.steps])) if found.steps else []
    parts += section(f"Cases ({count(cases[0].total)})", case_table(cases, desk, scope)) if cases else []
    parts += on_the_command_line(found.commands)
    return html.Div(parts)


def on_the_command_line(commands: Sequence[str]) -> list[Component]:
    """The commands that act on what is shown."""
    return section("On the command line", html.Pre("\n".join(commands), className="fg-typed")) if commands else []


def section(title: str, content: Component) -> list[Component]:
    """A heading and what stands under it."""
    return [html.H3(in_zone(title), className="fg-detail-title"), table_view(content, in_zone(title))]


def proof_line(one: ProofEvent) -> Component:
    """The event that proves an exception, with its position in the source."""
    place = f"{one.source}, {one.origin} at position {one.position}, event {one.event_id}"
    return html.Li(
        [
            html.Span(second_moment(one.time_us), className="fg-when"),
            html.Div([humanised(one.type), html.Small(place)]),
        ]
    )


def case_table(cases: Sequence[TouchedCase], desk: Desk, scope: Scope) -> Component:
    """The cases behind an exception; each opens."""
    rows = [
        (
            dcc.Link(
                case.case_id,
                href="/case" + Address(process=case.process, id=case.case_id).search(),
                className="fg-link",
            ),
            desk.view(case.process).title,
            humanised(case.state) if case.status == "closed" else desk.view(case.process).state_title(case.state),
            html.Span(
                status_word(case.sla or case.status), className=f"fg-status-cell fg-status-{case.sla or case.status}"
            ),
        )
        for case in cases[:SHOWN_CASES]
    ]
    return plain_table(("Case", "Process", "Waits in", "SLA"), rows, "Cases")


def step_line(step: FindingEntry) -> list[Component]:
    """One step of a finding's history in words."""
    what = STEPS.get(step.what) or step.what.capitalize() + (f" to {step.owner}" if step.owner else "")
    told: list[Any] = [f"{what}{f' by {step.actor}' if step.actor else ''}", html.Small(step.comment)]
    return [html.Span(second_moment(step.at_us), className="fg-when"), html.Div(told)]
