"""Figures are pure functions of rows: what they draw follows from what they get."""

import itertools

import msgspec
import pytest

from dashboards.figures.attainment import Standing, attainment_bars, week_heat_map
from dashboards.figures.case_timeline import GAP, LETTER, Label, case_timeline, label_places, tick_length
from dashboards.figures.clock_bars import clock_bars, pieces, standing_words
from dashboards.figures.waterfall import ordered, waterfall
from dashboards.wording import HOUR
from metrics.queries.rows import CaseClock, CaseMilestone, CaseTrace, SlaWeek, TraceSpan


def clock(**changes: object) -> CaseClock:
    base = CaseClock("approval", "met", 0, 30 * HOUR, 18 * HOUR, 24 * HOUR, 30 * HOUR, 20 * HOUR, 24 * HOUR, "[]")
    return msgspec.structs.replace(base, **changes)


def span(name: str, parent: str = "", start: int = 0, status: str = "OK") -> TraceSpan:
    return TraceSpan(name, parent, "svc", name, "client", "", start, 1000, status, "")


def test_the_pieces_of_a_clock_fill_it_without_gaps() -> None:
    found = pieces(clock(pauses=f'[[{5 * HOUR},{9 * HOUR},"waiting for supplier"]]'), 0)
    assert [piece.kind for piece in found] == ["work", "wait", "work", "over"]
    assert found[0].start == 0
    assert found[-1].stop == 30 * HOUR
    assert all(a.stop == b.start for a, b in itertools.pairwise(found))


def test_a_clock_paused_now_ends_in_its_pause() -> None:
    found = pieces(clock(status="paused", stopped_us=None, deadline_us=None, pauses=f'[[{HOUR},null,"x"]]'), 4 * HOUR)
    assert [(piece.kind, piece.stop) for piece in found] == [("work", HOUR), ("wait", 4 * HOUR)]


def test_pauses_are_hatched_and_time_past_the_deadline_is_vermillion() -> None:
    figure = clock_bars([clock()], 0, True, str.title)
    work, wait, over = figure.data[:3]
    assert wait.marker.pattern.shape == "/"
    assert over.marker.color == "#d55e00"
    assert len(over.x) == 1
    assert "20 h of 24 h" in figure.layout.annotations[0].text
    assert work.x[0] == 24 * HOUR / 1000


def test_gross_time_counts_the_pauses() -> None:
    assert "30 h of 24 h" in clock_bars([clock()], 0, False, str).layout.annotations[0].text


@pytest.mark.parametrize(
    ("now", "words"), [(20 * HOUR, "due in 4 h · target 24 h"), (30 * HOUR, "6 h overdue · target 24 h")]
)
def test_a_clock_that_runs_is_told_by_its_deadline_not_by_its_last_row(now: int, words: str) -> None:
    assert standing_words(clock(status="running", stopped_us=None), now, True) == words
    assert standing_words(clock(stopped_us=None, deadline_us=None), now, True) == "target 24 h"


def test_ticks_grow_with_duration_and_failed_traces_are_red_crosses() -> None:
    traces = [
        CaseTrace("t1", ["traceparent"], "e", "a", 10 * HOUR, 1000, 3, 0, ["s"], ["i"]),
        CaseTrace("t2", ["attribute"], "s", "", 20 * HOUR, HOUR, 3, 2, ["s"], []),
    ]
    figure = case_timeline(
        [CaseMilestone("created", 0, 0, 1), CaseMilestone("paid", 30 * HOUR, 40 * HOUR, 2)], traces, str.title
    )
    marks = [trace for trace in figure.data if trace.customdata is not None]
    assert [list(mark.customdata) for mark in marks] == [["t1"], ["t2"]]
    assert marks[1].marker.symbol == "x"
    assert tick_length(1000) < tick_length(10_000_000) < tick_length(HOUR)
    assert [note.text for note in figure.layout.annotations] == ["Created", "Paid"]


def test_labels_that_would_overlap_take_different_rows() -> None:
    assert label_places([0.0, 0.001, 0.002, 0.6], [10, 10, 10, 10]) == [
        Label(2, False),
        Label(1, False),
        Label(0, False),
        Label(0, False),
    ]
    assert label_places([], []) == []


def test_no_two_labels_of_one_minute_overlap_however_many_they_are() -> None:
    places, letters = [0.0, *(0.5 + n / 1e5 for n in range(14)), 0.99, 1.0], [12, *[24] * 14, 40, 30]
    boxes = [
        (label.row, at - width if label.leftward else at, at if label.leftward else at + width)
        for at, label, width in zip(
            places, label_places(places, letters), [each * LETTER + GAP for each in letters], strict=True
        )
    ]
    for one, other in itertools.combinations(boxes, 2):
        assert one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]


def test_a_label_at_the_right_edge_turns_left_and_a_long_one_is_shortened() -> None:
    assert label_places([0.0, 1.0], [10, 30]) == [Label(0, False), Label(0, True)]
    figure = case_timeline([CaseMilestone("x" * 90, 0, 0, 1)], [], str)
    assert len(figure.layout.annotations[0].text) == 40


def test_the_timeline_grows_with_its_rows_of_labels() -> None:
    few = case_timeline([CaseMilestone("a", 0, 0, 1), CaseMilestone("b", 30 * HOUR, 30 * HOUR, 1)], [], str)
    many = case_timeline([CaseMilestone(f"step {n}", n, n, 1) for n in range(12)], [], str)
    assert many.layout.height > few.layout.height + 150


def test_spans_stand_below_their_parents_and_a_cycle_is_cut() -> None:
    lines = ordered(
        [span("b", "a", 5), span("a"), span("c", "a", 2), span("x", "y"), span("y", "x"), span("z", "gone", 9)]
    )
    assert [(line.span.span_id, line.depth) for line in lines[:3]] == [("a", 0), ("c", 1), ("b", 1)]
    assert {line.span.span_id for line in lines} == {"a", "b", "c", "x", "y", "z"}
    assert len(lines) == 6


def test_a_failed_span_is_marked_by_colour_and_sign() -> None:
    figure = waterfall([span("a"), span("b", "a", 500, "error")])
    assert figure.data[1].marker.color == "#d55e00"
    assert figure.data[1].text[0].startswith("✕")


def test_an_sla_below_its_objective_says_so_in_colour_and_words() -> None:
    figure = attainment_bars(
        [Standing("a", "A", 0.9, 80, 20), Standing("b", "B", 0.9, 95, 5), Standing("c", "C", 0.9, 0, 0)]
    )
    assert figure.data[0].marker.color[:2] == ("#d55e00", "#0072b2")
    assert [note.text for note in figure.layout.annotations] == ["✕ 80.0 %", "✓ 95.0 %", "none decided"]


def test_the_heat_map_diverges_around_the_target_and_shows_each_value() -> None:
    week = 1_794_787_200_000_000
    figure = week_heat_map([SlaWeek("north", week, 8, 2), SlaWeek("south", week, 19, 1)], 0.9)
    heat = figure.data[0]
    assert heat.zmid == 90
    assert heat.zmax - 90 == 90 - heat.zmin
    assert [row[0] for row in heat.text] == ["95 %", "80 %"]
