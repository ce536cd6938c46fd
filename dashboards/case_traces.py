"""The traces of a case: the list with its gaps, and the spans of the one that is chosen."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.case_facts import case_key
from dashboards.components.cards import plain_table
from dashboards.components.grids import sized
from dashboards.figures.waterfall import ordered, waterfall
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, duration, interface_words, second_moment
from metrics.queries.rows import CaseTrace, TraceSpan


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
        rows.append(
            {
                "key": trace.trace_id,
                "what": ", ".join(map(interface_words, trace.interfaces)) or trace.trace_id[:16],
                "href": "/case" + scope.address.with_(trace=trace.trace_id).search(),
                "start": second_moment(trace.start_us),
                "gap": NONE if gap is None else duration(gap) if gap > 0 else "overlaps",
                "lasts": duration(trace.lasts_us),
                "spans": count(trace.spans),
                "errors": count(trace.errors),
                "services": ", ".join(trace.services),
                "carriers": ", ".join(trace.carriers),
                "proof": f"{scope.view.activity_title(trace.activity)} ({trace.proof[:8]})"
                if trace.activity
                else trace.proof,
            }
        )
    return rows


def fill_waterfall(reader: Reader, request: Request) -> list[Any]:
    """The chosen trace (or the first one with an error, or the first) with its business banner."""
    key = case_key(request)
    if request.ticked:
        raise PreventUpdate
    traces = reader.rows("case_traces", CaseTrace, **key)
    wanted = request.scope.address.trace
    chosen = (
        next((t for t in traces if t.trace_id == wanted), None)
        or next((t for t in traces if t.errors), None)
        or (traces[0] if traces else None)
    )
    if chosen is None:
        raise Empty("No trace is linked to this case.")
    spans = reader.rows("trace_spans", TraceSpan, trace=chosen.trace_id)
    if not spans:
        raise Empty("The spans of this trace are no longer kept.")
    rows = [
        (
            f"{'· ' * line.depth}{line.span.service} {line.span.name}",
            line.span.kind,
            interface_words(line.span.interface) or NONE,
            duration(line.span.lasts_us),
            line.span.status,
            line.span.status_message,
        )
        for line in ordered(spans)
    ]
    table = plain_table(("Span", "Kind", "Interface", "Took", "Status", "Message"), rows, "Spans of the trace")
    return [waterfall(spans), trace_banner(chosen, traces, request.scope), table]


def trace_banner(chosen: CaseTrace, traces: Sequence[CaseTrace], scope: Scope) -> list[Component]:
    """What the trace did for the business, and how it is known to belong to the case."""
    place = [trace.trace_id for trace in traces].index(chosen.trace_id) + 1
    did = (
        f"It brought “{scope.view.activity_title(chosen.activity)}”"
        if chosen.activity
        else "It names objects of this case"
    )
    links = f"linked by {', '.join(chosen.carriers)} (proof {chosen.proof[:16]})"
    failed = f", {count(chosen.errors)} of {count(chosen.spans)} spans failed" if chosen.errors else ""
    return [
        html.Strong(f"Trace {place} of {len(traces)}"),
        html.Span(f"{did} for {scope.address.id}; {links}{failed}."),
        *(
            dcc.Link(
                interface_words(name), href="/integrations" + Address(interface=name).search(), className="fg-link"
            )
            for name in chosen.interfaces
        ),
        html.Code(chosen.trace_id),
    ]
