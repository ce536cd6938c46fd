"""Explanations of figures: what is declared, and what a store adds."""

from typing import Any

import pytest

from metrics.completeness.rows import Standing
from metrics.explaining.answer import Explanation, declared, explained, only_now
from metrics.explaining.asked import Asked, Target, parameters, told
from metrics.explaining.catalogue import NoSuchFigure, column_meaning, find, fixed_parts
from metrics.explaining.promises import promises
from metrics.queries.explain_rows import CaseVersion
from metrics.queries.restatement_rows import Restatement

NOW = 1_795_190_400_000_000
DAY = 86_400_000_000
PROMISE = Target("Approval", "18h", "business_hours", 0.9, "House starter value.")
ASKED = Asked("orders", "Orders", "north", "", NOW - 28 * DAY, NOW, 28, True, (PROMISE,))
CHANGED = Restatement(
    "sla", "orders", "approval", "north", "", "day", "2026-11-02", 2, NOW, '{"decided":"10","met":"9","missed":"1"}',
    '{"decided":"10","met":"8","missed":"2"}', ["late_event"], [1], 1, [], ["orders"], ["R-1"], 3_600_000_000, "", 0, 1,
)  # fmt: skip


class Store:
    """Answers with the rows it was given, and remembers what it was asked."""

    def __init__(self, **rows: list[Any]) -> None:
        self.rows_of = rows
        self.asked: dict[str, dict[str, object]] = {}

    def rows(self, name: str, row_type: type[Any], /, **parameters: object) -> list[Any]:
        self.asked[name] = parameters
        return self.rows_of.get(name, [])


def section(told_: Explanation, heading: str) -> tuple[str, ...]:
    return next((one.sentences for one in told_.sections if one.heading == heading), ())


def test_a_figure_tells_definition_computation_target_freshness_versions_and_restatements() -> None:
    store = Store(explain_versions=[CaseVersion(3, "abcdef0123", 40, 1)], restatement_list=[CHANGED])
    found = explained(find("tiles/attainment"), store, ASKED, NOW, with_text=True)
    assert section(found, "What it tells")[0].startswith("Clocks met, of all clocks decided")
    (promise,) = section(found, "Target and benchmark")
    assert promise == "Approval: 18h of business hours, to be met by 90 %. Source: House starter value."
    assert section(found, "How fresh it is")[0].startswith("As of 2026-11-20 16:00:00Z")
    assert section(found, "Definition versions in force") == (
        "Version 3, content abcdef01: 40 cases of the period, 1 of them open.",
    )
    (restated,) = section(found, "Restated")
    assert "was 90.0 % (1 of 10 missed), is 80.0 % (2 of 10 missed), because events of 1 case came 1 h late" in restated
    assert store.asked["restatement_list"]["places"] == ["north"]


def test_a_restatement_outside_the_period_is_not_told() -> None:
    early = Restatement(
        **{name: getattr(CHANGED, name) for name in CHANGED.__struct_fields__} | {"start": "2025-01-02"}
    )
    found = explained(find("tiles/attainment"), Store(restatement_list=[early]), ASKED, NOW, with_text=True)
    assert section(found, "Restated") == ("No published figure of the period has changed.",)


def test_a_silent_feed_is_told_beside_the_number() -> None:
    silent = Standing(
        "/coupa", 0, "Coupa", "procurement", "live", "silent", NOW, NOW, "declared: 1 h", NOW, NOW, 3, 90.0, 0
    )
    found = explained(find("tiles/open"), Store(completeness_standings=[silent]), ASKED, NOW, with_text=True)
    assert section(found, "How fresh it is")[1].startswith("Complete? Coupa has been silent")


def test_who_may_not_see_queries_is_told_their_names_and_values_alone() -> None:
    found = declared(find("tiles/open"), ASKED, with_text=False)
    (query,) = found.queries
    assert query.text == ""
    assert ("facility", "north") in query.parameters
    assert ("department", "all") in query.parameters


def test_every_parameter_is_told_once_in_its_order() -> None:
    text = "SELECT {a:Int64}, {b:Array(String)} WHERE {a:Int64} = 1 AND {as_of:Int64}"
    assert parameters(text) == ("a", "b", "as_of")
    assert told("{as_of:Int64} {mystery:String}", ASKED) == [
        ("as_of", "2026-11-20 16:00:00Z"),
        ("mystery", "as chosen on the page"),
    ]


def test_what_an_answer_is_narrowed_by_is_told_with_the_parameters() -> None:
    text = "-- Narrowed where it is shown: facility, department.\nSELECT {days:UInt32}"
    assert told(text, ASKED) == [("days", "28"), ("facility", "north"), ("department", "all")]


def test_a_figure_is_found_by_the_name_that_its_page_shows() -> None:
    assert find("SLA attainment").name == "tiles/attainment"
    with pytest.raises(NoSuchFigure, match="spend-tiles/committed"):
        find("committed")
    with pytest.raises(NoSuchFigure, match="explain figures"):
        find("nothing like it")


def test_a_state_of_now_says_that_no_link_brings_it_back() -> None:
    assert "what was then is not kept" in only_now(find("tiles/open"))
    assert only_now(find("tiles/attainment")) == ""
    assert fixed_parts("tiles") == {"attainment"}
    assert fixed_parts("weeks") == {""}
    assert fixed_parts("no-such-card") is None


def test_a_table_says_more_of_a_column_than_columns_do_everywhere() -> None:
    assert column_meaning("sla-table", "case") == "The SLA; it opens its breached cases."
    assert column_meaning("due", "case") == "The case by its number; it opens its page."
    assert column_meaning("due", "nothing") == ""


def test_the_promises_of_a_definition_carry_their_source() -> None:
    text = (
        "slas:\n  - {name: approval, title: Approval, target: 18h, objective: {share: 0.9}, source: 'A\n      book'}\n"
    )
    assert promises(text) == (Target("Approval", "18h", "always", 0.9, "A book"),)
    assert promises("slas: [") == promises("") == promises("slas: none") == ()
