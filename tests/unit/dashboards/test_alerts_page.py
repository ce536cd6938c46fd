"""Alerts: what waits for somebody comes first, what is behind it opens, and the detail says why."""

import json
from typing import Any

import msgspec
import pytest
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.alert_detail import fill_alert
from dashboards.alert_form import DONE, PARTS
from dashboards.alert_lists import fill_list, fill_tiles
from dashboards.application import create_app
from dashboards.filling import Empty, Request
from dashboards.pages.alerts import owners
from dashboards.scope import Desk
from metrics.alerts.rows import HistoryLine, StoredAction, StoredAlert, StoredMember, StoredSilence
from metrics.alerts.words import Identity
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

HOUR = 3_600_000_000
ALL = Address()
CALLBACKS = "/_dash-update-component"


def stored(cause: str, status: str = "firing", severity: str = "warning", hours: int = 2) -> StoredAlert:
    identity = Identity("breach", "requisition_to_pay", "interface", cause, "buying", False)
    told = NOW - hours * HOUR if status in ("firing", "resolved") else None
    done = NOW - HOUR if status == "resolved" else None
    return StoredAlert(
        identity.id, 1, "breach", "requisition_to_pay", "interface", cause, "buying", severity, 0, status, "",
        NOW - hours * HOUR, told, done, done, 12, 14, '{"USD":"10.50"}', f"12 cases because of {cause}",
    )  # fmt: skip


TAKEN, LOUD, EARLY, OVER = (
    stored("mail"),
    stored("orders", severity="critical"),
    stored("lookup", "pending"),
    stored("bank", "resolved"),
)
ACK = StoredAction(TAKEN.alert_id, NOW - HOUR, "ack", "ada", "", 1)


def store(**more: list[Any]) -> FakeReader:
    rows: dict[str, list[Any]] = {"alert_open": [TAKEN, EARLY, OVER, LOUD], "alert_actions": [ACK], **more}
    return FakeReader(**rows)


def asked(reader: FakeReader, address: Address = ALL, names: tuple[str, ...] = (), tick: int | None = None) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(Desk(reader).scope(address), tick is not None, tick or 0, (), specs)


def listed(address: Address = ALL, **more: list[Any]) -> list[dict[str, Any]]:
    reader = store(**more)
    rows: list[dict[str, Any]] = fill_list(Desk(reader), asked(reader, address))[0]
    return rows


def test_what_nobody_has_stands_first_and_what_is_over_stands_only_when_asked_for() -> None:
    assert [(row["case"], row["status_word"]) for row in listed()] == [
        ("Breach: orders", "Critical"),
        ("Breach: mail", "Taken"),
        ("Breach: lookup", "Pending"),
    ]
    assert [row["taken"] for row in listed()] == ["–", "ada, 2026-11-20 15:00", "–"]
    assert [row["case"] for row in listed(Address(state="resolved"))] == ["Breach: bank"]
    assert len(listed(Address(state="all"))) == 4


def test_the_number_of_an_alert_opens_the_cases_behind_it() -> None:
    row = listed()[0]
    assert row["count"] == {"text": "12", "href": "/cases?process=requisition_to_pay&list=breached&interface=orders"}
    assert (row["money"], row["owner"]) == ("10.50 USD", "Buying")


@pytest.mark.parametrize(
    ("kind", "cause", "title"),
    [
        ("stage", "approval", "Breach: Waiting for approval"),
        ("objective", "approval", "Breach: Approval of the requisition"),
        ("interface", "order_dispatch", "Breach: order dispatch"),
        ("facility", "north", "Breach: north"),
    ],
)
def test_a_cause_is_called_by_its_title(kind: str, cause: str, title: str) -> None:
    identity = Identity("breach", "requisition_to_pay", kind, cause, "buying", False)
    row = msgspec.structs.replace(LOUD, alert_id=identity.id, cause_kind=kind, cause=cause)
    assert listed(alert_open=[row], alert_actions=[])[0]["case"] == title


def test_an_assigned_alert_shows_who_has_it_and_is_found_by_the_name() -> None:
    assign = StoredAction(LOUD.alert_id, NOW, "assign", "ada", "bo", 1)
    rows = listed(Address(holder="bo"), alert_actions=[assign])
    assert [(row["case"], row["owner"]) for row in rows] == [("Breach: orders", "Bo")]
    reader = store(alert_actions=[assign])
    assert owners(Desk(reader), "") == [{"value": "bo", "label": "Bo"}, {"value": "buying", "label": "Buying"}]


def test_a_silenced_alert_waits_for_nobody() -> None:
    silence = StoredSilence("s1", '{"cause":["orders"]}', NOW - HOUR, NOW + HOUR, "ada", "known")
    reader = store(alert_silences=[silence])
    texts, _, _ = fill_tiles(reader, asked(reader, names=("open/value", "firing/value")), lambda: NOW)
    assert texts == ["0", "2"]


def test_tiles_count_firing_unheld_pending_and_resolved() -> None:
    names = ("firing/value", "firing/note", "open/value", "open/note", "pending/value", "resolved/value", "open")
    texts, _, links = fill_tiles(store(), asked(store(), names=names))
    assert texts[:6] == ["2", "2 since yesterday, 1 critical", "1", "the oldest for 2 h", "1", "1"]
    assert links[6] == "/alerts?state=firing"


def test_no_alert_is_good_news() -> None:
    with pytest.raises(Empty, match="Nothing fires"):
        fill_list(Desk(FakeReader()), asked(FakeReader()))
    with pytest.raises(Empty, match="No alert with these filters"):
        listed(Address(holder="nobody"))


def test_the_detail_says_why_and_how_to_act() -> None:
    member = StoredMember(LOUD.alert_id, "requisition_to_pay", "R-1", "approval", "approval", "", "", NOW - DAY, None)
    gone = msgspec.structs.replace(member, case_id="R-2", left_us=NOW - HOUR)
    lines = [HistoryLine(NOW, "log", "chat", "all", "sent", "New in its group", 1)]
    reader = store(alert_members=[member, gone], alert_history=lines)
    shown = fill_alert(Desk(reader), asked(reader, Address(alert=LOUD.alert_id)))
    text = json.dumps(shown, default=lambda part: part.to_plotly_json(), ensure_ascii=False)
    for word in (
        "12 cases because of orders",
        "Sent: chat",
        "New in its group",
        f"alerts ack {LOUD.alert_id}",
        "id=R-1",
        "Waiting for approval",
        "Left at 2026-11-20 15:00",
    ):
        assert word in text


def test_without_a_choice_the_first_of_the_list_is_shown_and_a_tick_leaves_it() -> None:
    reader = store()
    fill_alert(Desk(reader), asked(reader))
    assert ("alert_history", {"alert": LOUD.alert_id}) in reader.asked
    with pytest.raises(PreventUpdate):
        fill_alert(Desk(reader), asked(reader, tick=3))
    with pytest.raises(Empty, match="no longer there"):
        fill_alert(Desk(reader), asked(reader, Address(alert="ffff")))


def test_a_tick_that_overtakes_the_answer_to_a_deed_gives_it() -> None:
    """The browser drops the earlier answer then, so what is on show would stay as it was before the deed."""
    browser = create_app(store()).server.test_client()
    opened = browser.post(CALLBACKS, json=callback(None, None, "url.search")).get_json()
    shown = opened["response"]["alert"]["data-search"]
    assert browser.post(CALLBACKS, json=callback(shown, None, "tick.data")).status_code == 204
    assert browser.post(CALLBACKS, json=callback(shown, "acknowledge 1", "tick.data")).status_code == 200


def callback(shown: str | None, deed: str | None, cause: str) -> dict[str, Any]:
    """What the browser sends for the detail, which was answered as `shown` says."""
    names = ("alert.className", "alert-message.children", "alert.data-search", "alert-panel.children",
             "alert-more.children", "alert-panel.data-alert", *(f"{part}.hidden" for part in PARTS))  # fmt: skip
    outputs = [dict(zip(("id", "property"), name.split("."), strict=True)) for name in names]
    return {
        "output": f"..{'...'.join(names)}..",
        "outputs": outputs,
        "inputs": [
            {"id": "url", "property": "search", "value": ""},
            {"id": "tick", "property": "data", "value": 6},
            {"id": {"retry": "alert"}, "property": "n_clicks", "value": None},
            {"id": DONE, "property": "data", "value": deed},
        ],
        "state": [
            {"id": "alert", "property": "className", "value": "fg-card fg-is-ok"},
            {"id": "alert", "property": "data-search", "value": shown},
        ],
        "changedPropIds": [cause],
    }
