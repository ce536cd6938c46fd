"""Where a run goes: the broker's topics, or files in a directory."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from metrics.words import Event
from streams import topics
from streams.broker.partitioner import partition_of
from streams.codecs.cloudevents import encode, encode_marker
from streams.producer import Outgoing, Producer
from streams.simulator.plan import FEED
from streams.simulator.stage import Output, Told
from streams.simulator.through import Through, at_once
from streams.simulator.tracing import SpanBatch

_SIMULATED = ("fg-simulated", b"1")
_NATIVE = (_SIMULATED, ("fg-feed", FEED.encode()))
_ID_FIELDS = ("traceId", "spanId", "parentSpanId")


class Sink(Protocol):
    """Takes what a run sends; nothing counts as sent before `settle` returns."""

    async def send(self, outputs: Sequence[Output]) -> None:
        """Take in outputs, in order."""
        ...

    async def mark(self, kind: str) -> None:
        """Tell every reader of the feed: backfill, live or end."""
        ...

    async def settle(self) -> None:
        """Return once everything sent so far is safe."""
        ...

    async def through(self, stop: asyncio.Event) -> bool:
        """Return once all readers of events can have what was sent; False when stopped before.

        Only then may a marker say that the history is through.
        """
        ...


class BrokerSink:
    """Sends to the topics of events, native messages and spans.

    `counts`: the records sent so far, by topic and partition. `mapped` waits until the canonical events of all native
    messages are there.
    """

    def __init__(
        self,
        producer: Producer,
        counts: dict[str, list[int]] | None = None,
        mapped: Through = at_once,
    ) -> None:
        self._producer = producer
        self._mapped = mapped
        self.counts: dict[str, list[int]] = {} if counts is None else counts

    async def send(self, outputs: Sequence[Output]) -> None:
        events = await self._tally(topics.EVENTS)
        spans = await self._tally(topics.SPANS)
        natives = await self._tally(topics.NATIVE)
        event_records: list[Outgoing] = []
        native_records: list[Outgoing] = []
        span_records: list[Outgoing] = []
        for output in outputs:
            if isinstance(output, Event):
                key, value, headers = encode(output)
                partition = partition_of(key, len(events))
                event_records.append((key, value, headers, partition, None))
                events[partition] += 1
            elif isinstance(output, Told):
                for record in native_records_of(output, len(natives)):
                    native_records.append(record)
                    natives[record[3] or 0] += 1
            else:
                partition = output.partition % len(spans)
                span_records.append((None, output.payload, [_SIMULATED], partition, None))
                spans[partition] += 1
        await self._producer.send_many(topics.EVENTS, event_records)
        await self._producer.send_many(topics.NATIVE, native_records)
        await self._producer.send_many(topics.SPANS, span_records)

    async def mark(self, kind: str) -> None:
        records: list[Outgoing] = []
        for partition, count in enumerate(await self._tally(topics.EVENTS)):
            key, value, headers = encode_marker(FEED, kind, count)
            records.append((key, value, headers, partition, None))
        await self._producer.send_many(topics.EVENTS, records)
        marks: list[Outgoing] = []
        for partition, count in enumerate(await self._tally(topics.SPANS)):
            note = json.dumps({"feed": FEED, "kind": kind, "count": count}).encode()
            marks.append((None, b"", [("fg-marker", note)], partition, None))
        await self._producer.send_many(topics.SPANS, marks)
        await self.settle()  # native messages become events after it

    async def settle(self) -> None:
        await self._producer.flush()

    async def through(self, stop: asyncio.Event) -> bool:
        await self.settle()
        return await self._mapped(stop)

    async def _tally(self, topic: str) -> list[int]:
        if len(self.counts.get(topic, ())) != await self._producer.partitions(topic):
            self.counts[topic] = [0] * await self._producer.partitions(topic)
        return self.counts[topic]


def native_records_of(told: Told, partitions: int) -> Iterator[Outgoing]:
    """The messages of one delivery as records of their topic. What a facility tells stays in its order."""
    key = told.facility.encode()
    for message in told.messages:
        own = [(name, value.encode()) for name, value in message.headers]
        headers = [*own, ("fg-system", message.system.encode()), *_NATIVE]
        yield key, message.body, headers, partition_of(key, partitions), None


class FileSink:
    """Writes `events.jsonl` (CloudEvents) and `spans.jsonl` (OTLP JSON, one message a line)."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._events: TextIO = (directory / "events.jsonl").open("w", encoding="utf-8")
        self._spans: TextIO = (directory / "spans.jsonl").open("w", encoding="utf-8")

    async def send(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            if isinstance(output, Event):
                self._events.write(encode(output)[1].decode() + "\n")
            elif isinstance(output, SpanBatch):
                self._spans.write(json.dumps(otlp_json(output), separators=(",", ":")) + "\n")

    async def mark(self, kind: str) -> None:
        """Files need no markers: their end is their end."""

    async def through(self, stop: asyncio.Event) -> bool:
        return not stop.is_set()

    async def settle(self) -> None:
        self._events.flush()
        self._spans.flush()


def otlp_json(batch: SpanBatch) -> dict[str, Any]:
    """A batch in OTLP's JSON form: like protobuf's, with ids in hex and enumerations as numbers."""
    message = TracesData.FromString(batch.payload)
    content: dict[str, Any] = MessageToDict(message, use_integers_for_enums=True)
    for resource in content["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                _write_ids(span)
                for link in span.get("links", ()):
                    _write_ids(link)
    return content


def _write_ids(holder: dict[str, Any]) -> None:
    for name in _ID_FIELDS:
        if name in holder:
            holder[name] = b64decode(holder[name]).hex()
