"""What the Case page shows: rows of the case's queries turned into facts, figures and grid rows."""

from collections.abc import Sequence
from typing import Any

import msgspec
from dash import dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.components.cards import plain_table
from dashboards.components.grids import sized
from dashboards.figures.case_timeline import case_timeline
from dashboards.figures.clock_bars import clock_bars
from dashboards.figures.waterfall import ordered, waterfall
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, duration, exact_moment, humanised, moment, status_word
from metrics.queries.rows import CaseClock, CaseEvent, CaseHeader, CaseHistory, CaseMilestone, CaseObject, CaseTrace, TraceSpan

TICKS_BETWEEN = 3


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
    facts = [
        ("Process", scope.view.title),
        ("Status", html.Span(status_word(case.status), className=f"fg-status-cell fg-status-{case.status}")),
        ("SLA", html.Span(status_word(worst), className=f"fg-status-cell fg-status-{worst}") if worst else "No SLA clock"),
        ("Outcome" if case.status == "closed" else "Waits in", waits if case.status == "closed" else f"{waits}, for {duration(scope.as_of - case.state_since_us)}"),
        ("Age", f"{duration(end - case.first_us)} since {moment(case.first_us)}"),
        ("Facility", humanised(case.facility) or NONE),
        ("Department", humanised(case.department) or NONE),
        ("Owner", humanised(case.owner) or NONE),
        ("Amount", f"{float(case.amount):,.2f} {case.currency}" if case.amount else NONE),
        ("Events", f"{count(case.events)}, revision {case.revision}, definition {case.definition_version}"),
        *((humanised(name), str(value)) for name, value in attributes.items()),
        ("Same order of activities", dcc.Link("open its variant", href=scope.address.link("/process", process=case.process, variant=case.variant, period=0), className="fg-link")),
    ]
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="fg-case-facts")


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
    table = no_update if request.ticked else plain_table(("Milestone", "First", "Last", "Times"), rows, "Milestones of the case")
    return [figure, table]


def fill_clocks(reader: Reader, request: Request) -> list[Any]:
    """The clock bars and their table."""
    clocks = reader.rows("case_clocks", CaseClock, **case_key(request))
    if not clocks:
        raise Empty("No SLA clock has started in this case." if request.scope.view.slas else "This process has no SLAs.")
    scope = request.scope
    title = scope.view.sla_title
    figure = clock_bars(clocks, scope.as_of, scope.address.time == "net", title)
    rows = [(title(c.sla), status_word(c.status), moment(c.started_us), moment(c.stopped_us), moment(c.deadline_us), duration(c.net_us), duration(c.gross_us), duration(c.target_us)) for c in clocks]
    heads = ("SLA", "Status", "Started", "Stopped", "Deadline", "Net", "Gross", "Target")
    return [figure, no_update if request.ticked else plain_table(heads, rows, "SLA clocks of the case")]


def fill_traces(reader: Reader, request: Request) -> list[Any]:
    """Rows of the trace list, with the gap since everything before had ended."""
    traces = reader.rows("case_traces", CaseTrace, **case_key(request))
    if not traces:
        raise Empty("No trace is linked to this case.")
    return sized(trace_rows(traces, request.scope), 7)


def trace_rows(traces: Sequence[CaseTrace], scope: Scope) -> list[dict[str, Any]]:
    """Ready-to-show rows in order of start."""
    rows, ended = [], 0
    for trace in traces:
        gap = trace.start_us - ended if ended else None
        ended = max(ended, trace.start_us + trace.lasts_us)
        rows.append({
            "key": trace.trace_id, "what": ", ".join(trace.interfaces) or trace.trace_id[:16], "href": "/case" + scope.address.with_(trace=trace.trace_id).search(),
            "start": exact_moment(trace.start_us)[:-4], "gap": NONE if gap is None else duration(gap) if gap > 0 else "overlaps", "lasts": duration(trace.lasts_us),
            "spans": count(trace.spans), "errors": count(trace.errors), "services": ", ".join(trace.services), "carriers": ", ".join(trace.carriers),
            "proof": f"{scope.view.activity_title(trace.activity)} ({trace.proof[:8]})" if trace.activity else trace.proof[:16],
        })  # fmt: skip
    return rows


def fill_waterfall(reader: Reader, request: Request) -> list[Any]:
    """The chosen trace (or the first one with an error, or the first) with its business banner."""
    key = case_key(request)
    if request.ticked:
        raise PreventUpdate
    traces = reader.rows("case_traces", CaseTrace, **key)
    wanted = request.scope.address.trace
    chosen = next((t for t in traces if t.trace_id == wanted), None) or next((t for t in traces if t.errors), None) or (traces[0] if traces else None)
    if chosen is None:
        raise Empty("No trace is linked to this case.")
    spans = reader.rows("trace_spans", TraceSpan, trace=chosen.trace_id)
    if not spans:
        raise Empty("The spans of this trace are no longer kept.")
    rows = [(f"{'· ' * line.depth}{line.span.service} {line.span.name}", line.span.kind, line.span.interface or NONE, duration(line.span.lasts_us), line.span.status, line.span.status_message) for line in ordered(spans)]
    table = plain_table(("Span", "Kind", "Interface", "Took", "Status", "Message"), rows, "Spans of the trace")
    return [waterfall(spans), trace_banner(chosen, traces, request.scope), table]


def trace_banner(chosen: CaseTrace, traces: Sequence[CaseTrace], scope: Scope) -> list[Component]:
    """What the trace did for the business, and how it is known to belong to the case."""
    place = [trace.trace_id for trace in traces].index(chosen.trace_id) + 1
    did = f"It brought “{scope.view.activity_title(chosen.activity)}”" if chosen.activity else "It names objects of this case"
    links = f"linked by {', '.join(chosen.carriers)} (proof {chosen.proof[:16]})"
    failed = f", {count(chosen.errors)} of {count(chosen.spans)} spans failed" if chosen.errors else ""
    return [html.Strong(f"Trace {place} of {len(traces)}"), html.Span(f"{did} for {scope.address.id}; {links}{failed}."), html.Code(chosen.trace_id)]


def fill_objects(reader: Reader, request: Request) -> list[Any]:
    """Rows of the related objects."""
    objects = reader.rows("case_objects", CaseObject, **case_key(request))
    if not objects:
        raise Empty("No object is linked to this case.")
    view = request.scope.view
    return sized([
        {
            "key": f"{o.object_type}|{o.object_id}|{o.via_id}", "object": f"{humanised(o.object_type)} {o.object_id}",
            "via": "is the case itself" if o.via_id == o.object_id else f"{humanised(o.via_type)} {o.via_id}",
            "proof": f"{view.activity_title(o.activity) if o.activity else 'event'} ({o.event_id[:8]})", "time": moment(o.time_us) if o.activity else NONE,
        }
        for o in objects
    ], 7)  # fmt: skip


def fill_events(reader: Reader, request: Request) -> list[Any]:
    """Rows of the event list."""
    events = reader.rows("case_events", CaseEvent, **case_key(request))
    if not events:
        raise Empty("No event is folded into this case.")
    view = request.scope.view
    return sized([
        {
            "key": e.event_id, "time": exact_moment(e.time_us)[:-4], "activity": view.activity_title(e.activity), "objects": e.objects or NONE, "actor": e.actor or NONE,
            "amount": f"{float(e.amount):,.2f} {e.currency}" if e.amount else "", "source": e.source, "trace": e.trace_id[:12], "event": e.event_id[:12], "attributes": e.attributes if e.attributes != "{}" else "",
        }
        for e in events
    ], 12)  # fmt: skip


def fill_history(reader: Reader, request: Request) -> list[Any]:
    """Rows of the history."""
    history = reader.rows("case_history", CaseHistory, **case_key(request))
    if not history:
        raise Empty("Nothing came late and nothing was restated.")
    return sized([{"key": str(index), "noticed": moment(row.noticed_us), "what": history_words(row, request.scope), "event": row.event_id[:12]} for index, row in enumerate(history)], 7)


def history_words(row: CaseHistory, scope: Scope) -> str:
    """One row of the history as a sentence."""
    if row.kind == "late":
        return f"An event of {moment(row.about_us)} came late"
    clock = scope.view.sla_title(row.clock)
    if row.kind == "restated":
        return f"{clock}: {status_word(row.old_status)} became {status_word(row.new_status)}, {duration(row.old_net_us)} became {duration(row.new_net_us)} ({humanised(row.cause).lower()})"
    return f"{clock}: {status_word(row.new_status)} at {moment(row.about_us)}, decided by {'an event' if row.cause == 'event' else 'the passing of time'}"
