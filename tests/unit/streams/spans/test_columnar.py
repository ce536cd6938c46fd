"""What is usual is read together: were it not, nothing would be wrong but the speed."""

from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from streams.spans.attributes import AttributeReader
from streams.spans.columnar import ColumnarReader, Sheet
from streams.spans.decode import ALONE, TOGETHER, SpanColumns
from streams.spans.keys import KeyRules
from streams.spans.limits import DEFAULT_LIMITS
from streams.spans.proto_dialect import ProtoDialect
from streams.spans.source import Counts
from streams.spans.span_rows import SpanReader
from tests.unit.streams.spans.otlp import OTHER_TRACE, SOURCE, SPAN_KEYS, START, listed, message, pairs, span

USUAL: list[dict[str, Any]] = [
    {},
    {"attributes": {"http.route": "/a", "http.response.status_code": 200, "worker.id": "W-1", "retry": False}},
    {"attributes": {"purchase_order.id": ["PO-1", "PO-2"], "ratio": 0.5, "note": 'a "b"', "place": "Zürich"}},
    {"attributes": {"thread.id": 2**40, "delta": -1, "body": "x" * 9_000}},
    {"name": "Über" * 500, "parent_span_id": b"12345678", "kind": Span.SPAN_KIND_CLIENT, "flags": 0x101},
    {"status": Status(code=Status.STATUS_CODE_ERROR, message="no"), "trace_state": "a=b"},
    {"events": [Span.Event(name="retry", time_unix_nano=START, attributes=pairs({"n": 2}))]},
    {"links": [Span.Link(trace_id=bytes.fromhex(OTHER_TRACE), span_id=b"12345678")], "dropped_links_count": 3},
]
ODD: list[dict[str, Any]] = [
    {"trace_id": b"short"},
    {"span_id": bytes(8)},
    {"parent_span_id": b"123"},
    {"start_time_unix_nano": 0},
    {"end_time_unix_nano": START - 1},
    {"attributes": {f"flowglass.object_{number}.id": "1" for number in range(101)}},
]


def sheet(spans: Sequence[Span], more: bytes = b"") -> Sheet:
    """The spans read together, each with some more encoded fields."""
    attributes = AttributeReader(KeyRules(SPAN_KEYS, DEFAULT_LIMITS), DEFAULT_LIMITS)
    dialect = ProtoDialect(attributes, DEFAULT_LIMITS)
    reader = SpanReader(attributes, DEFAULT_LIMITS, Counts())
    columnar = ColumnarReader(dialect, attributes, reader.interface, DEFAULT_LIMITS, few=0)
    return columnar.read([one.SerializeToString() + more for one in spans])


@pytest.mark.parametrize("fields", USUAL)
def test_a_usual_span_is_not_odd(fields: dict[str, Any]) -> None:
    assert sheet([span(**fields)]).odd.tolist() == [False]


@pytest.mark.parametrize("fields", ODD)
def test_an_odd_span_is_told_and_leaves_its_neighbours(fields: dict[str, Any]) -> None:
    assert sheet([span(), span(**fields), span()]).odd.tolist() == [False, True, False]


@pytest.mark.parametrize(
    "more", [b"\x30\x82\x80\x80\x80\x10", b"\x30" + b"\xff" * 9 + b"\x01", b"\x98\x06\x05", b"\x0b\x0c"]
)
def test_a_kind_beyond_32_bits_an_unknown_field_and_a_group_are_odd(more: bytes) -> None:
    assert sheet([span()], more).odd.tolist() == [True]


def test_a_name_given_twice_is_odd() -> None:
    twice = span({"a": "1"})
    twice.attributes.extend(pairs({"a": "2"}))
    assert sheet([span({"a": "1", "b": "1"}), twice]).odd.tolist() == [False, True]


@pytest.mark.parametrize("count", [1, ALONE - 1, ALONE, TOGETHER, 2 * TOGETHER + 1])
def test_no_number_of_spans_loses_or_reorders_any(count: int) -> None:
    columns = SpanColumns(SPAN_KEYS)
    columns.add(message(*(span(name=f"s{number}") for number in range(count))).SerializeToString(), SOURCE)
    found = listed(columns.columns()["spans"])
    assert found["name"] == [f"s{number}" for number in range(count)]
    assert found["position"] == list(range(7 << 20, (7 << 20) + count))
    assert columns.counts.spans == len(columns) == count
