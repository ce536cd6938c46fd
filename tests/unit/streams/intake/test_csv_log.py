"""CSV as it comes: packing, character sets, line ends, quotes, columns, bad rows."""

import gzip
import random
from datetime import UTC
from hashlib import sha256
from pathlib import Path

import pytest

from metrics.texts.times import instant
from metrics.words import ObjectRef
from streams.codecs import reasons
from streams.intake.options import IntakeError, LogOptions
from tests.unit.streams.intake.logs import ROWS, cases, read


def test_a_row_becomes_a_step_of_its_case_with_identity_by_content_and_row(tmp_path: Path) -> None:
    (first, second), dead = read(tmp_path, "log.csv", ROWS)
    content = sha256(ROWS.encode()).hexdigest()
    assert not dead
    assert (first.type, first.activity, first.time) == ("log.step.v1", "Create", instant("2026-01-02T12:00:00Z"))
    assert first.objects == (ObjectRef("log.0", "7", "case"),)
    assert first.attributes == {"activity": "Create", "Resource": "ann"}
    assert second.attributes == {"activity": "Pay"}
    assert first.actor == "ann"
    assert first.id == sha256(f"{content}|log.0|0".encode()).hexdigest()[:32]
    assert (second.sequence, second.position, second.origin) == (1, 1, f"file:{content[:16]}")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_line_ends_and_delimiters_of_all_kinds_read_the_same(tmp_path: Path, end: str, mark: str) -> None:
    events, dead = read(tmp_path, "log.csv", ROWS.replace("\n", end).replace(",", mark))
    assert (cases(events), [event.activity for event in events], dead) == (["7", "7"], ["Create", "Pay"], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_character_sets_are_recognised(tmp_path: Path, encoding: str) -> None:
    events, dead = read(tmp_path, "log.csv", ROWS.replace("Create", "Créer").encode(encoding))
    assert (events[0].activity, cases(events), dead) == ("Créer", ["7", "7"], [])


def test_packed_files_are_read_whatever_their_name(tmp_path: Path) -> None:
    assert cases(read(tmp_path, "log.csv.gz", ROWS)[0]) == ["7", "7"]
    assert cases(read(tmp_path, "log.csv", gzip.compress(ROWS.encode()))[0]) == ["7", "7"]


def test_a_packed_file_that_breaks_off_gives_what_came_before_and_a_dead_letter(tmp_path: Path) -> None:
    rows = "".join(f"{random.Random(n).random()},Go,2026-01-02,x\n" for n in range(9000))
    packed = gzip.compress(("Case ID,Activity,Timestamp,Resource\n" + rows).encode())
    events, dead = read(tmp_path, "log.csv.gz", packed[: len(packed) // 2])
    assert len(events) > 1000
    assert [letter.reason for letter in dead][-1] == reasons.BROKEN_FILE


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    content = 'case,activity,time,note\r"a,1","say ""hi""",2026-01-02,"one\rtwo"\rb,Go,2026-01-02,\r'
    events, dead = read(tmp_path, "log.csv", content)
    assert cases(events) == ["a,1", "b"]
    assert (events[0].activity, events[0].attributes["note"], dead) == ('say "hi"', "one\rtwo", [])


def test_case_ids_are_text_as_they_stand(tmp_path: Path) -> None:
    ids = ["NA", "null", "0012", "nan", "1e5", "None", " x", "TRUE"]
    events, _ = read(tmp_path, "log.csv", "case,activity,time\n" + "".join(f"{name},Go,2026-01-02\n" for name in ids))
    assert cases(events) == ids


def test_every_bad_row_is_a_dead_letter_with_its_number_and_text(tmp_path: Path) -> None:
    rows = ["1,Go,2026-01-02", ",Go,2026-01-02", "2,,2026-01-02", "3,Go,soon", "4,Go,", "5,Go", "6,Go,2026-01-02,x"]
    rows += ["7,Go,2999-01-01", "8,Go,2026-01-02,", "", "9,Go,2026-01-02"]
    content = "".join(f"{row}\n" for row in ["case,activity,time", *rows])
    events, dead = read(tmp_path, "log.csv", content)
    assert cases(events) == ["1", "8", "9"]
    assert [event.sequence for event in events] == [0, 8, 9]
    assert [(letter.position, letter.reason) for letter in dead] == [
        (1, reasons.NO_CASE),
        (2, reasons.NO_ACTIVITY),
        (3, reasons.BAD_TIME),
        (4, reasons.BAD_TIME),
        (5, reasons.BAD_ROW),
        (6, reasons.BAD_ROW),
        (7, reasons.TIME_OUT_OF_RANGE),
    ]
    assert dead[2].payload == b"3,Go,soon\n"
    assert dead[2].detail.startswith("row 4: ")


def test_a_cell_beyond_all_measure_is_a_dead_letter_and_later_rows_are_read(tmp_path: Path) -> None:
    content = f"case,activity,time\n1,{'x' * 200_000},2026-01-02\n2,Go,2026-01-02\n"
    events, dead = read(tmp_path, "log.csv", content)
    assert (cases(events), [letter.reason for letter in dead]) == (["2"], [reasons.BAD_ROW])


def test_named_columns_win_over_guessed_ones(tmp_path: Path) -> None:
    content = "case id,activity,time,order,what,when,began,Supplier No\n1,a,2026-01-01,O1,w,2026-01-02,2026-01-01,S9\n"
    options = LogOptions(
        case="order",
        activity="what",
        time="when",
        start="began",
        objects=("Supplier No", "case id=ticket"),
        case_type="purchase_order",
    )
    ((event,), _) = read(tmp_path, "log.csv", content, options)
    assert event.objects == (
        ObjectRef("purchase_order", "O1", "case"),
        ObjectRef("supplier_no", "S9", "supplier_no"),
        ObjectRef("ticket", "1", "ticket"),
    )
    assert (event.activity, event.time, event.started) == ("w", instant("2026-01-02", UTC), instant("2026-01-01", UTC))
    assert event.attributes == {"activity": "w", "column:activity": "a", "time": "2026-01-01"}


def test_an_unknown_column_is_an_error_with_the_nearest_and_all_there_are(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"--case: there is no column 'CaseID'. Did you mean 'Case ID'.*'Resource'"):
        read(tmp_path, "log.csv", ROWS, LogOptions(case="CaseID"))


def test_a_role_that_no_column_plays_is_an_error_that_says_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"No column looks like the activity: name it with --activity.*'x'"):
        read(tmp_path, "log.csv", "case,x,time\n1,2,3\n")


def test_a_start_column_alone_is_the_time(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.csv", "case,activity,Start Time\n1,Go,2026-01-02\n")
    assert (events[0].time, events[0].started) == (instant("2026-01-02", UTC), None)


def test_naive_times_are_in_the_declared_zone(tmp_path: Path) -> None:
    content = (
        "case,activity,time\n1,Go,2026-07-01 12:00:00\n1,Go,2026-07-01 12:00:00.000\n1,Go,2026-07-01T12:00:00+00:00\n"
    )
    events, _ = read(tmp_path, "log.csv", content, LogOptions(zone="Europe/Berlin"))
    ten, noon = instant("2026-07-01T10:00:00Z"), instant("2026-07-01T12:00:00Z")
    assert [event.time for event in events] == [ten, ten, noon]
    with pytest.raises(IntakeError, match="unknown zone"):
        read(tmp_path, "log.csv", content, LogOptions(zone="Berlin"))


def test_a_date_without_a_clock_is_marked_as_day_accurate(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.csv", "case,activity,time\n1,Go,2026-07-01\n1,Go,2026-07-01 10:00\n")
    assert [event.precision for event in events] == ["day", "minute"]


def test_an_empty_file_and_a_binary_one_are_errors_that_say_so(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="is empty"):
        read(tmp_path, "log.csv", "")
    with pytest.raises(IntakeError, match="Parquet"):
        read(tmp_path, "log.parquet", b"PAR1....")


def test_nameless_and_repeated_columns_keep_apart(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.csv", "case,activity,time,note,note,\n1,Go,2026-01-02,a,b,c\n")
    assert events[0].attributes == {"activity": "Go", "note": "a", "note (2)": "b", "column 6": "c"}
