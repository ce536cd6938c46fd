"""Spans of a paused service go aside with their record; those of its neighbours go on as if nothing were."""

from typing import Any

import pyarrow as pa
from opentelemetry.proto.trace.v1.trace_pb2 import Span, TracesData

from metrics.words import DeadLetter
from streams.codecs.encoding import encode_dead_letter
from streams.codecs.reasons import BAD_HEADER, MALFORMED_JSON, SOURCE_PAUSED
from streams.dead_letters.span_envelopes import Envelopes
from streams.dead_letters.span_sieve import Record, SpanBatch, SpanSieve
from streams.spans.buffer import SpanBuffer
from streams.spans.csv_spans import dead_letter
from streams.spans.messages import encode_marker
from tests.unit.streams.spans.otlp import SPAN_KEYS, as_json, message, span

PAUSED = {"coupa-adapter"}


def numbered(number: int, **fields: Any) -> Span:
    return span(span_id=number.to_bytes(8, "big"), **fields)


def of(service: str, *numbers: int) -> TracesData:
    return message(*(numbered(number) for number in numbers), resource={"service.name": service})


BOTH = TracesData(
    resource_spans=[
        *of("sap-adapter", 1, 2).resource_spans,
        *of("coupa-adapter", 3).resource_spans,
        *of("sap-adapter", 4).resource_spans,
    ]
)


def stored(*batches: SpanBatch) -> dict[str, tuple[str, str, int]]:
    """Span id → service, origin and position."""
    buffer = SpanBuffer(SPAN_KEYS)
    for batch in batches:
        buffer.add(batch, "log-1")
    assert buffer.dead_letters == []
    rows = pa.table(buffer.rows()["spans"]).to_pylist()
    return {row["span_id"]: (row["service"], row["origin"], row["position"]) for row in rows}


def record(value: bytes, headers: Any = (), key: bytes | None = b"k") -> Record:
    return (9, 1_700_000_000_123, key, value, headers)


def test_without_a_pause_a_batch_goes_on_untouched() -> None:
    batch = SpanBatch("otlp_spans", 3, [record(BOTH.SerializeToString())])
    kept, aside = SpanSieve(set()).apply(batch, "log-1")
    assert kept is batch
    assert aside == []


def test_a_record_of_a_paused_service_goes_aside_byte_for_byte() -> None:
    came = record(of("coupa-adapter", 1, 2).SerializeToString(), [("x", b"\xff")])
    kept, aside = SpanSieve(PAUSED).apply(SpanBatch("otlp_spans", 3, [came]), "log-1")
    assert kept.records == []
    (letter,) = aside
    assert (letter.payload, letter.record_key, letter.record_headers) == (came[3], b"k", (("x", b"\xff"),))
    assert (letter.reason, letter.source, letter.offset) == (SOURCE_PAUSED, "coupa-adapter", 9)
    assert (letter.origin, letter.position) == ("otlp_spans/3@log-1", 9 << 20)


def test_neighbours_in_the_same_record_go_on_and_nobody_s_position_changes() -> None:
    for value in (BOTH.SerializeToString(), as_json(BOTH)):
        came = record(value)
        alone = stored(SpanBatch("otlp_spans", 3, [came]))
        kept, aside = SpanSieve(PAUSED).apply(SpanBatch("otlp_spans", 3, [came]), "log-1")
        going_on = stored(kept)
        assert {row[0] for row in going_on.values()} == {"sap-adapter"}
        (letter,) = aside
        back = (50, 1, letter.record_key, letter.payload, letter.record_headers)
        assert stored(kept, SpanBatch("otlp_spans", 0, [back])) == alone


def test_positions_of_a_file_stay_with_their_spans() -> None:
    came = record(BOTH.SerializeToString(), [("fg-origin", b"file:0"), ("fg-position", b"7+3,40+1")])
    kept, aside = SpanSieve(PAUSED).apply(SpanBatch("otlp_spans", 3, [came]), "log-1")
    assert sorted(row[1:] for row in stored(kept).values()) == [("file:0", 7), ("file:0", 8), ("file:0", 40)]
    assert (aside[0].origin, aside[0].position) == ("file:0", 9)


def test_markers_dead_letters_and_what_cannot_be_split_are_left_to_the_reader() -> None:
    _, value, headers = encode_marker("simulator", "end", 12)
    carried = encode_dead_letter(dead_letter("file:0", 4, "bad_row", "", b"a,b"))
    records = [
        record(value, headers), record(carried[1], carried[2]), record(b"\xff"), record(b""),
        record(of("coupa-adapter", 1).SerializeToString(), [("fg-origin", b"file:0")]),
    ]  # fmt: skip
    kept, aside = SpanSieve(PAUSED).apply(SpanBatch("otlp_spans", 3, records), "log-1")
    assert list(kept.records) == records
    assert aside == []


def test_a_pause_may_come_and_go_between_two_batches() -> None:
    paused: set[str] = set()
    sieve = SpanSieve(paused)
    batch = SpanBatch("otlp_spans", 3, [record(of("coupa-adapter", 1).SerializeToString())])
    assert len(sieve.apply(batch, "i")[0].records) == 1
    paused.add("coupa-adapter")
    assert len(sieve.apply(batch, "i")[0].records) == 0
    paused.clear()
    assert len(sieve.apply(batch, "i")[0].records) == 1


def test_a_message_that_died_keeps_its_key_and_headers() -> None:
    (letter,) = _died(record(b'{"resourceSpans":[', [("x", b"1")]))
    assert (letter.reason, letter.record_key, letter.record_headers) == (MALFORMED_JSON, b"k", (("x", b"1"),))


def test_a_message_whose_place_cannot_be_read_keeps_the_header_that_says_so() -> None:
    (letter,) = _died(record(message(numbered(1)).SerializeToString(), [("fg-origin", b"file:0")]))
    assert (letter.reason, letter.record_headers) == (BAD_HEADER, (("fg-origin", b"file:0"),))


def test_a_message_with_neither_key_nor_headers_has_none_as_a_letter() -> None:
    (letter,) = _died(record(b"\xff", key=None))
    assert (letter.record_key, letter.record_headers) == (None, ())


def test_a_span_that_died_alone_tells_its_own_position_only() -> None:
    value = message(numbered(1), numbered(2, trace_id=b"")).SerializeToString()
    (letter,) = _died(record(value, [("x", b"1"), ("fg-origin", b"file:0"), ("fg-position", b"7+1,40+1")]))
    assert letter.record_headers == (("x", b"1"), ("fg-origin", b"file:0"), ("fg-position", b"40"))


def test_what_an_edge_sent_on_has_no_key_of_its_own() -> None:
    _, value, headers = encode_dead_letter(dead_letter("file:0", 4, "bad_row", "", b"a,b"))
    (letter,) = _died(record(value, [*headers, ("x", b"1")]))
    assert (letter.origin, letter.record_key, letter.record_headers) == ("file:0", None, (("x", b"1"),))


def _died(came: Record) -> list[DeadLetter]:
    buffer, envelopes = SpanBuffer(SPAN_KEYS), Envelopes()
    batch = SpanBatch("otlp_spans", 3, [came])
    envelopes.note(batch)
    buffer.add(batch, "log-1")
    return [envelopes.restored(letter) for letter in buffer.dead_letters]
