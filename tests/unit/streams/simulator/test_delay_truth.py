"""What the delay ledger makes of the spans is what the simulator did: calls, waits for retries, and queues."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Told
from opentelemetry.proto.trace.v1.trace_pb2 import Status, TracesData

from metrics.delay.calls import Span, call_claims
from metrics.delay.sweep import divide
from metrics.words import MINUTE
from streams.simulator.carriers import Carrier
from streams.simulator.interfaces import INTERFACES, deliver, redelivery_delay
from streams.simulator.step_trace import StepTrace
from streams.simulator.tracing import SeededIds, SpanBatch, SpanRecorder

from .conftest import Played

Stretch = tuple[int, int]
PUBLISH = 8_000


def spans_of(batches: Iterable[SpanBatch]) -> list[Span]:
    """The spans as sent, read with the classes of the protocol."""
    found = []
    for batch in batches:
        for resource in TracesData.FromString(batch.payload).resource_spans:
            service = next(one.value.string_value for one in resource.resource.attributes if one.key == "service.name")
            found += [_span(one, service) for scope in resource.scope_spans for one in scope.spans]
    return found


def _span(one: Told, service: str) -> Span:
    said = {pair.key: pair.value.string_value for pair in one.attributes}
    return Span(
        one.trace_id.hex(), one.span_id.hex(), one.parent_span_id.hex(), service, one.name,
        Told.SpanKind.Name(one.kind).removeprefix("SPAN_KIND_").lower(), said.get("flowglass.interface", ""),
        one.start_time_unix_nano // 1000, one.end_time_unix_nano // 1000, one.status.code == Status.STATUS_CODE_ERROR,
        0, tuple(link.trace_id.hex() for link in one.links),
    )  # fmt: skip


def length(stretches: list[Stretch]) -> int:
    """Microseconds that at least one of them covers."""
    total, reached = 0, -(1 << 62)
    for start, stop in sorted(stretches):
        total += max(0, stop - max(start, reached))
        reached = max(reached, stop)
    return total


def truth_of(travel: Mapping[str, Any], published: bool) -> tuple[int, int, dict[str, int]]:
    """When a message set out and arrived, and what it spent in which part, from the deliveries alone."""
    deliveries, began = travel["deliveries"], travel["began"]
    first, last = deliveries[0][0], deliveries[-1][1]
    active = [(start, stop) for *_, made in deliveries for start, stop, _ in made]
    active += [(start, stop) for start, stop, made in deliveries if not made]
    active += [(began, began + PUBLISH)] if published else []
    start = began if published else first
    queue = max(0, first - began - PUBLISH) if published else 0
    interface = length(active)
    parts = {"interface": interface, "queue": queue, "retry": last - start - interface - queue}
    return start, last, {part: lasts for part, lasts in parts.items() if lasts}


def kept(start: int, stop: int, spans: list[Span]) -> dict[str, int]:
    """What the ledger says of the same stretch."""
    parts: dict[str, int] = defaultdict(int)
    for one in divide(start, stop, call_claims(spans)):
        parts[one.part] += one.lasts
    return parts


def test_interface_and_retry_times_are_those_of_the_simulated_deliveries(harsh: Played) -> None:
    spans = defaultdict(list)
    for span in spans_of(batch for batch in harsh.batches if batch.partition == 0):
        spans[span.trace_id].append(span)
    travels = {
        one["trace"]: one["travel"] for one in harsh.of("trace") if one["carrier"] not in ("span_link", "derived")
    }
    compared = retried = 0
    for trace_id, travel in travels.items():
        own = spans.get(trace_id, [])
        if own and travel["deliveries"]:
            start, stop, wanted = truth_of(travel, any(span.kind == "producer" for span in own))
            assert kept(start, stop, own) == wanted, travel
            compared, retried = compared + 1, retried + ("retry" in wanted)
    assert compared > 300
    assert retried > 10


@pytest.mark.parametrize("carrier", [Carrier("traceparent", on_event=True), Carrier("span_link", linked=True)])
def test_a_slow_queue_and_redeliveries_are_told_apart(carrier: Carrier) -> None:
    batches: list[SpanBatch] = []
    recorder, rng = SpanRecorder(SeededIds("queue"), 1, 10_000, batches.append), Random(3)
    interface = INTERFACES["workday_to_identity"]
    trace = StepTrace(recorder, interface, carrier, None, 1_000_000_000)
    at = 1_000_000_000 + 40 * MINUTE
    for blocked in (503, 504, 0):
        delivery = deliver(interface, at, rng, blocked)
        trace.delivered(delivery)
        at = delivery.end + redelivery_delay(1, rng)
    recorder.flush()
    start, stop, wanted = truth_of(trace.travel, True)
    assert wanted["queue"] == 40 * MINUTE - PUBLISH
    assert wanted["retry"] > 4 * MINUTE
    assert kept(start, stop, spans_of(batches)) == wanted
