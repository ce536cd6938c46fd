"""Spans read together are, to the byte, what they are read one by one: rows, references, dead letters, counts."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from streams.spans import schema
from streams.spans.decode import SpanColumns
from streams.spans.limits import DEFAULT_LIMITS, Limits
from streams.spans.source import Source
from tests.unit.streams.spans.otlp import OTHER_TRACE, SPAN_KEYS, START, TRACE, as_json, listed, message, pairs, span

NAMES = st.sampled_from(
    ["purchase_order.id", "baggage.worker.id", "flowglass.invoice.id", "http.route", "peer.service", "rpc.method", "a"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = st.text("abcXYZ 0189/-_:.", max_size=16) | st.sampled_from(["", " ", " PO-1", "PO-1 ", "x" * 125, "x" * 126])
TEXTS = PLAIN | st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.integers(0, 500).map("y".__mul__)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 300) | st.booleans() | st.floats(allow_nan=False)
VALUES = TEXTS | NUMBERS | st.none() | st.binary(max_size=5) | st.lists(TEXTS | NUMBERS, max_size=3)
ATTRIBUTES = st.lists(st.tuples(NAMES, VALUES), max_size=6)
IDS = st.sampled_from([b"", b"short", bytes(8), bytes(16), b"12345678", bytes.fromhex(TRACE)])
ENDS = st.sampled_from([0, START - 1, START, START + 5, 2**63, 2**64 - 1, 7_258_118_400_000_000_000])
UNKNOWN = st.sampled_from(
    [b"\xa2\x06\x01x", b"\x98\x06\x05", b"\x30\x82\x80\x80\x80\x10", b"\x0b\x0c", b"\x4a\x80\x00", b"\x85\x01abcd"]
)
LIMITS = st.sampled_from([DEFAULT_LIMITS, Limits(refs=1), Limits(attributes=60), Limits(value=8, name=3, object_id=4)])


@st.composite
def spans(draw: st.DrawFn) -> bytes:
    """An encoded span: usual for the most part, and now and then odd in one way or another."""
    usual: dict[str, Any] = {"trace_id": draw(st.binary(min_size=16, max_size=16)), "name": draw(TEXTS)}
    odd = {
        "trace_id": IDS,
        "span_id": IDS,
        "parent_span_id": IDS,
        "kind": st.integers(0, 9),
        "end_time_unix_nano": ENDS,
        "start_time_unix_nano": ENDS,
        "trace_state": TEXTS,
        "flags": st.integers(0, 2**32 - 1),
        "dropped_attributes_count": st.integers(0, 2**32 - 1),
        "status": st.builds(Status, code=st.integers(0, 5), message=TEXTS),
    }
    for field in draw(st.lists(st.sampled_from(sorted(odd)), max_size=3)):
        usual[field] = draw(odd[field])
    given = draw(ATTRIBUTES)
    encoded: bytes = span(
        events=[Span.Event(name=name, attributes=pairs(dict([pair]))) for name, pair in _few(draw, given)],
        links=[
            Span.Link(trace_id=one) for one in draw(st.lists(IDS | st.just(bytes.fromhex(OTHER_TRACE)), max_size=2))
        ],
        **usual,
    ).SerializeToString()
    for name, value in given:  # by themselves, so that a name may come twice
        encoded += Span(attributes=pairs({name: value})).SerializeToString()
    return encoded + draw(st.just(b"") | UNKNOWN | IDS)


def _few(draw: st.DrawFn, given: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("event", pair) for pair in given[:1]] if draw(st.booleans()) else []


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A message of a few spans, with some bytes of them changed."""
    chunks = draw(st.lists(spans(), min_size=1, max_size=6))
    for at in draw(st.lists(st.integers(0, len(chunks) - 1), max_size=2, unique=True)):
        damaged = bytearray(chunks[at])
        for _ in range(draw(st.integers(0, 2))):
            damaged[draw(st.integers(0, len(damaged) - 1))] = draw(st.integers(0, 255))
        chunks[at] = bytes(damaged[: draw(st.integers(0, len(damaged)) | st.just(len(damaged)))])
    resource = message(resource=dict(draw(ATTRIBUTES))).resource_spans[0].resource.SerializeToString()
    group = schema.ResourceSpans(
        resource=resource, scope_spans=[schema.ScopeSpans(spans=chunks[at::2]).SerializeToString() for at in (0, 1)]
    )
    value: bytes = schema.Traces(resource_spans=[group.SerializeToString()]).SerializeToString()
    return value


def read(values: list[bytes], limits: Limits, alone: int) -> Any:
    columns = SpanColumns(SPAN_KEYS, limits, alone=alone)
    for at, value in enumerate(values):
        columns.add(value, Source(origin=f"log/{at % 2}", positions=at << 20, offset=at, ingested=at))
    tables = {table: listed(found) for table, found in columns.columns().items()}
    letters = sorted(columns.dead_letters, key=lambda one: (one.offset, one.position))
    return tables, letters, msgspec.structs.asdict(columns.counts), len(columns)


ONE_BY_ONE = 1 << 30


@settings(max_examples=150, deadline=None)
@given(st.lists(messages(), min_size=1, max_size=3), LIMITS)
def test_reading_together_equals_reading_one_by_one(values: list[bytes], limits: Limits) -> None:
    assert read(values, limits, alone=0) == read(values, limits, alone=ONE_BY_ONE)


@settings(max_examples=60, deadline=None)
@given(messages(), st.booleans())
def test_messages_in_both_forms_may_wait_together(value: bytes, first: bool) -> None:
    text = as_json(message(span({"worker.id": "W-1"}), span(trace_id=b"")))
    values = [text, value] if first else [value, text]
    assert read(values, DEFAULT_LIMITS, alone=0) == read(values, DEFAULT_LIMITS, alone=ONE_BY_ONE)
