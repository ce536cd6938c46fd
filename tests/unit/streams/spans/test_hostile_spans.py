"""Input that is broken on purpose: a dead letter with a reason, never an exception, never a lost neighbour."""

import json
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status, TracesData

from streams.codecs.reasons import (
    EMPTY_VALUE,
    MALFORMED_JSON,
    TIME_OUT_OF_RANGE,
    TOO_DEEP,
    WRONG_TYPE,
)
from streams.spans import schema
from streams.spans.limits import Limits
from streams.spans.reasons import (
    BAD_PARENT_ID,
    BAD_SPAN_ID,
    BAD_TRACE_ID,
    MALFORMED_PROTOBUF,
    MISSING_START,
    NO_RESOURCE_SPANS,
    TOO_MANY_SPANS,
)
from tests.unit.streams.spans.otlp import START, as_json, collected, message, row, rows, span

GOOD = span({"worker.id": "W-1"})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", EMPTY_VALUE),
        (message(GOOD).SerializeToString()[:-3], MALFORMED_PROTOBUF),
        (b"\xff" * 40, MALFORMED_PROTOBUF),
        (b"\x12\x00", NO_RESOURCE_SPANS),
        (b"{", MALFORMED_JSON),
        (b'{"resourceSpans": 5}', WRONG_TYPE),
        (b'{"resourceMetrics": []}', NO_RESOURCE_SPANS),
        (b'{"resourceSpans": [NaN]}', MALFORMED_JSON),
        (b'{"resourceSpans":[{"resource":' + b"[" * 100_000, TOO_DEEP),
        (b'{"other":' + b"[" * 100_000, TOO_DEEP),
    ],
)
def test_an_unreadable_message_is_one_dead_letter(value: bytes, reason: str) -> None:
    columns = collected(value)
    (letter,) = columns.dead_letters
    assert (letter.reason, letter.position, letter.offset, letter.payload) == (reason, 7 << 20, 7, value)
    assert letter.detail
    assert not len(columns)


BAD_SPANS: list[tuple[dict[str, Any], str]] = [
    ({"trace_id": b""}, BAD_TRACE_ID),
    ({"trace_id": b"short"}, BAD_TRACE_ID),
    ({"trace_id": bytes(16)}, BAD_TRACE_ID),
    ({"span_id": bytes(8)}, BAD_SPAN_ID),
    ({"span_id": b"123456789"}, BAD_SPAN_ID),
    ({"parent_span_id": b"123"}, BAD_PARENT_ID),
    ({"start_time_unix_nano": 0}, MISSING_START),
    ({"start_time_unix_nano": 7_258_118_400_000_000_000}, TIME_OUT_OF_RANGE),
    ({"end_time_unix_nano": 2**64 - 1}, TIME_OUT_OF_RANGE),
]


@pytest.mark.parametrize(("fields", "reason"), BAD_SPANS)
@pytest.mark.parametrize("form", ["protobuf", "json"])
def test_one_bad_span_leaves_its_neighbours_whole(fields: dict[str, Any], reason: str, form: str) -> None:
    traces = message(span(name="before"), span(**fields), span(name="after"))
    columns = collected(traces.SerializeToString() if form == "protobuf" else as_json(traces))
    assert [(one["name"], one["position"] - (7 << 20)) for one in rows(columns)] == [("before", 0), ("after", 2)]
    (letter,) = columns.dead_letters
    assert (letter.reason, letter.position, letter.source) == (reason, (7 << 20) + 1, "ordering")


def test_a_dead_letters_payload_is_a_message_that_can_be_sent_again() -> None:
    for value in (message(GOOD, span(trace_id=b"x")).SerializeToString(), as_json(message(GOOD, span(trace_id=b"x")))):
        (letter,) = collected(value).dead_letters
        (again,) = collected(letter.payload).dead_letters
        assert (again.reason, again.source, again.payload) == (BAD_TRACE_ID, "ordering", letter.payload)


def test_a_truncated_span_costs_only_itself() -> None:
    broken = schema.ScopeSpans(spans=[GOOD.SerializeToString(), GOOD.SerializeToString()[:-4]]).SerializeToString()
    value = schema.Traces(resource_spans=[schema.ResourceSpans(scope_spans=[broken]).SerializeToString()])
    columns = collected(value.SerializeToString())
    assert (len(columns), [one.reason for one in columns.dead_letters]) == (1, [MALFORMED_PROTOBUF])


def test_a_json_span_of_the_wrong_type_costs_only_itself() -> None:
    document = json.loads(as_json(message(GOOD, GOOD, GOOD, GOOD)))
    spans = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    spans[0]["name"] = 5
    spans[1]["attributes"][0]["value"] = {"stringValue": 5}
    spans[2]["kind"] = "SPAN_KIND_BANANA"
    columns = collected(json.dumps(document).encode())
    assert len(columns) == 1
    assert [one.reason for one in columns.dead_letters] == [WRONG_TYPE] * 3


def test_another_signals_message_gives_dead_letters_not_rows() -> None:
    logs = ResourceSpans(scope_spans=[ScopeSpans(spans=[Span(trace_id=b"a log line's text")])])
    columns = collected(TracesData(resource_spans=[logs]).SerializeToString())
    assert [one.reason for one in columns.dead_letters] == [BAD_TRACE_ID]


@pytest.mark.parametrize("form", ["protobuf", "json"])
def test_values_nested_too_deeply_are_a_dead_letter(form: str) -> None:
    deep: Any = "core"
    for _ in range(30):
        deep = [deep]
    fine, bad = span({"a": deep}), span({"a": [[[deep]]]})
    traces = message(fine, bad)
    columns = collected(traces.SerializeToString() if form == "protobuf" else as_json(traces))
    assert (len(columns), [one.reason for one in columns.dead_letters]) == (1, [TOO_DEEP])


def test_an_end_before_the_start_keeps_the_span_with_duration_zero_and_says_so() -> None:
    found = row(span(end_time_unix_nano=START - 40))
    assert (found["duration_ns"], found["attributes"]) == (0, {"flowglass.end_before_start_ns": 40})


def test_a_missing_end_keeps_the_span_with_duration_zero_and_says_so() -> None:
    found = row(span(end_time_unix_nano=0))
    assert (found["duration_ns"], found["attributes"]) == (0, {"flowglass.end_missing": True})


def test_a_huge_value_is_cut_with_a_mark() -> None:
    value = row(span({"body": "x" * 5_000_000}))["attributes"]["body"]
    assert value.endswith("…[truncated, 5000000 characters]")
    assert len(value) < 9_000


def test_attributes_beyond_the_bound_are_left_out_and_counted() -> None:
    value = message(span({f"a{number}": "x" * 100 for number in range(50)})).SerializeToString()
    (found,) = rows(collected(value, limits=Limits(attributes=1_000)))
    assert found["attributes"].pop("flowglass.attributes_dropped") == 50 - len(found["attributes"])
    assert set(found["attributes"]) == {f"a{number}" for number in range(len(found["attributes"]))}


def test_events_beyond_the_bound_are_left_out_and_counted() -> None:
    events = [Span.Event(name=f"e{number}", time_unix_nano=START) for number in range(9)]
    (found,) = rows(collected(message(span(events=events)).SerializeToString(), limits=Limits(events=4)))
    assert [one["name"] for one in found["events"]] == ["e0", "e1", "e2", "e3", "flowglass.events_dropped"]
    assert found["events"][-1]["attributes"] == {"count": 5}


def test_a_message_of_too_many_spans_is_refused_whole() -> None:
    columns = collected(message(GOOD, GOOD, GOOD).SerializeToString(), limits=Limits(spans=2))
    assert (len(columns), [one.reason for one in columns.dead_letters]) == (0, [TOO_MANY_SPANS])


def test_text_that_is_no_utf8_is_kept_with_replacement_marks() -> None:
    encoded = message(span({"note": "aXb"}, name="nXm")).SerializeToString().replace(b"X", b"\xff")
    (found,) = rows(collected(encoded))
    assert (found["name"], found["attributes"]) == ("n�m", {"note": "a�b"})


def test_numbers_that_json_lacks_are_text() -> None:
    found = row(span({"a": float("nan"), "b": float("inf"), "c": [float("-inf")]}))
    assert found["attributes"] == {"a": "NaN", "b": "Infinity", "c": ["-Infinity"]}


def test_kinds_and_statuses_yet_unknown_count_as_unspecified() -> None:
    found = row(span(kind=77, status=Status(code=Status.StatusCode.ValueType(9))))
    assert (found["kind"], found["status"]) == ("internal", "unset")


def test_a_resource_without_a_service_has_opentelemetrys_own_name_for_it() -> None:
    assert row(span(), resource={})["service"] == "unknown_service"


def test_a_simulated_resource_marks_its_spans() -> None:
    assert row(span(), resource={"service.name": "a", "flowglass.simulated": True})["simulated"] == 1
    assert row(span(), resource={"service.name": "a", "flowglass.simulated": "no"})["simulated"] == 0
