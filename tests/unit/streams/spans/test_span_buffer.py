"""Records of the spans topic, with and without headers, until a flush takes them."""

import msgspec
import pyarrow as pa
import pytest

from metrics.store.tables import TABLES
from metrics.words import DeadLetter, Marker
from streams.codecs.encoding import encode_dead_letter
from streams.codecs.reasons import BAD_HEADER, BAD_MARKER, BAD_ROW, EMPTY_VALUE
from streams.spans.buffer import Record, SpanBuffer
from streams.spans.messages import Headers, encode_marker, parse_positions, write_positions
from tests.unit.streams.spans.otlp import OTHER_TRACE, SPAN_KEYS, listed, message, span


class Batch(msgspec.Struct):
    records: list[Record]
    topic: str = "otlp_spans"
    partition: int = 3


VALUE = message(span({"worker.id": "W-1"}), span(trace_id=bytes.fromhex(OTHER_TRACE))).SerializeToString()


def buffered(value: bytes | None = VALUE, headers: Headers = (), offset: int = 9) -> SpanBuffer:
    buffer = SpanBuffer(SPAN_KEYS)
    buffer.add(Batch([(offset, 1_700_000_000_123, None, value, headers)]), "log-1")
    return buffer


def test_a_record_without_headers_has_its_place_in_the_log_as_position() -> None:
    found = listed(buffered().rows()["spans"])
    assert found["origin"] == ["otlp_spans/3@log-1"] * 2
    assert found["position"] == [9 << 20, (9 << 20) + 1]
    assert found["ingested"] == [1_700_000_000_123_000] * 2


def test_headers_tell_where_the_spans_were_first_read() -> None:
    buffer = buffered(headers=[("fg-origin", b"file:0123456789abcdef"), ("fg-position", b"40"), ("fg-simulated", b"1")])
    found = listed(buffer.rows()["spans"])
    assert (found["origin"][0], found["position"], found["simulated"]) == ("file:0123456789abcdef", [40, 41], [1, 1])


def test_positions_need_not_be_consecutive() -> None:
    buffer = buffered(headers=[("fg-origin", b"file:0"), ("fg-position", b"40+1,7+1")])
    assert listed(buffer.rows()["spans"])["position"] == [40, 7]


@pytest.mark.parametrize(
    "headers",
    [
        [("fg-origin", b"file:0")],
        [("fg-position", b"4")],
        [("fg-origin", b"file:0"), ("fg-position", b"-4")],
        [("fg-origin", b"file:0"), ("fg-position", b"x")],
        [("fg-origin", b"file:0"), ("fg-position", None)],
        [("fg-origin", b"file:0"), ("fg-position", b"1+1")],
        [("fg-origin", b"file:0"), ("fg-position", b"1+999999999999")],
        [("fg-origin", b"file:0"), ("fg-position", b"9" * 30)],
        [("fg-origin", b"\xff"), ("fg-position", b"1")],
    ],
)
def test_headers_that_cannot_be_read_make_a_dead_letter(headers: Headers) -> None:
    (letter,) = buffered(headers=headers).dead_letters
    assert (letter.reason, letter.payload, letter.partition, letter.offset) == (BAD_HEADER, VALUE, 3, 9)


def test_a_marker_is_the_feeds_own_word() -> None:
    _, value, headers = encode_marker("simulator", "end", 12)
    buffer = buffered(value, headers)
    assert buffer.markers == [
        Marker(feed="simulator", kind="end", partition=3, count=12, origin="otlp_spans/3@log-1", position=9)
    ]
    assert buffer.rows()["markers"]["ingested"] == [1_700_000_000_123_000]


@pytest.mark.parametrize(
    "header", [None, b"", b"{", b'{"feed":"a","kind":"stop","count":1}', b'{"feed":"","kind":"end"}']
)
def test_a_malformed_marker_is_a_dead_letter(header: bytes | None) -> None:
    assert [one.reason for one in buffered(b"", [("fg-marker", header)]).dead_letters] == [BAD_MARKER]


def test_what_an_edge_could_not_read_arrives_with_its_own_place() -> None:
    letter = DeadLetter(
        origin="file:0", position=4, topic="", partition=0, offset=0, reason=BAD_ROW, detail="7 cells", payload=b"a,b"
    )
    _, value, headers = encode_dead_letter(letter)
    (kept,) = buffered(value, headers).dead_letters
    assert (kept.origin, kept.position, kept.reason, kept.payload) == ("file:0", 4, BAD_ROW, b"a,b")
    assert (kept.topic, kept.partition, kept.offset) == ("otlp_spans", 3, 9)


def test_a_record_without_a_value_is_a_dead_letter() -> None:
    assert [one.reason for one in buffered(None).dead_letters] == [EMPTY_VALUE]


def test_rows_stay_the_same_until_they_are_cleared() -> None:
    buffer = buffered()
    assert buffer.rows() == buffer.rows()
    assert (len(buffer), buffer.size) == (2, len(VALUE))
    buffer.clear()
    assert (buffer.rows(), len(buffer), buffer.size, buffer.counts.spans) == ({}, 0, 0, 2)


def test_every_table_fits_its_schema() -> None:
    buffer = buffered()
    buffer.add(Batch([(10, 5, None, b"\xff", []), (11, 5, None, b"", encode_marker("a", "live", 0)[2])]), "log-1")
    tables = buffer.rows()
    assert set(tables) == {"spans", "span_refs", "markers"}
    assert len(buffer.dead_letters) == 1
    for table, columns in tables.items():
        assert list(columns) == TABLES[table].names
        arrays = [pa.array(columns[column.name], column.type) for column in TABLES[table]]
        assert pa.Table.from_arrays(arrays, schema=TABLES[table]).num_rows == len(arrays[0])


def test_positions_are_written_as_they_are_read() -> None:
    for positions in ([5], [5, 6, 7], [5, 7, 8, 1]):
        read = parse_positions(write_positions(positions))
        assert read == (positions[0] if positions in ([5], [5, 6, 7]) else positions)


def test_positions_go_on_over_the_resources_of_a_message() -> None:
    both = message(span(), span(), resource={"service.name": "a"})
    both.MergeFrom(message(span(span_id=b""), span(), resource={"service.name": "b"}))
    buffer = buffered(both.SerializeToString())
    found = listed(buffer.rows()["spans"])
    assert list(zip(found["service"], found["position"], strict=True)) == [
        ("a", 9 << 20),
        ("a", (9 << 20) + 1),
        ("b", (9 << 20) + 3),
    ]
    assert [one.position for one in buffer.dead_letters] == [(9 << 20) + 2]
