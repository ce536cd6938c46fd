"""JSON lines: canonical events, or flat rows."""

import json
from pathlib import Path

import pytest

from metrics.texts.times import instant
from metrics.words import ObjectRef
from streams.codecs import reasons
from streams.intake.options import IntakeError, LogOptions
from tests.unit.streams.codecs.records import envelope
from tests.unit.streams.intake.logs import cases, read


def test_canonical_lines_keep_their_own_id_origin_and_sequence(tmp_path: Path) -> None:
    lines = [envelope(), envelope(id="e-2", origin="file:0a", sequence="41")]
    (first, second), dead = read(tmp_path, "events.jsonl", "\n".join(map(json.dumps, lines)))
    assert (first.id, first.origin, first.feed) == ("e-1", "", "/coupa")
    assert (second.id, second.origin, second.position, dead) == ("e-2", "file:0a", 41, [])


def test_a_canonical_file_follows_the_feed_it_is_loaded_in(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "events.jsonl", json.dumps(envelope()), LogOptions(feed="files:1", case_type="log.0"))
    assert events[0].feed == "files:1"


def test_flat_rows_have_columns_as_a_table_has(tmp_path: Path) -> None:
    rows = [
        {"case": 12, "activity": "Go", "timestamp": "2026-01-02T12:00:00Z", "supplier": "S1", "net": 1.25, "ok": True},
        {"case": "0012", "activity": "Pay", "timestamp": "2026-01-03", "late": 3, "ok": None},
    ]
    options = LogOptions(objects=("supplier",), case_type="log.0")
    events, dead = read(tmp_path, "rows.json", "\r\n".join(map(json.dumps, rows)), options)
    assert (cases(events), dead) == (["12", "0012"], [])
    assert events[0].objects[1] == ObjectRef("supplier", "S1", "supplier")
    assert [event.attributes for event in events] == [
        {"activity": "Go", "net": 1.25, "ok": True},
        {"activity": "Pay", "late": 3},
    ]
    assert [event.precision for event in events] == ["instant", "day"]


def test_epoch_times_may_be_numbers(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "rows.ndjson", '{"case":1,"activity":"Go","time":1297866660000}\n')
    assert events[0].time == instant("2011-02-16T14:31:00Z")


def test_bad_lines_are_dead_letters_with_their_number_and_blank_ones_are_none(tmp_path: Path) -> None:
    good = '{"case":"1","activity":"Go","time":"2026-01-02"}'
    lines = [good, "", "{", "[]", '{"case":"1","activity":"Go"}', '{"activity":"Go","time":"2026-01-02"}', good]
    events, dead = read(tmp_path, "rows.jsonl", "\n".join(lines))
    assert [event.sequence for event in events] == [0, 5]
    assert [(letter.position, letter.reason) for letter in dead] == [
        (1, reasons.MALFORMED_JSON),
        (2, reasons.BAD_ROW),
        (3, reasons.BAD_TIME),
        (4, reasons.NO_CASE),
    ]
    assert dead[0].payload == b"{"


def test_a_line_without_end_is_one_dead_letter_and_the_next_line_is_read(tmp_path: Path) -> None:
    good = '{"case":"1","activity":"Go","time":"2026-01-02"}'
    events, dead = read(tmp_path, "rows.jsonl", f'{good}\n{{"x":"{"y" * (3 << 20)}"}}\n{good}\n')
    assert (len(events), [letter.reason for letter in dead]) == (2, [reasons.TOO_LARGE])
    assert len(dead[0].payload) <= 1 << 20


def test_a_file_without_objects_and_an_unknown_column_are_errors(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="holds no JSON object"):
        read(tmp_path, "rows.jsonl", "")
    with pytest.raises(IntakeError, match=r"no column 'Case'. Did you mean 'case'"):
        read(tmp_path, "rows.jsonl", '{"case":1,"activity":"Go","time":1}', LogOptions(case="Case"))
