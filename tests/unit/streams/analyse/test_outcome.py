"""What the store holds is compared with what was sent, and what does not add up is said."""

from math import nan
from typing import Any

import msgspec
import pytest

from metrics.queries.analysis.rows import Activity, CaseTotals, Completeness, SpanTotals
from streams.analyse.figures import Found, PairFigures, figures
from streams.analyse.report import duration
from streams.analyse.run import Sent, shortfalls
from streams.analyse.span_files import SpansSent
from streams.intake.load import Loaded

EMPTY = CaseTotals(0, 0, nan, nan, nan, 0, 0, nan, nan, nan, 0, 0)


def found(*, spans: int = 0, **completeness: int) -> Found:
    counted = {"sent": 10, "records": 9, "canonical": 0, "dead_letters": 1, "span_dead_letters": 0, "unlinked": 0}
    return Found(
        totals=EMPTY,
        activities=(Activity("ask", 6, 1), Activity("pay", 3, 0)),
        pairs={"ask -> pay": PairFigures()},
        spans=SpanTotals(spans, spans, 0, 0, 0),
        completeness=Completeness(**{**counted, **completeness}),
        clocks=(),
    )


SENT = Sent(Loaded(9, 1, (10,)), SpansSent(0, 0))


def test_a_store_that_holds_what_was_sent_is_complete() -> None:
    assert shortfalls(found(), SENT) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"records": 8}, "the store holds 8 events and 1 dead letters"),
        ({"records": 10}, "the store holds 10 events"),
        ({"sent": 9}, "the end markers count 9 records, but 10 were sent"),
        ({"spans": 2}, "0 spans were sent, but the store holds 2"),
        ({"canonical": 5, "records": 10}, "the store holds 10 events"),
    ],
)
def test_a_store_that_holds_other_than_was_sent_says_so(changed: dict[str, Any], said: str) -> None:
    assert said in " ".join(shortfalls(found(**changed), SENT))


def test_canonical_events_may_repeat_each_other() -> None:
    assert shortfalls(found(canonical=5, records=8), SENT) == ()


def test_figures_without_cases_are_null_not_nought() -> None:
    shown = msgspec.to_builtins(figures(found(), with_start=False, seconds=1.23456))
    assert shown["case_duration"] == {"n": 0, "median": None, "p90": None, "mean": None, "min": None, "max": None}
    assert shown["pairs"] == {"ask -> pay": {"n": 0, "median": None, "p90": None, "mean": None, "negative": 0}}
    assert (shown["events"], shown["repeated_rows"], shown["dead_letters"]) == (9, 1, 1)
    assert shown["seconds"] == 1.235
    assert "with_start_case_duration" not in shown


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.0, "0.0 s"), (59.9, "59.9 s"), (90.0, "1.5 min"), (-7200.0, "-2.0 h"), (86_400.0, "1.0 d")],
)
def test_durations_are_shown_in_the_largest_unit_of_which_there_is_one(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text
