"""Files of spans → records for the spans topic, and what a worker reads back from them."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from metrics.words import DeadLetter
from streams.codecs.reasons import (
    BAD_ROW,
    BAD_TIME,
    BROKEN_FILE,
    MALFORMED_JSON,
    TIME_OUT_OF_RANGE,
    WRONG_TYPE,
)
from streams.intake.options import IntakeError
from streams.spans.buffer import Record, SpanBuffer
from streams.spans.files import read_span_file
from streams.spans.packing import SpanMessage
from streams.spans.reasons import BAD_TRACE_ID
from tests.unit.streams.spans.otlp import (
    OTHER_TRACE,
    SPAN_ID,
    SPAN_KEYS,
    START,
    TRACE,
    as_json,
    listed,
    message,
    row_by_row,
    span,
)

NEZHA = "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration"
BOUTIQUE = Path(__file__).parents[5] / "shared" / "data" / "onlineboutique_traces"


class Batch(msgspec.Struct):
    records: list[Record]
    topic: str = "otlp_spans"
    partition: int = 0


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def split(path: Path) -> tuple[list[SpanMessage], list[DeadLetter]]:
    found = list(read_span_file(path))
    return [one for one in found if isinstance(one, SpanMessage)], [one for one in found if isinstance(one, DeadLetter)]


def worked(messages: list[SpanMessage]) -> SpanBuffer:
    buffer = SpanBuffer(SPAN_KEYS)
    records: list[Record] = [(at, 0, one.key, one.value, one.headers) for at, one in enumerate(messages)]
    buffer.add(Batch(records), "log-1")
    return buffer


def spans_of(path: Path) -> list[dict[str, Any]]:
    messages, letters = split(path)
    assert not letters
    return row_by_row(worked(messages).rows()["spans"])


def test_a_row_of_nezhas_form_becomes_a_span(tmp_path: Path) -> None:
    row = f"{TRACE},{SPAN_ID},root,check-out-579b9bff58-t2dbm,Cart/Get,{START},{START + 7},0"
    (found,) = spans_of(written(tmp_path, "a.csv", f"{NEZHA}\n{row}\n"))
    assert (found["trace_id"], found["span_id"], found["parent_span_id"]) == (TRACE, SPAN_ID, "")
    assert (found["service"], found["name"], found["start"], found["duration_ns"]) == (
        "check-out",
        "Cart/Get",
        START,
        7,
    )
    assert json.loads(found["resource"])["k8s.pod.name"] == "check-out-579b9bff58-t2dbm"
    assert found["origin"].startswith("file:")


def test_generic_columns_and_attributes_are_guessed(tmp_path: Path) -> None:
    header = "trace_id,span_id,parent,service,name,start,duration_ms,kind,status,purchase_order.id"
    row = f"{TRACE.upper()},{SPAN_ID},{SPAN_ID[::-1]},erp,Post,2026-01-02T03:04:05Z,1.5,SERVER,error,PO-1"
    messages, _ = split(written(tmp_path, "a.csv", f"\ufeff{header}\r{row}\r"))
    tables = worked(messages).rows()
    (found,) = row_by_row(tables["spans"])
    assert (found["start"], found["duration_ns"]) == (1_767_323_045_000_000_000, 1_500_000)
    assert (found["service"], found["kind"], found["status"]) == ("erp", "server", "error")
    assert listed(tables["span_refs"])["object_id"] == ["PO-1"]


@pytest.mark.parametrize(
    ("start", "nanoseconds"),
    [
        ("1767323045", 1_767_323_045_000_000_000),
        ("1767323045.25", 1_767_323_045_250_000_000),
        ("1767323045123", 1_767_323_045_123_000_000),
        ("1767323045123456", 1_767_323_045_123_456_000),
        ("1767323045123456789", 1_767_323_045_123_456_789),
    ],
)
def test_a_times_size_tells_its_unit(tmp_path: Path, start: str, nanoseconds: int) -> None:
    header = "trace_id,span_id,service,name,start,duration_ns"
    (found,) = spans_of(written(tmp_path, "a.csv", f"{header}\n{TRACE},{SPAN_ID},a,b,{start},5\n"))
    assert (found["start"], found["duration_ns"]) == (nanoseconds, 5)


def test_unknown_columns_are_an_error_that_lists_them(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", f"{NEZHA},Colour,Mood\n")
    with pytest.raises(IntakeError, match="'Colour', 'Mood'"):
        list(read_span_file(path))


def test_missing_columns_are_an_error_that_lists_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "trace_id,activity\n")
    with pytest.raises(IntakeError, match=r"span, start, end or duration.*'trace_id', 'activity'"):
        list(read_span_file(path))


def test_a_duration_without_a_unit_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "trace_id,span_id,service,name,start,duration\n")
    with pytest.raises(IntakeError, match="duration_ms"):
        list(read_span_file(path))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("too,short", BAD_ROW),
        (f"xyz,{SPAN_ID},root,a,b,{START},{START},0", BAD_TRACE_ID),
        (f"{TRACE},{SPAN_ID},root,a,b,,{START},0", BAD_TIME),
        (f"{TRACE},{SPAN_ID},root,a,b,soon,{START},0", BAD_TIME),
        (f"{TRACE},{SPAN_ID},root,a,b,-5,{START},0", BAD_TIME),
        (f"{TRACE},{SPAN_ID},root,a,b,{START},99999999999999999999,0", TIME_OUT_OF_RANGE),
    ],
)
def test_a_row_that_cannot_be_read_is_a_dead_letter_at_its_row(tmp_path: Path, row: str, reason: str) -> None:
    good = f"{TRACE},{SPAN_ID},root,a,b,{START},{START},0"
    messages, letters = split(written(tmp_path, "a.csv", f"{NEZHA}\n{good}\n{row}\n{good}\n"))
    assert [(one.reason, one.position, one.payload) for one in letters] == [(reason, 1, f"{row}\n".encode())]
    assert listed(worked(messages).rows()["spans"])["position"] == [0, 2]


def test_an_unknown_kind_in_a_row_is_a_dead_letter(tmp_path: Path) -> None:
    row = f"{TRACE},{SPAN_ID},a,b,{START},5,banana"
    _, letters = split(written(tmp_path, "a.csv", f"trace_id,span_id,service,name,start,duration_ns,kind\n{row}\n"))
    assert [one.reason for one in letters] == [WRONG_TYPE]


def test_a_torn_archive_gives_what_came_before_and_a_dead_letter(tmp_path: Path) -> None:
    rows = "".join(
        f"{number:032x},{SPAN_ID},root,a,b,{START + number},{START + number},0\n" for number in range(1, 9_000)
    )
    packed = gzip.compress(f"{NEZHA}\n{rows}".encode())
    messages, letters = split(written(tmp_path, "a.csv.gz", packed[: len(packed) // 2]))
    assert [one.reason for one in letters] == [BROKEN_FILE]
    assert 0 < sum(one.spans for one in messages) == letters[0].position


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson.gz", "a.json"])
def test_json_lines_give_each_span_its_running_number(tmp_path: Path, name: str) -> None:
    other = span(trace_id=bytes.fromhex(OTHER_TRACE), name="other")
    lines = as_json(message(span(name="first"), other)) + b"\n\n" + as_json(message(span(name="third"))) + b"\n"
    content = gzip.compress(lines) if name.endswith("gz") else lines
    found = spans_of(written(tmp_path, name, content))
    assert {one["name"]: one["position"] for one in found} == {"first": 0, "other": 1, "third": 2}


def test_a_document_over_several_lines_is_read_whole(tmp_path: Path) -> None:
    pretty = json.dumps(json.loads(as_json(message(span()))), indent=2)
    assert len(spans_of(written(tmp_path, "a.json", pretty))) == 1


def test_a_line_that_cannot_be_read_is_a_dead_letter(tmp_path: Path) -> None:
    line = as_json(message(span()))
    messages, letters = split(written(tmp_path, "a.jsonl", line + b'\n{"resourceSpans\n' + line))
    assert [(one.reason, one.position) for one in letters] == [(MALFORMED_JSON, 1)]
    assert listed(worked(messages).rows()["spans"])["position"] == [0, 2]


def test_a_bad_span_in_a_line_is_refused_behind_the_broker(tmp_path: Path) -> None:
    messages, letters = split(written(tmp_path, "a.jsonl", as_json(message(span(), span(trace_id=b"")))))
    assert not letters
    assert [(one.reason, one.position) for one in worked(messages).dead_letters] == [(BAD_TRACE_ID, 1)]


def test_another_kind_of_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="span files end in"):
        read_span_file(written(tmp_path, "a.xes", ""))
    with pytest.raises(IntakeError, match="cannot open"):
        read_span_file(tmp_path / "absent.csv")


@pytest.mark.skipif(not BOUTIQUE.is_dir(), reason="needs ../shared/data/onlineboutique_traces beside the project")
def test_the_online_boutiques_spans_come_out_as_they_went_in() -> None:
    found: list[dict[str, Any]] = []
    keys: dict[str, set[bytes]] = {}
    for path in sorted(BOUTIQUE.glob("*.csv.gz")):
        messages, letters = split(path)
        assert not letters
        found += row_by_row(worked(messages).rows()["spans"])
        for one in messages:
            for trace_id in listed(worked([one]).rows()["spans"])["trace_id"]:
                keys.setdefault(trace_id, set()).add(one.key)
    distinct = {(one["trace_id"], one["span_id"]): one for one in found}
    assert (len(found), len(distinct)) == (62_438, 62_065)
    assert len({(one["origin"], one["position"]) for one in found}) == 62_438
    assert len({one["trace_id"] for one in found}) == 1_355
    services = Counter(one["service"] for one in found)
    assert (len(services), services["productcatalogservice"], services["emailservice"]) == (10, 24_427, 49)
    assert sum(not one["parent_span_id"] for one in found) == 1_363
    assert all(len(where) == 1 for where in keys.values())


def test_the_spans_of_a_trace_share_a_key_however_many_they_are(tmp_path: Path) -> None:
    rows = [f"{TRACE},{number:016x},root,a,b,{START},{START},0" for number in range(1, 900)]
    other = f"{OTHER_TRACE},{SPAN_ID},root,a,b,{START},{START},0"
    messages, _ = split(written(tmp_path, "a.csv", "\n".join([NEZHA, *rows[:400], other, *rows[400:]])))
    assert sorted(one.spans for one in messages) == [1, 299, 300, 300]
    assert len({one.key for one in messages if one.spans > 1}) == 1
