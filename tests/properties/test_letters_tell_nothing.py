"""Whatever is wrong with an event or a span, what is stored of its dead letter says nothing that the message said."""

import copy
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metrics.contracts.model import load_contracts
from metrics.words import DeadLetter
from streams.codecs.cloudevents import decode_batch
from streams.dead_letters.keeping import Keeper
from streams.dead_letters.owners import Owners
from streams.dead_letters.span_sieve import SpanBatch
from streams.spans.buffer import SpanBuffer
from tests.unit.streams.codecs.records import FakeRecord

KEEPER = Keeper(Owners(load_contracts(), {}).owner)
CANARIES = (
    "Wanda Zimtstern",
    "078-05-1120",
    "GB29NWBK60161331926819",
    "078051120",
    "zimtstern",
    "quartz.sword@mail.example",
)
VALUES = st.one_of(
    st.sampled_from(CANARIES),
    st.sampled_from(CANARIES).map(lambda text: [text]),
    st.sampled_from(CANARIES).map(lambda text: {"name": text}),
    st.sampled_from(CANARIES).map(lambda text: f"2026-01-02T{text}"),
    st.sampled_from(CANARIES).map(lambda text: f"{text} \"quoted'"),
    st.just(78051120),
)
EVENT = {
    "specversion": "1.0", "id": "e-1", "source": "/coupa/prod", "type": "requisition.created.v1",
    "subject": "requisition/R-1", "time": "2026-01-02T03:04:05Z", "sequence": "1", "precision": "instant",
    "recordedtime": "2026-01-02T03:04:05Z", "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01",
    "data": {
        "objects": [{"type": "requisition", "id": "R-1", "qualifier": "subject"}],
        "attributes": {"facility": "north"}, "amount": {"value": "12.50", "currency": "USD"}, "actor": "W-1",
    },
}  # fmt: skip
SPAN = {
    "traceId": "1" * 32, "spanId": "2" * 16, "parentSpanId": "3" * 16, "name": "GET", "kind": 3,
    "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000000000001",
    "attributes": [{"key": "a", "value": {"intValue": "1"}}], "status": {"code": 0, "message": ""},
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key, inner in items for found in places(inner, (*path, key))]


def spoilt(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The document with another value at a path."""
    result = copy.deepcopy(document)
    at: Any = result
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return result


def tells(letters: list[DeadLetter]) -> list[str]:
    """The canaries that stand in what would be stored."""
    columns = KEEPER.columns(letters)
    columns.pop("sealed", None)
    told = repr(columns)
    return [canary for canary in (*CANARIES, "78051120", "Zimtstern", "Wanda") if canary in told]


@settings(max_examples=400, deadline=None)
@given(
    spoil=st.lists(st.tuples(st.sampled_from(places(EVENT)), VALUES), min_size=1, max_size=1),
    cut=st.integers(0, 30),
    extra=st.sampled_from(["", "junk", "Zimtstern"]),
)
def test_of_an_event(spoil: list[tuple[tuple[Any, ...], Any]], cut: int, extra: str) -> None:
    ((path, value),) = spoil
    assume((path, value) != (("source",), "zimtstern"))  # one plain word: a source is called as it calls itself
    document = spoilt(EVENT, path, value)
    if extra:
        document["data"] = (
            document["data"] if not isinstance(document["data"], dict) else {**document["data"], "note": extra}
        )
    body = json.dumps(document).encode()
    records = [FakeRecord(body), FakeRecord(body[: len(body) - cut], offset=2)]
    _, _, dead = decode_batch(records, "i")
    assert tells(dead) == []


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(places(SPAN)), value=VALUES, cut=st.integers(0, 12))
def test_of_a_span(path: tuple[Any, ...], value: Any, cut: int) -> None:
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [spoilt(SPAN, path, value)]}]}]}).encode()
    buffer = SpanBuffer({})
    buffer.add(SpanBatch("otlp_spans", 0, [(1, 1, None, body, []), (2, 1, None, body[: len(body) - cut], [])]), "i")
    buffer.rows()
    assert tells(buffer.dead_letters) == []
