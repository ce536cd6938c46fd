"""The check of spans, and the answers OTLP asks for."""

import pytest
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]

from streams.gateway.problems import Problem
from streams.gateway.span_check import MANY, SpanCheck
from streams.gateway.traces import JSON, PROTOBUF, TraceReader, encoding_of, status_body
from tests.unit.streams.spans.otlp import as_json, message, span


def spans(count: int) -> list[object]:
    """Every tenth has no trace id."""
    return [span(trace_id=bytes(16)) if n % 10 == 0 else span(span_id=(n + 1).to_bytes(8, "big")) for n in range(count)]


@pytest.mark.parametrize("count", [20, MANY + 6])
@pytest.mark.parametrize("json", [True, False])
def test_few_spans_and_many_are_judged_alike(count: int, json: bool) -> None:
    traces = message(*spans(count))  # type: ignore[arg-type]
    checked = SpanCheck().check(as_json(traces) if json else traces.SerializeToString(), json=json)
    lost = len(range(0, count, 10))
    assert (checked.spans, checked.whole) == (count - lost, False)
    assert [count for count, _ in checked.faults.values()] == [lost]


def test_a_checker_forgets_what_it_saw() -> None:
    check = SpanCheck()
    bad, good = message(span(trace_id=b"")).SerializeToString(), message(span()).SerializeToString()
    assert check.check(bad, json=False).spans == 0
    assert check.check(good, json=False) == (1, {}, False)


@pytest.mark.parametrize(("status", "code"), [(400, 3), (401, 16), (429, 8), (503, 14), (500, 13)])
def test_a_refusal_is_a_google_status(status: int, code: int) -> None:
    problem = Problem(status, "x", "what to do: " + "ä" * 200)
    found = Status.FromString(status_body(problem, PROTOBUF))
    assert (found.code, found.message) == (code, problem.detail)


def test_an_empty_message_is_a_success_that_sends_nothing() -> None:
    for body, encoding in ((b"", PROTOBUF), (b" {} ", JSON), (b'{"resourceSpans": []}', JSON)):
        found = TraceReader().read(body, encoding, "me")
        assert (found.status, list(found.records)) == (200, [])


def test_only_the_two_encodings_of_otlp_are_taken() -> None:
    assert encoding_of({"content-type": "application/json; charset=utf-8"}) == JSON
    for content in ("", "text/plain", "application/grpc"):
        with pytest.raises(Problem) as told:
            encoding_of({"content-type": content})
        assert told.value.status == 415
