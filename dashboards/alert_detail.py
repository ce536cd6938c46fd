"""One alert: what it is about, its cases, why it went out or did not, and the commands that act on it."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.alert_form import which_hidden
from dashboards.alert_lists import Shown, cause_words, let_through, look, read_alerts, taken_words, title
from dashboards.components.cards import plain_table
from dashboards.filling import Empty, Request
from dashboards.quality_panel import on_the_command_line, section
from dashboards.scope import Desk
from dashboards.wording import count, deed_words, exact_moment, humanised, inline, moment, second_moment
from metrics.alerts.condition import money
from metrics.alerts.links import page
from metrics.alerts.rows import HistoryLine, StoredMember

SHOWN_CASES, SHOWN_LINES = 10, 40


def fill_alert(desk: Desk, request: Request) -> list[Any]:
    """The chosen alert, or the first of the list, and what of the form is hidden. A tick leaves it alone."""
    if request.ticked:
        raise PreventUpdate
    reader, address = desk.reader, request.scope.address
    found = read_alerts(reader, request.scope)
    listed = let_through(found, address)
    wanted = address.alert
    one = next((each for each in found if each.alert.id == wanted), None) if wanted else next(iter(listed), None)
    if one is None:
        raise Empty("This alert is no longer there." if wanted else "No alert is chosen: nothing fires.")
    members = reader.rows("alert_members", StoredMember, alert=one.alert.id, limit=SHOWN_CASES)
    lines = reader.rows("alert_history", HistoryLine, alert=one.alert.id)
    hidden = which_hidden(one, desk.alert_hand)
    commands_too = commands(one.alert.id) if desk.alert_hand is None else []
    return [panel(one, members, desk), more(one, members, lines, commands_too, desk), one.alert.id, *hidden]


def panel(one: Shown, members: Sequence[StoredMember], desk: Desk) -> Component:
    """What it is about."""
    status, word = look(one)
    known = [*fact_list(one, desk), ("Escalates to", escalation(one, members, desk))]
    facts = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in known if value]
    head = [
        html.Strong(title(one.alert, desk)),
        html.Span(word, className=f"fg-status-cell fg-status-{status}"),
        *([html.Span("Simulated", className="fg-chip")] if one.alert.identity.simulated else []),
    ]
    told = html.P(one.alert.detail, className="fg-detail-text")
    return html.Div([html.Div(head, className="fg-detail-head"), told, html.Dl(facts, className="fg-case-facts")])


def more(
    one: Shown, members: Sequence[StoredMember], lines: Sequence[HistoryLine], commands: Sequence[str], desk: Desk
) -> Component:
    """Its cases, what happened to it, and how to act where the page has no buttons."""
    parts: list[Component] = []
    parts += section(f"Cases ({count(one.alert.count)})", case_table(members, desk)) if members else []
    link = dcc.Link("Open what is behind it", href=page(one.alert), className="fg-button fg-small")
    parts += [html.P(link, className="fg-detail-text")]
    shown = list(lines)[-SHOWN_LINES:][::-1]
    parts += (
        section("Why it went out or did not (UTC)", html.Ul([html.Li(line(each)) for each in shown])) if shown else []
    )
    parts += on_the_command_line(commands)
    return html.Div(parts)


def fact_list(one: Shown, desk: Desk) -> list[tuple[str, str]]:
    """What is known of an alert."""
    alert, identity, standing = one.alert, one.alert.identity, one.standing
    return [
        ("Process", desk.view(identity.process).title if identity.process else ""),
        (humanised(identity.cause_kind) or "Cause", cause_words(alert, desk)),
        ("Owner", humanised(identity.owner)),
        ("Assigned to", standing.assignee),
        ("Acknowledged by", taken_words(one) if standing.acknowledged_by else ""),
        ("Silence", one.silence),
        ("Holds since", exact_moment(alert.since)),
        ("Fired", exact_moment(alert.fired) if alert.fired else "Not yet"),
        ("Resolved", exact_moment(alert.resolved) if alert.resolved else ""),
        ("At most", count(alert.peak)),
        ("Amount", money(alert.amounts)),
        ("Not told because", alert.muted and humanised(alert.muted)),
    ]


def escalation(one: Shown, members: Sequence[StoredMember], desk: Desk) -> str:
    """Who is told next unless somebody takes it, as the definition says of its SLAs, else of its process."""
    alert, identity = one.alert, one.alert.identity
    if not identity.process or alert.status != "firing" or one.standing.acknowledged_by:
        return ""
    view = desk.view(identity.process)
    slas = {identity.cause} if identity.cause_kind == "objective" else {row.sla for row in members} or {""}
    return "; ".join(sorted({view.escalation_of(sla) for sla in slas} - {""}))


def case_table(members: Sequence[StoredMember], desk: Desk) -> Component:
    """The first cases behind an alert, those that are it no longer at the end; each opens."""
    rows = [
        (
            dcc.Link(
                row.case_id, href="/case" + Address(process=row.process, id=row.case_id).search(), className="fg-link"
            ),
            desk.view(row.process).state_title(row.stage) if row.left_us is None else f"Left at {moment(row.left_us)}",
            desk.view(row.process).sla_title(row.sla) if row.sla else "",
        )
        for row in members
    ]
    return plain_table(("Case", "Waits in", "SLA"), rows, "Cases behind the alert")


def line(one: HistoryLine) -> list[Component]:
    """One thing that happened, in words."""
    who = f": {one.receiver}" if one.receiver else ""
    message = "Message " + inline(one.code) if one.what == "message" else deed_words(one.code)
    told: list[Any] = [f"{message}{who}", html.Small(one.detail)]
    return [html.Span(second_moment(one.at_us), className="fg-when"), html.Div(told)]


def commands(alert: str) -> list[str]:
    """What to type to act on an alert."""
    return [
        f"flowglass alerts ack {alert} -m 'I take it'",
        f"flowglass alerts assign {alert} NAME",
        f"flowglass alerts comment {alert} 'TEXT'",
        f"flowglass alerts why {alert}",
    ]
