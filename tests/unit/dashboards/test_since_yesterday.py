"""What changed since yesterday: the sentence, the numbers with their lists, and the honesty of a young store."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.filling import Empty, Request
from dashboards.scope import Desk
from dashboards.since_yesterday import Turned, fill_yesterday, links, named, sentence, turned_of
from metrics.queries.interface_rows import InterfaceFlow
from metrics.queries.rows import FaultCounts, Process
from metrics.queries.since_yesterday_rows import DayNews, PlaceDay
from tests.unit.dashboards.fake_reader import BASICS, DAY, NOW, FakeReader

R2P = "requisition_to_pay"


def day(stage: str, place: str, now: int, then: int, fresh: int, clocks: int = 0) -> PlaceDay:
    return PlaceDay(stage, place, now, then, fresh, clocks or fresh, 2, 1, 3)


@cache
def desk() -> Desk:
    return Desk(FakeReader())


def told(days: Sequence[PlaceDay], **chosen: Any) -> str:
    return sentence(days, desk().scope(Address(process=R2P, **chosen)))


def flow(name: str, errors: int, before: int, calls: int = 100, calls_before: int = 100) -> InterfaceFlow:
    return InterfaceFlow(name, "client", "hub", calls, errors, 0, 1.0, 2.0, calls_before, before, 2.0, NOW, 9)


def request(reader: FakeReader, names: Sequence[str] = (), tick: int | None = None) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    about = desk() if reader.answers["processes"] == BASICS["processes"] else Desk(reader)
    scope = about.scope(Address(process=R2P, facility="north"))
    return Request(scope, tick is not None, tick or 0, (), specs)


def test_the_sentence_says_how_many_more_and_where_most_of_them_are() -> None:
    days = [day("approval", "north", 10, 2, 9), day("approval", "south", 3, 0, 3), day("payment", "north", 1, 0, 1)]
    assert told(days) == (
        "12 more cases are breached than yesterday at 16:00 UTC, most of them in “Waiting for approval” at North."
    )
    assert told(days, facility="north").endswith("most of them in “Waiting for approval”.")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([("approval", "north", 3, 0, 3), ("approval", "south", 3, 0, 3)], "most of them in “Waiting for approval”."),
        ([("approval", "north", 3, 0, 3), ("payment", "north", 3, 0, 3)], "most of them at North."),
        ([("approval", "north", 3, 0, 3), ("payment", "south", 3, 0, 3)], "than yesterday at 16:00 UTC."),
    ],
)
def test_a_place_is_named_only_where_more_than_half_are(days: list[tuple[Any, ...]], words: str) -> None:
    assert told([day(*one) for one in days]).endswith(words)


def test_fewer_as_many_and_none_are_told_as_such() -> None:
    assert told([day("", "", 1, 3, 0)]).startswith("2 fewer cases are breached than yesterday")
    assert told([day("", "", 1, 3, 0)]).endswith("and none is newly breached.")
    assert told([day("", "", 2, 3, 1)]).startswith("1 fewer case is breached")
    assert told([day("", "", 3, 3, 2)]) == "As many cases are breached as yesterday; 2 cases are newly so."
    assert told([]) == "No case is newly breached since yesterday."


def test_each_number_leads_to_its_list() -> None:
    found = links(Address(process=R2P, facility="north"), Turned(["a → b"], []))
    kept = f"?process={R2P}&facility=north"
    assert found["breached"] == f"/cases{kept}&list=breached_today"
    assert found["at_risk"] == f"/cases{kept}&list=at_risk_today"
    assert found["recovered"] == f"/cases{kept}&list=recovered_today"
    assert found["restated"] == f"/{kept}#restated-title"
    assert "interface=a" in found["worse"]
    assert found["better"] == f"/integrations{kept}"


def test_values_follow_the_filters_of_the_page_and_the_time_of_its_newest_event() -> None:
    reader = FakeReader(
        since_yesterday_cases=[day("approval", "north", 10, 2, 9, clocks=11)],
        since_yesterday_news=[DayNews(3, 2, 1, 5)],
        fault_counts=[FaultCounts(4, 1, 9)],
        interface_flow=[flow("a → b", 40, 0)],
    )
    names = [
        "breached/count",
        "breached/note",
        "dead/count",
        "alerts/note",
        "worse/words",
        "worse/note",
        "better/words",
    ]
    texts, classes, _ = fill_yesterday(reader, request(reader, names))
    assert texts == ["9", "11 clocks", "4", "1 still firing", "interface turned bad", "a → b", "interfaces came back"]
    assert "fg-tone-bad" in classes[0]
    asked = dict(reader.asked)
    assert asked["since_yesterday_cases"] == {"process": R2P, "as_of": NOW}
    assert asked["interface_flow"] == {"since": NOW - DAY, "as_of": NOW}


def test_a_store_younger_than_a_day_says_so_instead_of_comparing() -> None:
    reader = FakeReader(processes=[Process(R2P, 9, 4, 50, NOW - 5 * 3_600_000_000, NOW, 9, "simulator")])
    with pytest.raises(Empty, match="no yesterday to compare with: the store holds 5 h"):
        fill_yesterday(reader, request(reader))


def test_most_ticks_ask_nothing() -> None:
    reader = FakeReader()
    with pytest.raises(PreventUpdate):
        fill_yesterday(reader, request(reader, tick=1))
    assert "since_yesterday_cases" not in dict(reader.asked)


def test_an_interface_turns_when_it_fails_now_and_did_not_before() -> None:
    flows = [flow("worse", 40, 0), flow("better", 0, 40), flow("both", 40, 40), flow("few", 3, 0, calls=4)]
    flows += [flow("new", 40, 0, calls_before=0)]
    assert turned_of(flows) == (["worse"], ["better"])
    assert named(["a", "b", "c", "d"]) == "a, b and 2 more"
