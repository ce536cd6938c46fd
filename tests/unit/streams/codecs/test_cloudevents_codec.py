"""Records in, events, markers and dead letters out."""

import json
from decimal import Decimal
from typing import Any

import pytest

from metrics.dead_letter_advice import ADVICE
from metrics.words import Amount, DeadLetter, Event, Marker, ObjectRef
from streams.codecs import reasons
from streams.codecs.cloudevents import CodecCounts, CodecLimits, decode, decode_batch, encode_dead_letter, encode_marker
from tests.unit.streams.codecs.records import FakeRecord, envelope, structured


def only(record: FakeRecord) -> Any:
    items = decode(record, "i1")
    assert len(items) == 1
    return items[0]


def reason_of(record: FakeRecord) -> str:
    letter = only(record)
    assert isinstance(letter, DeadLetter), letter
    assert (letter.topic, letter.partition, letter.offset) == ("flowglass.events", 2, 7)
    assert letter.payload == (record.value or b"")
    assert letter.reason in ADVICE
    assert letter.detail
    return letter.reason


def with_value(value: bytes) -> FakeRecord:
    return FakeRecord(value)


def test_a_structured_record_becomes_an_event_with_its_place_in_the_log() -> None:
    data = {"attributes": {"facility": "north"}, "amount": {"value": "12.50", "currency": "USD"}, "actor": "W-12"}
    event = only(structured(data, sequence="12", subject="purchase_order/PO-1", precision="second"))
    assert event == Event(
        id="e-1",
        type="purchase_order.created.v1",
        activity="purchase_order.created.v1",
        time=1_767_323_045_123_456,
        source="/coupa",
        objects=(ObjectRef("purchase_order", "PO-1", "subject"),),
        origin="flowglass.events/2@i1",
        position=7,
        subject="purchase_order/PO-1",
        feed="/coupa",
        sequence=12,
        ingested=1_700_000_000_123_000,
        precision="second",
        attributes={"facility": "north"},
        amount=Amount("12.50", "USD"),
        actor="W-12",
    )


def test_binary_mode_reads_the_same_event_as_structured_mode() -> None:
    whole = envelope(sequence="12", recordedtime="2026-01-02T04:00:00Z", simulated="true", feed="batch")
    data = json.dumps(whole.pop("data")).encode()
    headers = [(f"ce_{name}", value.encode()) for name, value in whole.items()]
    binary = FakeRecord(data, [*headers, ("content-type", b"application/json; charset=utf-8")])
    assert only(binary) == only(structured(**{**whole, "simulated": True}))


def test_a_batch_gives_one_item_an_element_and_a_bad_element_leaves_the_others_whole() -> None:
    value = json.dumps([envelope(), envelope(time="soon"), envelope(id="e-2")]).encode()
    events, markers, dead = decode_batch([with_value(value)], "i1")
    assert [(event.id, event.origin, event.position) for event in events] == [
        ("e-1", "flowglass.events/2@i1#batch", 7 * 4096),
        ("e-2", "flowglass.events/2@i1#batch", 7 * 4096 + 2),
    ]
    assert [(letter.reason, letter.position) for letter in dead] == [("bad_time", 7 * 4096 + 1)]
    assert not markers


def test_an_origin_of_its_own_takes_the_sequence_as_position() -> None:
    event = only(structured(origin="file:0011223344556677", sequence="42"))
    assert (event.origin, event.position, event.sequence) == ("file:0011223344556677", 42, 42)


def test_the_activity_of_a_log_step_is_the_one_the_log_names() -> None:
    assert only(structured({"attributes": {"activity": "Pay invoice"}}, type="log.step.v1")).activity == "Pay invoice"


def test_a_type_that_no_vocabulary_knows_is_kept() -> None:
    assert only(structured(type="com.example.Thing/made")).activity == "com.example.Thing/made"


def test_null_optional_attributes_are_absent() -> None:
    assert only(structured(subject=None, recordedtime=None, sequence=None)) == only(structured())


def test_a_member_of_data_that_the_contract_does_not_know_is_kept_as_attribute() -> None:
    assert only(structured({"new_field": {"a": 1}})).attributes == {"new_field": {"a": 1}}


def test_a_traceparent_gives_trace_and_span() -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    event = only(structured(traceparent=parent))
    assert (event.trace_id, event.span_id, event.trace_source) == ("a" * 32, "b" * 16, "traceparent")
    assert only(structured(traceparent=parent, tracesource="derived")).trace_source == "derived"


def test_the_header_of_an_instrumented_producer_gives_the_trace_of_an_event_that_names_none() -> None:
    own, sent = f"00-{'a' * 32}-{'b' * 16}-01", f"00-{'c' * 32}-{'d' * 16}-01"
    headers = [("traceparent", sent.encode())]
    value = json.dumps(envelope()).encode()
    event = only(FakeRecord(value, headers))
    assert (event.trace_id, event.span_id, event.trace_source) == ("c" * 32, "d" * 16, "traceparent")
    assert only(FakeRecord(value, [("traceparent", None)])).trace_id == ""  # type: ignore[list-item]
    assert only(FakeRecord(json.dumps(envelope(traceparent=own)).encode(), headers)).trace_id == "a" * 32
    whole = envelope()
    data = json.dumps(whole.pop("data")).encode()
    binary = [*((f"ce_{name}", text.encode()) for name, text in whole.items()), *headers]
    assert only(FakeRecord(data, binary)).trace_id == "c" * 32


@pytest.mark.parametrize("text", ["00-zz-1-01", f"00-{'0' * 32}-{'b' * 16}-01", f"ff-{'a' * 32}-{'b' * 16}-01"])
def test_a_malformed_traceparent_costs_the_trace_and_is_counted_but_not_the_event(text: str) -> None:
    counts = CodecCounts()
    (event,) = decode(structured(traceparent=text), "i1", counts=counts)
    assert isinstance(event, Event)
    assert (event.trace_id, event.span_id, event.trace_source) == ("", "", "")
    assert counts.malformed_traceparents == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"12.50"', "12.50"),
        ("12.5", "12.5"),
        ("-3", "-3"),
        ('"-0.10"', "-0.10"),
        ("0.1000000000000000055", "0.1000000000000000055"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("1e2", "100"),
        ("9007199254740993", "9007199254740993"),
    ],
)
def test_money_never_passes_through_an_inexact_binary_float(written: str, read: str) -> None:
    value = json.dumps(envelope({"amount": {"value": "@", "currency": "EUR"}})).replace('"@"', written)
    amount = only(with_value(value.encode())).amount
    assert amount.currency == "EUR"
    assert Decimal(amount.value) == Decimal(read)
    assert "e" not in amount.value.lower()
    if written.startswith('"'):
        assert amount.value == read


def test_numbers_in_attributes_that_no_store_can_hold_are_kept_as_text() -> None:
    value = json.dumps(envelope({"attributes": {"exact": 1.5, "huge": 2**70, "deep": [2**70]}})).replace("1.5", "1e400")
    assert only(with_value(value.encode())).attributes == {"exact": "1e400", "huge": str(2**70), "deep": [str(2**70)]}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (FakeRecord(None), reasons.EMPTY_VALUE),
        (FakeRecord(b""), reasons.EMPTY_VALUE),
        (FakeRecord(b"[]"), reasons.EMPTY_VALUE),
        (FakeRecord(b"{}", key=None), reasons.MISSING_KEY),
        (FakeRecord(b"{}", key=b""), reasons.MISSING_KEY),
        (FakeRecord(b" " * (5 << 20)), reasons.TOO_LARGE),
        (FakeRecord(json.dumps(envelope()).encode()[:-9]), reasons.MALFORMED_JSON),
        (FakeRecord(json.dumps(envelope({"attributes": {"x": float("nan")}})).encode()), reasons.MALFORMED_JSON),
        (FakeRecord(json.dumps(envelope(id="@")).encode().replace(b"@", b"\xff\xfe")), reasons.NOT_UTF8),
        (FakeRecord(b"\xff\xfe{\x00}\x00"), reasons.NOT_UTF8),
        (FakeRecord(b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}"), reasons.TOO_DEEP),
        (structured({"attributes": {"x": json.loads("[" * 65 + "]" * 65)}}), reasons.TOO_DEEP),
        (FakeRecord(b'"text"'), reasons.NOT_CLOUDEVENTS),
        (FakeRecord(b'{"a":1}'), reasons.NOT_CLOUDEVENTS),
        (structured(specversion="0.3"), reasons.UNSUPPORTED_VERSION),
        (structured(specversion=None), reasons.MISSING_ATTRIBUTE),
        (structured(id=None), reasons.MISSING_ATTRIBUTE),
        (structured(id=""), reasons.MISSING_ATTRIBUTE),
        (structured(time=None), reasons.MISSING_ATTRIBUTE),
        (structured(id=12), reasons.WRONG_TYPE),
        (structured(type="has blanks"), reasons.BAD_TYPE),
        (structured(type=""), reasons.BAD_TYPE),
        (structured(time="yesterday"), reasons.BAD_TIME),
        (structured(time="2026-01-02T03:04:05"), reasons.BAD_TIME),
        (structured(time="2026-02-30T03:04:05Z"), reasons.BAD_TIME),
        (structured(time="1899-12-31T23:59:59Z"), reasons.TIME_OUT_OF_RANGE),
        (structured(time="2200-01-01T00:00:00Z"), reasons.TIME_OUT_OF_RANGE),
        (structured(recordedtime="2999-01-01T00:00:00Z"), reasons.TIME_OUT_OF_RANGE),
        (structured(effectivedate="2026-13-01"), reasons.BAD_TIME),
        (structured(sequence="-1"), reasons.BAD_SEQUENCE),
        (structured(sequence=str(2**64)), reasons.BAD_SEQUENCE),
        (structured(sequence="9" * 5000), reasons.BAD_SEQUENCE),
        (structured(origin="file:00"), reasons.BAD_SEQUENCE),
        (structured(precision="week"), reasons.BAD_ATTRIBUTE),
        (structured(simulated="maybe"), reasons.BAD_ATTRIBUTE),
        (structured(data=None, data_base64="AA==", type="a.b.v1"), reasons.NO_OBJECTS),
        (structured({"objects": []}), reasons.NO_OBJECTS),
        (structured({"objects": [{"type": "Purchase Order", "id": "1"}]}), reasons.BAD_OBJECT),
        (structured({"objects": [{"type": "purchase_order", "id": ""}]}), reasons.BAD_OBJECT),
        (structured({"objects": [{"type": "purchase_order", "id": 7}]}), reasons.BAD_OBJECT),
        (structured({"amount": {"value": "NaN", "currency": "USD"}}), reasons.BAD_AMOUNT),
        (structured({"amount": {"value": "1" * 50, "currency": "USD"}}), reasons.BAD_AMOUNT),
        (structured({"amount": {"value": True, "currency": "USD"}}), reasons.BAD_AMOUNT),
        (structured({"amount": {"value": "1.", "currency": "USD"}}), reasons.BAD_AMOUNT),
        (structured({"amount": {"value": "1", "currency": "dollar"}}), reasons.BAD_AMOUNT),
        (structured({"attributes": []}), reasons.WRONG_TYPE),
        (structured(type="log.step.v1"), reasons.NO_ACTIVITY),
        (structured(type="flowglass.feed.marker.v1"), reasons.BAD_MARKER),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_a_dead_letter_with_its_reason(record: FakeRecord, reason: str) -> None:
    if record.value and b"data_base64" in record.value:
        record = FakeRecord(json.dumps({**json.loads(record.value), "data": None, "data_base64": ""}).encode())
    assert reason_of(record) == reason


def test_data_of_an_unknown_shape_is_a_dead_letter() -> None:
    shapes: list[Any] = [[], "text", 7]
    assert {reason_of(with_value(json.dumps({**envelope(), "data": shape}).encode())) for shape in shapes} == {
        reasons.UNKNOWN_DATA
    }


def test_binary_data_is_refused_with_what_to_send_instead() -> None:
    value = {**envelope(), "data": None, "data_base64": "AAEC"}
    assert reason_of(with_value(json.dumps(value).encode())) == reasons.UNSUPPORTED_CONTENT
    avro = FakeRecord(b"\x00", [("ce_specversion", b"1.0"), ("content-type", b"application/avro")])
    assert reason_of(avro) == reasons.UNSUPPORTED_CONTENT


def test_the_key_may_be_declared_unneeded() -> None:
    record = FakeRecord(structured().value, key=None)
    assert isinstance(decode(record, "i1", limits=CodecLimits(require_key=False))[0], Event)


def test_a_marker_is_read_back_with_the_partition_it_was_read_from() -> None:
    key, value, headers = encode_marker("files:0a", "end", 812)
    assert only(FakeRecord(value, headers, key)) == Marker(
        feed="files:0a", kind="end", partition=2, count=812, origin="flowglass.events/2@i1", position=7
    )


@pytest.mark.parametrize("change", [{"kind": "over"}, {"count": -1}, {"feed": ""}, {"count": "12"}])
def test_a_marker_that_says_nothing_clear_is_a_dead_letter(change: dict[str, Any]) -> None:
    data = {"feed": "f", "kind": "end", "count": 1, **change}
    value = {**envelope(), "type": "flowglass.feed.marker.v1", "data": data}
    assert reason_of(with_value(json.dumps(value).encode())) == reasons.BAD_MARKER


def test_a_dead_letter_of_an_edge_keeps_its_own_place_and_payload() -> None:
    letter = DeadLetter(
        origin="file:0a",
        position=3,
        topic="",
        partition=0,
        offset=0,
        reason="bad_row",
        detail="row 4",
        payload=b"a,b\r",
    )
    key, value, headers = encode_dead_letter(letter)
    read = only(FakeRecord(value, headers, key))
    assert (read.origin, read.position, read.reason, read.detail) == ("file:0a", 3, "bad_row", "row 4")
    assert (read.payload, read.topic, read.partition, read.offset) == (b"a,b\r", "flowglass.events", 2, 7)


def test_a_dead_letter_header_that_cannot_be_read_is_one_itself() -> None:
    assert reason_of(FakeRecord(b"x", [("fg-dead-letter", b"{")])) == reasons.BAD_HEADER


def test_nothing_is_lost_in_a_mixed_batch_of_records() -> None:
    good, bad = structured(), FakeRecord(b"{")
    events, markers, dead = decode_batch([good, bad, good, FakeRecord(encode_marker("f", "live", 0)[1]), bad], "i1")
    assert (len(events), len(markers), len(dead)) == (2, 1, 2)
