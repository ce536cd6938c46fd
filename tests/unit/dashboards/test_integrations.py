"""Integrations: who calls whom, how it goes, the drawing, and what hangs on an interface."""

import itertools
import json
import math
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.domains import read_domains
from dashboards.figures.interface_history import interface_history
from dashboards.figures.topology_svg import Flow, Lane, draw_flows, draw_lanes
from dashboards.filling import Empty, Request
from dashboards.interface_detail import fill_interface
from dashboards.interface_history import history_words
from dashboards.interface_lanes import Interface, money, rate, read_interfaces, who_calls_whom, words
from dashboards.interface_lists import fill_table, fill_topology
from dashboards.interface_systems import fill_systems
from dashboards.interface_tiles import fill_tiles
from dashboards.scope import Desk
from metrics.health.history import History
from metrics.queries.health_rows import HistoryHour
from metrics.queries.interface_rows import (
    InterfaceClock,
    InterfaceEnd,
    InterfaceFailure,
    InterfaceFlow,
    InterfaceHour,
    InterfaceImpact,
    InterfaceSeen,
    InterfaceSource,
    InterfaceSystem,
)
from metrics.words import HOUR
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

DOMAINS = read_domains()
ALL = Address()
R2P = "requisition_to_pay"
ENDS = [
    InterfaceEnd("orders", "client", "hub", "sap-s4", 15),
    InterfaceEnd("orders", "producer", "coupa", "hub", 14),
    InterfaceEnd("lookup", "client", "jaggaer", "tax-authority", 9),
    InterfaceEnd("lookup", "internal", "jaggaer", "", 9),
]


def flow(name: str, calls: int, errors: int, p95: float = 4e5, before: float = 4e5) -> InterfaceFlow:
    return InterfaceFlow(name, "client", "hub", calls, errors, errors // 2, 2e5, p95, calls, 1, before, NOW, calls)


def impact(name: str, cases: int, breached: int, process: str = R2P, amount: str = "10.25") -> InterfaceImpact:
    return InterfaceImpact(name, process, cases, cases, breached, 0, breached, ["USD"], [amount])


def store(**more: list[Any]) -> FakeReader:
    rows: dict[str, list[Any]] = {
        "interface_flow": [flow("orders", 240, 30), flow("lookup", 48, 0)],
        "interface_ends": ENDS,
        "interface_seen": [InterfaceSeen("orders", "hub", NOW), InterfaceSeen("nightly", "ebs", NOW - 3 * DAY)],
        "interface_impact": [impact("orders", 12, 4)],
    }
    return FakeReader(**{**rows, **more})


def asked(reader: FakeReader, address: Address = ALL, names: tuple[str, ...] = (), tick: int | None = None) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(Desk(reader).scope(address), tick is not None, tick or 0, (), specs)


def one_of(reader: FakeReader, name: str) -> Interface:
    return next(one for one in read_interfaces(reader, Desk(reader).scope(Address())) if one.name == name)


def test_an_interface_goes_from_the_first_caller_through_the_hub_to_whom_it_calls() -> None:
    assert who_calls_whom("orders", ENDS) == ("coupa", "hub", "sap-s4")
    assert who_calls_whom("lookup", ENDS) == ("jaggaer", "", "tax-authority")
    assert who_calls_whom("unheard", ENDS) == ("", "", "")


def test_a_queue_without_calls_leads_to_its_consumer() -> None:
    assert who_calls_whom("q", [InterfaceEnd("q", "producer", "a", "b", 3)]) == ("a", "", "b")


def test_interfaces_in_trouble_come_first_and_a_silent_one_is_still_named() -> None:
    found = read_interfaces(store(), Desk(store()).scope(Address()))
    assert [(one.name, one.standing[1]) for one in found] == [
        ("orders", "Failing"),
        ("nightly", "Silent"),
        ("lookup", "In order"),
    ]
    assert words(found[1], NOW) == "Silent, last called 3 d ago"


@pytest.mark.parametrize(("pause_hours", "word"), [(71, "Quiet"), (70, "Silent")])
def test_an_interface_that_pauses_no_longer_than_before_is_in_no_trouble(pause_hours: int, word: str) -> None:
    seen = [InterfaceSeen("orders", "hub", NOW), InterfaceSeen("nightly", "ebs", NOW - 3 * DAY, pause_hours * HOUR)]
    assert one_of(store(interface_seen=seen), "nightly").standing[1] == word


@pytest.mark.parametrize(
    ("calls", "errors", "p95", "before", "word"),
    [
        (100, 10, 4e5, 4e5, "Failing"),
        (100, 9, 4e5, 4e5, "Some fail"),
        (8, 4, 4e5, 4e5, "In order"),  # four failed calls prove nothing
        (100, 0, 9e5, 4e5, "Slower"),
        (19, 0, 9e5, 4e5, "In order"),  # too few calls to say
        (100, 0, 9e5, math.nan, "In order"),
    ],
)
def test_the_standing_of_an_interface_follows_errors_then_latency(
    calls: int, errors: int, p95: float, before: float, word: str
) -> None:
    assert one_of(store(interface_flow=[flow("orders", calls, errors, p95, before)]), "orders").standing[1] == word


def test_few_calls_are_told_by_the_day() -> None:
    assert rate(240, 1) == "10 calls/h"
    assert rate(21, 7) == "3 calls/d"


def test_the_window_is_a_day_or_up_to_a_week() -> None:
    assert [Address(period=days).call_days for days in (None, 0, 1, 7, 90)] == [1, 1, 1, 7, 7]


def test_money_adds_up_exactly_by_currency() -> None:
    rows = [impact("x", 1, 0, amount="0.10"), impact("x", 1, 0, amount="0.20")]
    assert money(rows) == "0.30 USD"
    assert money([]) == "–"


def test_tiles_tell_trouble_calls_failures_and_the_cases_behind_it() -> None:
    names = ("trouble/value", "trouble/note", "failed/value", "failed/status", "cases/value", "cases")
    texts, _, links = fill_tiles(store(), asked(store(), names=names))
    assert texts[:5] == ["2", "orders (failing), nightly (silent)", "10.4", "High", "4"]
    assert links[5] == "/cases?process=requisition_to_pay&list=breached&interface=orders"


def test_the_table_leads_from_an_interface_to_its_cases() -> None:
    rows, _ = fill_table(store(), DOMAINS, asked(store(), Address(period=7)))
    orders = next(row for row in rows if row["key"] == "orders")
    assert (orders["ends"], orders["failed"], orders["money"]) == ("Coupa → SAP S/4HANA", "12.5 %", "10.25 USD")
    assert orders["breached"]["href"] == "/cases?process=requisition_to_pay&period=7&list=breached&interface=orders"
    assert next(row for row in rows if row["key"] == "lookup")["cases"]["text"] == "–"


def test_cases_of_several_processes_are_told_apart_in_the_detail() -> None:
    both = [impact("orders", 5, 1), impact("orders", 2, 0, "supplier_onboarding")]
    rows, _ = fill_table(store(interface_impact=both), DOMAINS, asked(store()))
    orders = next(row for row in rows if row["key"] == "orders")
    assert orders["cases"] == {"text": "7", "href": "/integrations?interface=orders", "tone": "plain"}
    assert "list=breached" in orders["breached"]["href"]


def test_the_page_can_be_narrowed_to_one_system() -> None:
    rows, _ = fill_table(store(), DOMAINS, asked(store(), Address(service="sap-s4")))
    assert [row["key"] for row in rows] == ["orders"]
    with pytest.raises(Empty, match="No interface of nobody"):
        fill_table(store(), DOMAINS, asked(store(), Address(service="nobody")))


def test_a_tick_draws_again_now_and_then_but_sends_no_tree() -> None:
    with pytest.raises(PreventUpdate):
        fill_topology(store(), DOMAINS, asked(store(), tick=5))
    drawing, listed, note = fill_topology(store(), DOMAINS, asked(store(), tick=6))
    assert drawing.startswith("<svg")
    assert {type(part).__name__ for part in (listed, note)} == {"NoUpdate"}


def test_without_calls_the_page_says_what_would_bring_them() -> None:
    with pytest.raises(Empty, match="once spans with a peer"):
        fill_topology(FakeReader(), DOMAINS, asked(FakeReader()))


LANES = [
    Lane("b", "coupa", "hub", "sap", "3 calls/h", 3, "good", "/integrations?interface=b"),
    Lane("a", "coupa", "", "", "1 calls/h", 1, "bad", "/integrations?interface=a", True),
]


def test_the_drawing_is_the_same_for_any_order_of_rows() -> None:
    assert draw_lanes(LANES, {}, "x") == draw_lanes(LANES[::-1], {}, "x")


def test_the_drawing_escapes_names_and_says_what_it_shows() -> None:
    evil = LANES[0]._replace(name='<script>"&', called="<b>")
    root = ET.fromstring(draw_lanes([evil], {"coupa": "/integrations?service=coupa"}, "1 interface & more"))
    assert root.get("aria-label") == "1 interface & more"
    assert not root.findall(".//{http://www.w3.org/2000/svg}script")
    assert any(group.get("data-href") == "/integrations?service=coupa" for group in root.iter())


def test_boxes_of_one_column_never_overlap() -> None:
    many = [LANES[0]._replace(name=f"i{n}", caller=f"c{n % 3}", called=f"t{n % 7}") for n in range(20)]
    root = ET.fromstring(draw_lanes(many, {}, "x"))
    columns: dict[str, list[float]] = {}
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        columns.setdefault(str(box.get("x")), []).append(float(str(box.get("y"))))
    for heights in columns.values():
        ordered = sorted(heights)
        assert all(low + 40 <= high for low, high in itertools.pairwise(ordered))


def test_flows_between_systems_and_processes_are_drawn_once_each() -> None:
    flows = [Flow("a", "P", "3 events", 3), Flow("b", "P", "1 event", 1), Flow("a", "Q", "1 event", 1)]
    root = ET.fromstring(draw_flows(flows, {}, "x"))
    assert sum("fg-flow" in str(group.get("class")) for group in root.iter()) == 3
    assert sum(group.get("class") == "fg-system" for group in root.iter()) == 4


def test_systems_show_what_they_sent_and_what_was_wrong_with_it() -> None:
    reader = store(
        interface_sources=[InterfaceSource("s4hana", R2P, 900, 40, NOW)],
        interface_systems=[
            InterfaceSystem("s4hana", ["/sap-s4/prod"], 2, 0, 3, 10),
            InterfaceSystem("ukg", [], 0, 1, 0, 0),
        ],
    )
    drawing, rows, _ = fill_systems(Desk(reader), DOMAINS, asked(reader))
    assert "SAP S/4HANA" in drawing
    s4, ukg = rows
    assert (s4["dead"]["text"], s4["followed"], s4["into"]) == ("2", "70.0 %", "Requisition to pay (900)")
    assert s4["dead"]["href"] == "/dead-letters?period=1&source=%2Fsap-s4%2Fprod"
    assert ukg["breaches"]["href"] == "/data-quality?fault=contract&system=ukg"
    narrow = fill_systems(Desk(reader), DOMAINS, asked(reader, Address(service="sap-s4")))[1]
    assert [row["case"] for row in narrow] == ["SAP S/4HANA"]


def test_the_detail_leads_from_a_failing_span_to_case_sla_and_money() -> None:
    failed = InterfaceFailure(
        "t" * 32, "s" * 16, "hub", "POST", "503", NOW, 9000, R2P, "R-1", "breached", "12.5", "USD"
    )
    reader = store(
        interface_hours=[InterfaceHour(NOW - DAY, 10, 3, 4e5)],
        interface_failures=[failed],
        interface_clocks=[InterfaceClock(R2P, "approval", 3, 1, 2, 9)],
        interface_systems=[InterfaceSystem("s4hana", [], 4, 0, 0, 0)],
    )
    head, chart, hangs, failures, operations, history, note = fill_interface(
        Desk(reader), DOMAINS, asked(reader, Address(interface="orders"))
    )
    text = json.dumps(
        [head, hangs, failures, operations], default=lambda part: part.to_plotly_json(), ensure_ascii=False
    )
    for word in (
        "Coupa via Hub → SAP S/4HANA",
        "4 of SAP S/4HANA",
        "list=breached",
        "Approval",
        "10.25 USD",
        "12.50 USD",
    ):
        assert word in text
    assert f"/case?process={R2P}&id=R-1&trace={'t' * 32}" in text
    assert len(chart.data) == 2
    assert [len(bars.x) for bars in history.data] == [0, 0, 0]
    assert note.startswith("None of these hours is judged yet")


def test_the_history_tells_hours_without_calls_from_hours_that_nobody_judged() -> None:
    day = NOW - NOW % HOUR - DAY
    hours = [HistoryHour(day + at * HOUR, "client", 4, 1, 1, 2e6) for at in (0, 3, 22)]
    history = History(day, day, day + 20 * HOUR, hours)
    assert history_words(history, day + 25 * HOUR).endswith(
        "nobody called in 18 of 20 judged hours. Shaded hours are not judged, later ones may still change."
    )
    chart = interface_history(history, day + 25 * HOUR)
    assert [list(bars.y) for bars in chart.data] == [[4, 4, 4], [25, 25, 25], [2, 2, 2]]
    assert ["Not judged yet" in text for text in chart.data[0].hovertext] == [False, False, True]
    (shade, *_) = chart.layout.shapes
    assert (shade.x1 - shade.x0).total_seconds() == 5 * 3600


def test_an_interface_that_nobody_called_is_said_so() -> None:
    with pytest.raises(Empty, match="has not been called"):
        fill_interface(Desk(store()), DOMAINS, asked(store(), Address(interface="gone")))
