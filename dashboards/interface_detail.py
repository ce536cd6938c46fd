"""One interface: how its calls went, which of them failed, and which cases, SLAs and money hang on it."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import plain_table
from dashboards.domains import Domains
from dashboards.figures.interface_hours import interface_hours
from dashboards.filling import Empty, Request
from dashboards.interface_health import operation_section
from dashboards.interface_history import history_parts
from dashboards.interface_lanes import LOOKS, Interface, ends_words, money, rate, read_interfaces, window
from dashboards.interface_lists import NO_CALLS, case_list
from dashboards.money_words import amount_words
from dashboards.quality_panel import section
from dashboards.scope import Desk, Scope
from dashboards.shown import shown
from dashboards.wording import DAY, NONE, change, count, duration, exact_moment, moment, percent, status_word
from metrics.queries.interface_rows import (
    InterfaceClock,
    InterfaceFailure,
    InterfaceFlow,
    InterfaceHour,
    InterfaceSystem,
)
from metrics.sla.steps import step_starts

SHOWN_FAILURES = 12


def fill_interface(desk: Desk, domains: Domains, request: Request) -> list[Any]:
    """The chosen interface, or the one in most trouble: its facts, its chart, and what hangs on it.

    A tick leaves it alone: it is read when it is opened.
    """
    if request.ticked:
        raise PreventUpdate
    scope, reader = request.scope, desk.reader
    found = read_interfaces(reader, scope)
    if not found:
        raise Empty(NO_CALLS)
    name = scope.address.interface
    one = next((each for each in found if each.name == name), None) if name else found[0]
    if one is None:
        raise Empty(f"The interface “{name}” has not been called in the last week.")
    since = window(scope)
    kind = one.flow.kind if one.flow else "client"
    step = 3600 if one.days == 1 else 6 * 3600
    asked = {"interface": one.name, "since": since}
    starts = step_starts(since, since + (one.days + 1) * DAY, step // 3600, shown().zone)
    hours = reader.rows("interface_hours", InterfaceHour, **asked, kind=kind, starts=starts)
    failures = reader.rows("interface_failures", InterfaceFailure, **asked)
    clocks = reader.rows("interface_clocks", InterfaceClock, **asked)
    systems = reader.rows("interface_systems", InterfaceSystem, since=since, **domains.source_parameters)
    chart = interface_hours(hours, since, since + one.days * DAY, step)
    hangs = html.Div([*case_section(one, desk, scope), *clock_section(clocks, one, desk, scope)])
    ends = {domains.system_of(one.caller), domains.system_of(one.called)}
    operations = operation_section(reader, one.name, since, scope.as_of)
    at_ends = [row for row in systems if row.system in ends]
    history = history_parts(desk, scope, one.name)
    return [head(one, at_ends, domains), chart, hangs, failure_table(failures, scope), operations, *history]


def head(one: Interface, systems: Sequence[InterfaceSystem], domains: Domains) -> list[Component]:
    """Name, standing, who calls whom, and the facts."""
    tone, word = one.standing
    facts = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in fact_list(one, systems, domains) if value]
    return [
        html.Div(
            [
                html.Strong(one.title, title=one.name),
                html.Span(word, className=f"fg-status-cell fg-status-{LOOKS[tone]}"),
            ],
            className="fg-detail-head",
        ),
        html.P(ends_words(one, domains, via=True), className="fg-detail-text"),
        html.Dl(facts, className="fg-case-facts"),
    ]


def fact_list(one: Interface, systems: Sequence[InterfaceSystem], domains: Domains) -> list[tuple[str, str]]:
    """The figures of an interface against the window before, and what its two systems have open."""
    told = [(row, domains.system_title(row.system)) for row in systems]
    at_ends = [
        ("Dead letters", ", ".join(f"{count(row.dead)} of {name}" for row, name in told if row.dead)),
        ("Contract breaches", ", ".join(f"{count(row.breaches)} of {name}" for row, name in told if row.breaches)),
        ("Shown late or never", ", ".join(f"{count(row.missed)} by {name}" for row, name in told if row.missed)),
    ]
    return [*call_facts(one.flow, one.days), ("Last call", exact_moment(one.last_us)), *at_ends]


def call_facts(flow: InterfaceFlow | None, days: int) -> list[tuple[str, str]]:
    """Rate, failures, retries and latency."""
    if flow is None:
        return [("Calls", "None in the window")]
    before = flow.errors_before / flow.calls_before if flow.calls_before else None
    was = f" (before: {percent(before)})" if before is not None else ""
    slow = f" (before: {duration(flow.p95_before_us)})" if flow.calls_before else ""
    moved = change(flow.calls, flow.calls_before)
    return [
        ("Calls", f"{count(flow.calls)} ({moved})" if flow.calls_before else count(flow.calls)),
        ("Rate", rate(flow.calls, days)),
        ("Failed", f"{count(flow.errors)}, {percent(flow.errors / flow.calls)}{was}"),
        ("Retries", count(flow.retries)),
        ("Median", duration(flow.median_us)),
        ("95th percentile", f"{duration(flow.p95_us)}{slow}"),
    ]


def case_section(one: Interface, desk: Desk, scope: Scope) -> list[Component]:
    """The cases behind an interface by process, each number with its list."""
    if not one.impact:
        return section("Cases behind it", html.P("No trace of these calls touches a case.", className="fg-lead"))
    rows = [
        (
            desk.view(row.process).title,
            _to(count(row.cases), case_list(row.process, one.name, scope.address, "")),
            _to(count(row.open), case_list(row.process, one.name, scope.address, "open")),
            _to(count(row.breached), case_list(row.process, one.name, scope.address, "breached"))
            if row.breached
            else NONE,
            _to(count(row.at_risk), case_list(row.process, one.name, scope.address, "at_risk"))
            if row.at_risk
            else NONE,
            money([row]),
        )
        for row in one.impact
    ]
    heads = ("Process", "Cases", "Open", "Breached", "At risk", "Amount of the cases")
    return section("Cases behind it", plain_table(heads, rows, "Cases behind the interface"))


def _to(text: str, href: str) -> dcc.Link:
    return dcc.Link(text, href=href, className="fg-link fg-number")


def clock_section(clocks: Sequence[InterfaceClock], one: Interface, desk: Desk, scope: Scope) -> list[Component]:
    """The SLA clocks of those cases, the breached first."""
    if not clocks:
        return []
    rows = [
        (
            dcc.Link(
                desk.view(row.process).sla_title(row.sla),
                href="/sla" + Address(process=row.process, sla=row.sla).search(),
                className="fg-link",
            ),
            count(row.breached),
            count(row.at_risk),
            count(row.running),
            count(row.met),
        )
        for row in clocks[:8]
    ]
    return section(
        "Their SLA clocks", plain_table(("SLA", "Breached", "At risk", "Running", "Met"), rows, "SLA clocks")
    )


def failure_table(failures: Sequence[InterfaceFailure], scope: Scope) -> Component:
    """The newest failed calls, each with the case that its trace touches."""
    if not failures:
        return html.P("No call failed in the window.", className="fg-lead")
    rows = [
        (
            moment(row.start_us),
            f"{row.service} {row.name}",
            row.status_message or "error",
            duration(row.lasts_us),
            dcc.Link(
                row.case_id,
                href="/case" + Address(process=row.process, id=row.case_id, trace=row.trace_id).search(),
                className="fg-link",
            )
            if row.case_id
            else html.Span("no case", className="fg-unit"),
            html.Span(status_word(row.status), className=f"fg-status-cell fg-status-{row.status}")
            if row.status
            else "",
            amount_words(row.amount, row.currency),
        )
        for row in failures[:SHOWN_FAILURES]
    ]
    heads = ("Time (UTC)", "Call", "Message", "Took", "Case", "SLA", "Amount")
    return plain_table(heads, rows, "Failed calls of the interface")
