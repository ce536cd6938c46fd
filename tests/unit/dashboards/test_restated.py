"""Restated figures on pages: rows, the cases behind one, and marks on weeks."""

import pytest

from dashboards.address import Address
from dashboards.figures.attainment import week_heat_map
from dashboards.filling import Empty, Request
from dashboards.restated import CaseName, fill_restated, key_of, restated_cases, week_marks
from dashboards.scope import Desk
from metrics.queries.restatement_rows import Restatement
from metrics.queries.rows import SlaWeek
from tests.unit.dashboards.fake_reader import NOW, FakeReader

R2P = "requisition_to_pay"
WEEK = 1_795_392_000_000_000 - 3 * 7 * 86_400_000_000
"""Monday, 2 November 2026."""


def restatement(cases: list[str], facility: str = "north", revision: int = 1) -> Restatement:
    said = '{"closures":"204","decided":"%d","met":"192","missed":"%d"}'
    return Restatement(
        "sla", R2P, "requisition_to_order", facility, "", "week", "2026-11-02", revision, NOW, said % (204, 12),
        said % (205, 13), ["late_event"], [len(cases)], len(cases), ["e"], [R2P] * len(cases), cases, 10_800_000_000,
        "", 1, 1,
    )  # fmt: skip


def request(reader: FakeReader) -> Request:
    return Request(Desk(reader).scope(Address(process=R2P)), False, 0, (), [])


def test_a_row_tells_both_values_and_why_and_opens_the_case() -> None:
    reader = FakeReader(restatement_list=[restatement(["C1"])])
    (row,), _ = fill_restated(reader, ("sla",), request(reader))
    assert (row["case"], row["was"], row["now"]) == (
        "Week 45 of 2026", "94.1 % (12 of 204 missed)", "93.7 % (13 of 205 missed)"
    )  # fmt: skip
    assert row["because"] == "events of 1 case came 3 h late"
    assert row["href"] == f"/case?process={R2P}&id=C1"


def test_several_cases_are_opened_as_the_list_of_exactly_these() -> None:
    several = restatement(["C1", "C2"], revision=2)
    reader = FakeReader(restatement_list=[restatement(["C0"]), several])
    rows, _ = fill_restated(reader, ("sla",), request(reader))
    assert rows[1]["href"].startswith("/cases?")
    assert "restated=sla" in rows[1]["href"]
    assert restated_cases(reader, key_of(several)) == [CaseName(R2P, "C1"), CaseName(R2P, "C2")]
    assert restated_cases(reader, "nonsense") == []


def test_a_page_where_nothing_was_restated_says_so() -> None:
    reader = FakeReader()
    with pytest.raises(Empty, match="No number of a closed interval has changed"):
        fill_restated(reader, ("sla",), request(reader))


def test_a_restated_week_carries_a_mark_that_tells_why() -> None:
    reader = FakeReader(restatement_list=[restatement(["C1"]), restatement(["C1"], facility="")])
    marks = week_marks(reader, request(reader).scope)
    assert list(marks) == [("north", WEEK)]
    heat = week_heat_map([SlaWeek("north", WEEK, 192, 13), SlaWeek("south", WEEK, 10, 0)], 0.9, marks)
    shown = {
        row: (text[0], hover[0])
        for row, text, hover in zip(heat.data[0].y, heat.data[0].text, heat.data[0].hovertext, strict=True)
    }
    assert shown["North"][0] == "94 % ↺"
    assert "was 94.1 % (12 of 204 missed), is 93.7 %" in shown["North"][1]
    assert "↺" not in shown["South"][0]
