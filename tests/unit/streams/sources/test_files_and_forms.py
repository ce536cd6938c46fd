"""Flat files, money and times."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from metrics.texts.moments import date_reader, time_reader
from metrics.texts.money import decimal_reader
from metrics.texts.times import written
from streams.codecs.reasons import Unreadable
from streams.sources.message import Outcome
from streams.sources.passport import trace_of
from tests.unit.streams.sources.written import mapped, small

FIXED: dict[str, dict[str, Any]] = {
    "fixed": {
        "lines": {
            "head": {"starts": "H", "columns": {"day": "2-11"}},
            "detail": {"starts": "D", "columns": {"nr": "2-5", "amount": "6-13"}},
            "trailer": {"starts": "T", "columns": {"rows": "2-4", "total": "5-12"}},
        },
        "control": {"count": "rows", "sums": {"amount": "total"}},
    }
}
FILE = "H2026-03-04\nD1001 00012.50\nD1002 00000.50\nT00200013.00\n"


def flat(folder: Path, body: str) -> Outcome:
    changes = {"identity": {"join": ["$head.day", "$line"], "with": "/"}, "time": "$head.day"}
    text = small(inputs=FIXED, **{f"messages__order__{name}": value for name, value in changes.items()})
    return mapped(folder, text, body)


def test_the_rows_of_a_fixed_width_file_are_its_records(tmp_path: Path) -> None:
    outcome = flat(tmp_path, FILE)
    assert [event.subject for event in outcome.events] == ["purchase_order/1001", "purchase_order/1002"]
    assert {written(event.time) for event in outcome.events} == {"2026-03-04T00:00:00.000000Z"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (FILE.replace("T002", "T003"), "control_totals"),
        (FILE.replace("13.00", "13.01"), "control_totals"),
        (FILE.replace("T00200013.00\n", ""), "no_trailer"),
        (FILE + "D1003 00000.00\n", "broken_file"),
        (FILE.replace("D1002", "X1002"), "bad_row"),
        (FILE.replace("00012.50", "00012,50"), "control_totals"),
        ("", "empty_value"),
        ("\x00\x01", "wrong_encoding"),
    ],
)
def test_a_file_that_does_not_add_up_gives_nothing(tmp_path: Path, body: str, reason: str) -> None:
    outcome = flat(tmp_path, body)
    assert (outcome.events, [letter.reason for letter in outcome.letters]) == ([], [reason])


def test_a_file_without_its_head_is_refused_when_the_head_is_required(tmp_path: Path) -> None:
    fixed = FIXED["fixed"]
    text = small(inputs={"fixed": {**fixed, "control": {**fixed["control"], "head": "required"}}})
    outcome = mapped(tmp_path, text, FILE.partition("\n")[2])
    assert [letter.reason for letter in outcome.letters] == ["no_head"]


@pytest.mark.parametrize(
    ("width", "row", "detail"),
    [
        (7, "R001abc", ""),
        ("5-7", "R001a", ""),
        (7, "R001ab", "line 2 has 6 signs; one of the layout row has 7"),
        ("5-7", "R001", "line 2 has 4 signs; one of the layout row has 5 to 7"),
        ("5-7", "R001abcd", "line 2 has 8 signs; one of the layout row has 5 to 7"),
    ],
)
def test_a_line_of_another_width_than_declared_is_refused(tmp_path: Path, width: object, row: str, detail: str) -> None:
    columns = {"nr": "2-4", "id": 5, "more": "6-7"}
    text = small(inputs={"fixed": {"lines": {"row": {"starts": "R", "width": width, "columns": columns}}}},
                 messages__order__time="=2026-01-02")  # fmt: skip
    outcome = mapped(tmp_path, text, f"R002xyz\n{row}\n")
    assert [letter.detail for letter in outcome.letters] == ([f"small: {detail}"] if detail else [])
    assert len(outcome.events) == (0 if detail else 2)


def test_one_bad_row_leaves_the_others_whole(tmp_path: Path) -> None:
    outcome = flat(tmp_path, FILE.replace("D1001", "D    "))
    assert [event.subject for event in outcome.events] == ["purchase_order/1002"]
    assert "line 2" in outcome.letters[0].detail


def test_a_delimited_file_names_its_columns_itself(tmp_path: Path) -> None:
    text = small(inputs={"csv": {"delimiter": ";", "header_row": True}})
    outcome = mapped(tmp_path, text, 'nr;id;at\n7;"a;b";2026-01-02T00:00:00Z\n8;c\n')
    assert [letter.reason for letter in outcome.letters] == ["bad_row"]
    outcome = mapped(tmp_path, text, 'nr;id;at\n7;"a;b";2026-01-02T00:00:00Z\n\n')
    assert [event.subject for event in outcome.events] == ["purchase_order/7"]


@pytest.mark.parametrize(
    ("form", "implied", "text", "expected"),
    [
        ("point", 0, "12480.50", "12480.50"),
        ("point", 0, "-0.5", "-0.5"),
        ("point", 0, "100.00-", "-100.00"),
        ("point", 0, "1e3", "1000"),
        ("point", 2, "0000123456", "1234.56"),
        ("point", 2, "5", "0.05"),
        ("comma", 0, "1234,5", "1234.5"),
        ("comma_groups", 0, "1,234,567.89", "1234567.89"),
        ("point_groups", 0, "1.234,50", "1234.50"),
        ("space_groups", 0, "1 234,50", "1234.50"),
        ("apostrophe_groups", 0, "1'234.50", "1234.50"),
    ],
)
def test_money_is_read_in_its_declared_form(form: str, implied: int, text: str, expected: str) -> None:
    assert decimal_reader(form, implied)(text) == expected


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("point", "1,234.50"),
        ("point_groups", "1.23,4"),
        ("point", ""),
        ("point", "."),
        ("point", "NaN"),
        ("point", "1e999"),
    ],
)
def test_money_in_another_form_is_refused(form: str, text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decimal_reader(form)(text)
    assert refused.value.reason == "bad_amount"


@pytest.mark.parametrize(
    ("formats", "zone", "text", "expected", "precision"),
    [
        (("iso",), None, "2026-03-11T17:26:40+0000", "2026-03-11T17:26:40.000000Z", "instant"),
        (("iso",), "America/New_York", "2026-04-16T15:51:52.64", "2026-04-16T19:51:52.640000Z", "instant"),
        (("iso",), "UTC", "2026-04-27 00:31:05", "2026-04-27T00:31:05.000000Z", "instant"),
        (("iso",), "Europe/Berlin", "2026-03-02", "2026-03-01T23:00:00.000000Z", "day"),
        (("iso",), None, "2026-03-01-08:00", "2026-03-01T08:00:00.000000Z", "day"),
        (("epoch_ms",), None, "1772451605244", "2026-03-02T11:40:05.244000Z", "instant"),
        (("odata",), None, "/Date(1772928000000)/", "2026-03-08T00:00:00.000000Z", "instant"),
        (("iso", "mdy"), "UTC", "3/30/2015 11:56:16 AM", "2015-03-30T11:56:16.000000Z", "instant"),
        (("%Y/%m/%d %H:%M:%S",), "America/Chicago", "2026/07/31 00:00:00", "2026-07-31T05:00:00.000000Z", "instant"),
        (("%d.%m.%Y",), "UTC", "31.07.2026", "2026-07-31T00:00:00.000000Z", "day"),
    ],
)  # fmt: skip
def test_a_time_is_read_in_its_declared_form(
    formats: tuple[str, ...], zone: str | None, text: str, expected: str, precision: str
) -> None:
    time, found = time_reader(formats, ZoneInfo(zone) if zone else None)(text)
    assert (written(time), found) == (expected, precision)


def test_a_time_without_offset_and_zone_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        time_reader(("iso",), None)("2026-04-16T15:51:52")
    assert refused.value.reason == "bad_time"


@pytest.mark.parametrize("text", ["2026-03-01", "2026-03-01-08:00", "2026-03-01T23:30:00Z", "2026-03-01T00:00:00"])
def test_an_effective_date_stays_the_day_that_is_written(text: str) -> None:
    assert date_reader(("iso",), None)(text) == "2026-03-01"


def test_half_a_passport_is_no_trace() -> None:
    assert trace_of("2A54482A0300E60000") is None
    assert trace_of("2A54482A" + "zz" * 226) is None
