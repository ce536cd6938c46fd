"""Spans as the store gets them: the same tokens as events, whichever way they are read."""

import json
from typing import Any

import pytest

from metrics.privacy.tokens import Tokens
from metrics.vocabulary import load_vocabulary
from streams.privacy.span_attributes import MASK, PrivateSpans
from streams.spans.decode import SpanColumns
from tests.unit.metrics.privacy.ring import POLICY, RING, guard
from tests.unit.streams.spans.otlp import SOURCE, as_json, message, span

W1 = Tokens(RING).id("W-1")
TOLD = {
    "worker.id": "W-1", "baggage.worker.id": "W-1", "flowglass.timesheet.id": "W-1/7", "purchase_order.id": "PO-1",
    "enduser.id": "W-1", "user.email": "jo.ash@mail.invalid", "baggage.user.name": "Jo Ash", "http.method": "POST",
}  # fmt: skip


def read(payload: bytes, *, alone: int = 256) -> dict[str, dict[str, Any]]:
    private = PrivateSpans(POLICY, Tokens(RING))
    columns = SpanColumns(load_vocabulary().span_attributes, alone=alone, private=private)
    columns.add(payload, SOURCE)
    return columns.columns()


@pytest.mark.parametrize("form", ["one by one", "together", "json"])
def test_attributes_and_references_hold_tokens(form: str) -> None:
    spans = message(*(span(TOLD, span_id=bytes([number + 1] * 8)) for number in range(3)))
    payload = as_json(spans) if form == "json" else spans.SerializeToString()
    tables = read(payload, alone=1 if form == "together" else 256)
    for written in tables["spans"]["attributes"].to_pylist():
        told = json.loads(written)
        assert {told[name] for name in ("worker.id", "baggage.worker.id", "enduser.id")} == {W1}
        assert told["user.email"] == told["baggage.user.name"] == MASK
        assert (told["purchase_order.id"], told["http.method"]) == ("PO-1", "POST")
    found = set(zip(*(tables["span_refs"][name].to_pylist() for name in ("object_type", "object_id")), strict=True))
    assert found == {("worker", W1), ("timesheet", Tokens(RING).id("W-1/7")), ("purchase_order", "PO-1")}


@pytest.mark.parametrize("value", [17, ["17"], " 17 "])
def test_a_number_in_any_form_has_the_same_token(value: Any) -> None:
    refs = read(message(span({"worker.id": value})).SerializeToString())["span_refs"]
    assert refs["object_id"].to_pylist() == [Tokens(RING).id("17")]


def test_what_is_no_number_is_masked() -> None:
    tables = read(message(span({"worker.id": {"name": "Jo Ash"}})).SerializeToString())
    assert json.loads(tables["spans"]["attributes"].to_pylist()[0]) == {"worker.id": MASK}


def test_without_privacy_attributes_stay() -> None:
    columns = SpanColumns(load_vocabulary().span_attributes)
    columns.add(message(span({"worker.id": "W-1"})).SerializeToString(), SOURCE)
    assert columns.columns()["span_refs"]["object_id"].to_pylist() == ["W-1"]


def test_spans_call_an_object_as_events_call_it() -> None:
    numbers = {
        "purchase_order.id": "Quill Order",
        "invoice.id": "INV-1",
        "requisition.id": "LAKESIDE-7",
        "worker.id": "W-1",
    }
    columns = read(message(span(numbers)).SerializeToString())["span_refs"]
    refs = PrivateSpans(POLICY, Tokens(RING)).refs(columns)
    found = dict(zip(refs["object_type"].to_pylist(), refs["object_id"].to_pylist(), strict=True))
    watch = guard()
    assert found == {kind: watch.number(kind, numbers[f"{kind}.id"]) for kind in found}
    assert found["purchase_order"] == Tokens(RING).key("Quill Order")
    assert (found["invoice"], found["worker"]) == ("INV-1", W1)
    assert PrivateSpans(POLICY, Tokens(RING)).refs(refs)["object_id"].equals(refs["object_id"])
