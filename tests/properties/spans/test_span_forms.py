"""Whatever a span holds, both forms give the same rows, nothing raises, and nothing is lost uncounted."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from streams.spans.buffer import SpanBuffer
from streams.spans.limits import Limits
from streams.spans.messages import Headers, parse_positions, write_positions
from tests.unit.streams.spans.otlp import OTHER_TRACE, START, as_json, collected, message, pairs, rows, span
from tests.unit.streams.spans.test_span_buffer import Batch

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.sampled_from(["purchase_order.id", "worker.id", "baggage.worker.id", "http.route", "peer.service"]) | TEXT
LEAVES = TEXT | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    LEAVES | st.none() | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(NAMES, VALUES, max_size=6)
TIMES = st.integers(1, 2**64 - 1)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    return span(
        draw(ATTRIBUTES),
        trace_id=draw(st.binary(min_size=16, max_size=16)),
        span_id=draw(st.binary(min_size=8, max_size=8)),
        parent_span_id=draw(st.just(b"") | st.binary(min_size=8, max_size=8)),
        name=draw(TEXT),
        kind=draw(st.integers(0, 5)),
        start_time_unix_nano=draw(st.just(START) | TIMES),
        end_time_unix_nano=draw(st.just(START + 5) | TIMES),
        events=[Span.Event(name=draw(TEXT), time_unix_nano=draw(TIMES), attributes=pairs(draw(ATTRIBUTES)))],
        links=[Span.Link(trace_id=draw(st.binary(max_size=16) | st.just(bytes.fromhex(OTHER_TRACE))))],
        status=Status(code=draw(st.sampled_from(Status.StatusCode.values())), message=draw(TEXT)),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(spans(), min_size=1, max_size=4), ATTRIBUTES, st.booleans(), st.booleans())
def test_protobuf_and_json_give_identical_rows(
    some: list[Span], resource: dict[str, Any], numbers: bool, names: bool
) -> None:
    traces = message(*some, resource=resource)
    binary = collected(traces.SerializeToString())
    text = collected(as_json(traces, numbers=numbers, names=names))
    assert binary.columns() == text.columns()
    assert [(one.reason, one.position) for one in binary.dead_letters] == [
        (one.reason, one.position) for one in text.dead_letters
    ]
    assert len(binary) + len(binary.dead_letters) == len(some)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXT, LEAVES | st.lists(LEAVES, max_size=3), max_size=6))
def test_attributes_come_back_as_they_were(attributes: dict[str, Any]) -> None:
    (found,) = rows(collected(message(span(attributes)).SerializeToString(), limits=Limits()))
    assert found["attributes"] == json.loads(json.dumps(attributes))


@settings(max_examples=150, deadline=None)
@given(spans(), st.data())
def test_damaged_bytes_never_raise_and_never_vanish(one: Span, data: st.DataObject) -> None:
    value = message(span(), one).SerializeToString() if data.draw(st.booleans()) else as_json(message(span(), one))
    damaged = bytearray(value[: data.draw(st.integers(0, len(value)))])
    for _ in range(data.draw(st.integers(0, 3)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    columns = collected(bytes(damaged))
    columns.columns()
    assert columns.counts.messages == 1
    if len(damaged) < len(value) or bytes(damaged) == value:
        assert len(columns) + len(columns.dead_letters) > 0


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=80) | st.none(),
    st.lists(st.tuples(st.sampled_from(["fg-origin", "fg-position", "fg-marker", "fg-dead-letter", "x"]), st.binary())),
)
def test_no_record_raises(value: bytes | None, headers: Headers) -> None:
    buffer = SpanBuffer({})
    buffer.add(Batch([(0, 0, None, value, headers)]), "log-1")
    buffer.rows()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_positions_survive_their_writing(positions: list[int]) -> None:
    read = parse_positions(write_positions(positions))
    assert (list(range(read, read + len(positions))) if isinstance(read, int) else read) == positions
