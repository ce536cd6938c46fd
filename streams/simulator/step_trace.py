"""The trace of one step: what the producer, the hub and the target each record of its deliveries."""

from typing import Any

from opentelemetry.trace import Link, SpanContext, SpanKind

from streams.simulator.carriers import Carrier
from streams.simulator.interfaces import HUB, Call, Delivery, Interface
from streams.simulator.tracing import UNSET, Attributes, SpanRecorder, failed

_PUBLISH = 8_000
_REASONS = {0: "no answer", 401: "credential expired", 429: "too many requests", 503: "unavailable", 504: "timed out"}


class StepTrace:
    """Records the spans of one step as its deliveries go by.

    ``context`` is the producer's root span: what the event's `traceparent` names.
    ``seen``: at least one span is recorded.
    ``travelled``: what became of the message, in order; one that the hub dropped is a delivery without calls.
    ``consumer`` is the root of the consumer's own trace when the carrier is a span link, else None.
    """

    def __init__(
        self, recorder: SpanRecorder, interface: Interface, carrier: Carrier, trace_id: int | None, at: int
    ) -> None:
        self._recorder = recorder
        self._interface = interface
        self._carrier = carrier
        self._origin = at
        self.context = recorder.context(trace_id)
        self.consumer: SpanContext | None = None
        self.seen = False
        self.travelled: list[Delivery] = []

    @property
    def travel(self) -> dict[str, Any]:
        """What became of the message, for the truth: when it set out, and the calls of each delivery; microseconds."""
        calls = [[[call.start, call.end, call.status] for call in one.calls] for one in self.travelled]
        told = [[one.start, one.end, made] for one, made in zip(self.travelled, calls, strict=True)]
        return {"interface": self._interface.name, "began": self._origin, "deliveries": told}

    @property
    def trace_ids(self) -> tuple[str, ...]:
        """The producer's trace id and, where there is one, the consumer's, in hex."""
        own = f"{self.context.trace_id:032x}"
        return (own,) if self.consumer is None else (own, f"{self.consumer.trace_id:032x}")

    def delivered(self, delivery: Delivery) -> None:
        """Record one delivery, failed or not."""
        self.travelled.append(delivery)
        parent = self._receive(delivery.start, delivery.end, "" if delivery.succeeded else "delivery failed")
        for call in delivery.calls:
            self._call(parent, call)

    def lost(self, at: int, reason: str) -> None:
        """Record that the hub took the message at `at` and dropped it."""
        self.travelled.append(Delivery(at, at + 4 * _PUBLISH, ()))
        self._receive(at, at + 4 * _PUBLISH, reason)

    def _receive(self, start: int, end: int, error: str) -> SpanContext:
        """The span below which the calls go: the hub's, or for a direct interface the producer's own."""
        status = failed(error) if error else UNSET
        if not self._interface.queued and not self._carrier.linked:
            return self._direct(start, end, error)
        self._publish()
        name = f"{self._interface.name} process"
        attributes = {"flowglass.interface": self._interface.name, **(self._carrier.consumer or {})}
        if self._carrier.linked:
            first = self.consumer is None
            context = self._recorder.context(None if self.consumer is None else self.consumer.trace_id)
            parent = self.consumer
            self.consumer = self.consumer or context
            links = (Link(self.context),) if first else ()
            self._recorder.record(context, HUB, name, SpanKind.CONSUMER, start, end, parent, attributes, status, links)
            return context
        context = self._recorder.context(self.context.trace_id)
        self._recorder.record(context, HUB, name, SpanKind.CONSUMER, start, end, self.context, attributes, status)
        return context

    def _publish(self) -> None:
        if self.seen:
            return
        self.seen = True
        attributes = {"flowglass.interface": self._interface.name, **(self._carrier.root or {})}
        end = self._origin + _PUBLISH
        name = f"{self._interface.name} publish"
        self._recorder.record(
            self.context, self._interface.producer, name, SpanKind.PRODUCER, self._origin, end, None, attributes
        )

    def _direct(self, start: int, end: int, error: str) -> SpanContext:
        status = failed(error) if error else UNSET
        attributes = {
            "flowglass.interface": self._interface.name,
            **(self._carrier.root or {}),
            **(self._carrier.consumer or {}),
        }
        first = not self.seen
        self.seen = True
        context = self.context if first else self._recorder.context(self.context.trace_id)
        self._recorder.record(
            context,
            self._interface.producer,
            self._interface.name,
            SpanKind.INTERNAL,
            start,
            end,
            None if first else self.context,
            attributes,
            status,
        )
        return context

    def _call(self, parent: SpanContext, call: Call) -> None:
        """One HTTP call: the caller's span and, where the target answered, the target's."""
        caller = HUB if self._interface.queued else self._interface.producer
        status = UNSET if call.status == 200 else failed(_REASONS[call.status])
        context = self._recorder.context(parent.trace_id)
        code = {"http.response.status_code": call.status}
        named: Attributes = {"flowglass.interface": self._interface.name, **code}
        operation = self._interface.operation
        self._recorder.record(context, caller, operation, SpanKind.CLIENT, call.start, call.end, parent, named, status)
        if call.status in (504, 0):
            return
        server = self._recorder.context(parent.trace_id)
        edge = min(6_000, (call.end - call.start) // 4)
        self._recorder.record(
            server,
            self._interface.target,
            operation,
            SpanKind.SERVER,
            call.start + edge,
            call.end - edge,
            context,
            code,
            status,
        )
