"""Where the time went, and the health of the integration, on their pages."""

import json
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.case_delay import fill_delay
from dashboards.domains import read_domains
from dashboards.filling import Empty, Request
from dashboards.interface_health import fill_health, operation_section
from dashboards.process_delay import fill_process_delay
from dashboards.scope import Desk
from metrics.definitions.load import load_process
from metrics.queries.delay_rows import DelayCase, DelayDefinition, DelayEvent, DelaySpan
from metrics.queries.health_rows import ApprovalStep, Completion, SupplierClock
from metrics.queries.rows import DefinitionText
from tests.fakes.health import call_figures, event_figures

from .fake_reader import NOW, FakeReader

HOUR, SECOND, R2P = 3_600_000_000, 1_000_000, "requisition_to_pay"
TEXT = load_process(R2P).text
BEGAN = NOW - 50 * HOUR


def text_of(part: Any) -> str:
    return json.dumps(part, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def story(total: int = 1) -> FakeReader:
    """A requisition that waited for its approval, with a call that came through at the second try."""
    approved = BEGAN + 30 * HOUR
    events = [("e1", BEGAN, "requisition.submitted.v1"), ("e2", approved, "requisition.approved.v1")]
    calls = [("s1", approved, 1), ("s2", approved + 4 * HOUR, 0)]
    return FakeReader(
        delay_cases=[
            DelayCase(
                "R-1", 1, "open", BEGAN, NOW, ["approval"], [BEGAN], [approved], ["met"], [30 * HOUR], ["[]"], total
            )
        ],
        delay_definitions=[DelayDefinition(1, TEXT)],
        delay_events=[DelayEvent("R-1", name, at, activity, "") for name, at, activity in events],
        delay_spans=[
            DelaySpan("t", name, "", "hub", "POST", "client", "orders", at, at + HOUR, failed, 0, [], ["R-1"])
            for name, at, failed in calls
        ],
        definition_texts=[DefinitionText(R2P, 1, TEXT)],
    )


def asked(reader: FakeReader, **address: Any) -> Request:
    return Request(Desk(reader).scope(Address(process=R2P, **address)), False, 0, (), [])


def test_the_parts_of_a_case_add_up_and_their_rows_open_what_proves_them() -> None:
    reader = story()
    chart, told, tables = fill_delay(reader, asked(reader, id="R-1"))
    text = text_of([told, tables])
    assert "Of 50 h: 30 h waited for department heads" in text
    assert "h waited for retries of interface orders" in text
    assert "id=R-1&trace=t#trace-title" in text
    assert "#case-events-title" in text
    shown = sum(length for bar in chart.data for length, name in zip(bar.x, bar.y, strict=True) if name == "Whole case")
    assert shown * 1000 == 50 * HOUR


def test_a_case_that_nobody_knows_has_no_ledger() -> None:
    with pytest.raises(Empty, match="No time has passed"):
        fill_delay(FakeReader(), asked(FakeReader(), id="R-9"))


def test_a_process_says_on_how_many_of_its_cases_the_numbers_rest() -> None:
    reader = story(total=1200)
    _, told, tables = fill_process_delay(reader, asked(reader))
    assert "the newest 1 of 1,200 cases" in text_of(told)
    text = text_of(tables)
    assert "/integrations?process=requisition_to_pay&interface=orders" in text
    assert "id=R-1" in text


def test_a_tick_asks_for_no_ledger_of_a_process() -> None:
    from dash.exceptions import PreventUpdate

    with pytest.raises(PreventUpdate):
        fill_process_delay(story(), asked(story())._replace(ticked=True))


def test_the_operations_of_an_interface_say_whether_their_retries_fit() -> None:
    one = call_figures(
        interface="s4_to_bank", calls=100, errors=20, failed_messages=10, recovered=4, given_up=6, fewest_attempts=2
    )
    text = text_of(operation_section(FakeReader(health_call_hours=[one]), "s4_to_bank", 0, NOW))
    assert "Critical: 6 of 10 failed messages never got through; given up after 2 tries, 3 are declared" in text
    assert operation_section(FakeReader(), "s4_to_bank", 0, NOW) == []


def test_health_shows_every_question_and_says_where_there_is_nothing() -> None:
    reader = FakeReader(
        definition_texts=[DefinitionText(R2P, 1, TEXT)],
        health_call_hours=[call_figures(kind="producer", calls=9, taken=8, lag_us=[2 * SECOND], lag_calls=[8])],
        health_event_hours=[event_figures("/x", "worker.hired.v3", 3, 7, NOW)],
        health_approvals=[ApprovalStep("above_5000", "head", 4, 3, 1, HOUR, 2 * HOUR)],
        health_suppliers=[SupplierClock("SUP-1", R2P, "delivery", 4, 3, 1, HOUR, HOUR, 1)],
        health_completion=[Completion(R2P, 8, 2, ["paid"], [2])],
    )
    text = text_of(fill_health(Desk(reader), read_domains(), asked(reader)))
    for words in ("v3 is newer than the contract", "above_5000", "SUP-1", "75.0 %", "Paid 2", "25.0 %", "2.0 s"):
        assert words in text
    assert "No change that others must show was seen." in text
    assert "No producer's span" in text_of(fill_health(Desk(FakeReader()), read_domains(), asked(FakeReader())))
