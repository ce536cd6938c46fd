"""What lies beyond single calls: retries, queues, contract versions, approvals, suppliers, completion, propagation."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import plain_table
from dashboards.domains import Domains
from dashboards.filling import Request
from dashboards.interface_lanes import window
from dashboards.quality_panel import section
from dashboards.reading import Reader
from dashboards.scope import Desk
from dashboards.wording import MINUTE, NONE, count, duration, humanised, moment, percent
from metrics.health.drift import Spoken
from metrics.health.health import read_operations, read_spoken, read_suppliers
from metrics.health.policy import Verdict
from metrics.health.sums import queues
from metrics.health.window import read_calls
from metrics.queries.health_rows import ApprovalStep, Completion, QueueWait, SupplierClock
from metrics.queries.quality_rows import HopLatency
from metrics.settings import read_settings

MOST_ROWS = 20


def operation_section(reader: Reader, interface: str, since: int, as_of: int) -> list[Component]:
    """The operations of one interface with their percentiles, and whether its retries fit its criticality."""
    found = read_operations(reader, since, _whole_minutes(as_of), read_settings().definitions, interface)
    if not found:
        return []
    rows = [
        (
            one.operation,
            count(one.calls),
            percent(one.errors / one.calls),
            duration(one.median_us),
            duration(one.p95_us),
            duration(one.p99_us),
            count(one.retries),
            f"{duration(one.shortest_wait_us)} – {duration(one.longest_wait_us)}" if one.retries else NONE,
            count(one.given_up),
            policy_words(verdict),
        )
        for one, verdict in found[:MOST_ROWS]
    ]
    heads = ("Operation", "Calls", "Failed", "Median", "p95", "p99", "Retries", "Waits", "Given up", "Retry policy")
    return section("Operations and retries", plain_table(heads, rows, "Operations of the interface"))


def policy_words(verdict: Verdict) -> Any:
    """The verdict on retries, with the criticality that it was measured by."""
    if verdict.fits is None:
        return f"{humanised(verdict.level)}: nothing failed"
    look, words = ("met", "fits") if verdict.fits else ("breached", "; ".join(verdict.faults))
    return html.Span(f"{humanised(verdict.level)}: {words}", className=f"fg-status-cell fg-status-{look}")


def fill_health(desk: Desk, domains: Domains, request: Request) -> list[Any]:
    """All sections. A tick leaves them alone."""
    if request.ticked:
        raise PreventUpdate
    scope, reader, definitions = request.scope, desk.reader, read_settings().definitions
    since, as_of = window(scope), _whole_minutes(scope.as_of)
    calls = read_calls(reader, since, as_of, definitions, scope.address.interface)
    parts = [
        *queue_section(queues(calls), scope.address),
        *version_section(read_spoken(reader, since, as_of, definitions)),
        *approval_section(reader.rows("health_approvals", ApprovalStep, since=since)),
        *supplier_section(read_suppliers(reader, since), desk),
        *completion_section(reader.rows("health_completion", Completion, since=since), desk),
        *propagation_section(reader.rows("quality_latency", HopLatency), domains),
    ]
    return [parts]


def _whole_minutes(us: int) -> int:
    """So that open pages share an answer."""
    return us // MINUTE * MINUTE


def _some(title: str, heads: Sequence[str], rows: Sequence[tuple[Any, ...]], nothing: str) -> list[Component]:
    shown = rows[:MOST_ROWS]
    more = f", {len(shown)} of {count(len(rows))} shown" if len(rows) > len(shown) else ""
    return section(title + more, plain_table(heads, shown, title) if rows else html.P(nothing, className="fg-lead"))


def queue_section(queues: Sequence[QueueWait], address: Address) -> list[Component]:
    """How long messages wait between sender and taker."""
    rows = [
        (
            dcc.Link(
                q.interface, href="/integrations" + address.with_(interface=q.interface).search(), className="fg-link"
            ),
            count(q.messages),
            count(q.waiting),
            duration(q.median_us),
            duration(q.p95_us),
            duration(q.longest_us),
        )
        for q in sorted(queues, key=lambda q: (-q.p95_us, q.interface))
    ]
    heads = ("Interface", "Messages", "Not taken yet", "Median wait", "p95", "Longest")
    return _some("Lag in queues", heads, rows, "No producer's span was seen in the window.")


def version_section(told: Sequence[Spoken]) -> list[Component]:
    """Sources that do not speak the newest contract."""
    drifting = [one for one in told if one.drift]
    rows = [
        (
            one.source,
            one.stem,
            ", ".join(f"v{version}: {count(events)}, last {moment(last)}" for version, events, last in one.versions),
            one.drift,
        )
        for one in drifting
    ]
    title = f"Contract versions: {count(len(drifting))} of {count(len(told))} drift"
    return _some(title, ("Source", "Type", "Versions", "Drift"), rows, "Every source speaks the newest contract.")


def approval_section(steps: Sequence[ApprovalStep]) -> list[Component]:
    """Approval time by step and approver."""
    rows = [
        (
            one.step or NONE,
            one.approver or NONE,
            count(one.asked),
            count(one.decided),
            count(one.refused),
            duration(one.median_us) if one.decided else NONE,
            duration(one.p90_us) if one.decided else NONE,
        )
        for one in steps
    ]
    heads = ("Step", "Approver", "Asked", "Decided", "Refused", "Median", "90th pct.")
    return _some("Approval steps", heads, rows, "No approval step was asked for in the window.")


def supplier_section(clocks: Sequence[SupplierClock], desk: Desk) -> list[Component]:
    """What suppliers took to confirm and deliver, and how much of it in time."""
    rows = [
        (
            dcc.Link(one.supplier, href="/cases" + Address(q=one.supplier).search(), className="fg-link"),
            desk.view(one.process).sla_title(one.sla),
            count(one.clocks),
            percent(one.met / one.clocks),
            duration(one.median_us) if one.clocks > one.open else NONE,
            duration(one.p90_us) if one.clocks > one.open else NONE,
            count(one.open),
        )
        for one in clocks
    ]
    heads = ("Supplier", "Waited for", "Cases", "On time", "Median", "90th pct.", "Overdue still")
    return _some("Suppliers", heads, rows, "No clock that measures a supplier was decided in the window.")


def completion_section(found: Sequence[Completion], desk: Desk) -> list[Component]:
    """How many of the cases that began in the window have ended, and how."""
    rows = [
        (
            desk.view(one.process).title,
            dcc.Link(
                count(one.begun), href="/cases" + Address(process=one.process).search(), className="fg-link fg-number"
            ),
            dcc.Link(
                count(one.ended),
                href="/cases" + Address(process=one.process, list="closed").search(),
                className="fg-link fg-number",
            ),
            percent(one.ended / one.begun),
            ", ".join(f"{humanised(name)} {count(n)}" for name, n in zip(one.outcomes, one.counts, strict=True))
            or NONE,
        )
        for one in found
    ]
    heads = ("Process", "Begun in the window", "Of these ended", "Share", "Outcomes")
    return _some("Completion", heads, rows, "No case began in the window.")


def propagation_section(hops: Sequence[HopLatency], domains: Domains) -> list[Component]:
    """How long changes of systems of record take to their targets, against what their domain accepts."""
    rows = [
        (
            f"{domains.system_title(hop.system)} → {domains.system_title(hop.target)}",
            f"{humanised(hop.subject_type)}: {humanised(hop.field_group).lower()}",
            count(hop.changes),
            duration(hop.median_us),
            duration(hop.p90_us),
            duration(hop.accepted_us),
            percent(hop.share_within),
        )
        for hop in sorted(hops, key=lambda hop: (hop.share_within if hop.share_within is not None else 2.0, hop.system))
    ]
    heads = ("From → to", "What", "Changes", "Median", "90th pct.", "Accepted", "Within")
    return _some("Propagation of changes", heads, rows, "No change that others must show was seen.")
