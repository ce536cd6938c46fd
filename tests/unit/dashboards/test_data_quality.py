"""Data quality: tiles, matrix, list, hops, files and the detail, from rows of a fake store."""

import json
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.application import create_app
from dashboards.domains import read_domains
from dashboards.filling import Empty, Request
from dashboards.quality_detail import fill_detail
from dashboards.quality_lists import fill_files, fill_hops, fill_words, list_page, money_words
from dashboards.quality_tiles import fill_matrix, fill_tiles
from dashboards.scope import Desk
from metrics.queries.data_quality_rows import (
    ProofEvent,
    QualityBreach,
    QualityFile,
    QualityLate,
    QualityRow,
    QualityTotal,
    TouchedCase,
)
from metrics.queries.quality_rows import FindingEntry, HopLatency, ListedFinding
from metrics.queries.rows import UnlinkedCount
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

DOMAINS = read_domains()
ALL = Address()
HR, SUPPLY = ("workforce", "HR operations"), ("supplier", "Supplier management")
TOTALS = [
    QualityTotal("contradiction", *HR, 4, 1, 2, 1, 0, 6, NOW - 3 * DAY),
    QualityTotal("duplicate", *SUPPLY, 3, 0, 0, 0, 0, 3, NOW - 9 * DAY),
    QualityTotal("file", "", "", 1, 0, 1, 0, 0, 1, NOW - DAY),
    QualityTotal("unmapped", "financial", "Finance master data", 0, 0, 0, 0, 1, 2, NOW),
]
FOUND = ListedFinding(
    "ab12", "contradiction", *HR, "worker", "W-7", "department", "", ["workday", "ukg"], ["W-7", "W-7"],
    ["icu", "emergency"], [NOW - DAY, NOW - 2 * DAY], "They disagree", "open", NOW - DAY, None, 2, "e-1", "", "", 0, 1,
)  # fmt: skip
ROW = QualityRow("finding:ab12", "contradiction", *HR, "worker", "W-7", "They disagree", ["workday", "s4hana"], "open",
                 NOW - DAY, None, 0, 41)  # fmt: skip
PROOF = ProofEvent(
    "e-1", "worker.transferred.v1", NOW - DAY, "/workday/prod", "flowglass.events/0@x", 12, ["worker"], ["W-7"]
)
CASE = TouchedCase("requisition_to_pay", "R-1", "open", "approval", "breached", "12.50", "USD", NOW, 1)
HOP = HopLatency("supplier", "supplier", "status", "jaggaer", "coupa", 0, 8 * 3_600_000_000, 10, 1, 2, 1, 9, 2 / 3,
                 3_600_000_000, None)  # fmt: skip
FILE = QualityFile("gl", "a.txt", "c0ffee", "sent", "4 are missing", 1, "2026-11-21", 100, 104, 100, 0, "{}", "{}", 100,
                   '{"USD":"1000.10"}', 96, '{"USD":"960.10"}', "short", NOW, 0, 1)  # fmt: skip


def asked(reader: FakeReader, address: Address = ALL, names: tuple[str, ...] = (), tick: int | None = None) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(Desk(reader).scope(address), tick is not None, tick or 0, (), specs)


def counted(**more: list[Any]) -> FakeReader:
    late, unlinked = [QualityLate(5, 2, 40)], [UnlinkedCount(7, 900)]
    return FakeReader(data_quality_totals=TOTALS, data_quality_late=late, unlinked_count=unlinked, **more)


def test_a_tile_tells_what_waits_what_is_new_and_what_is_taken_on() -> None:
    names = (
        "contradiction/value",
        "contradiction/status",
        "contradiction/note",
        "contradiction",
        "missing_reference/status",
    )
    texts, classes, links = fill_tiles(counted(), DOMAINS, asked(counted(), names=names))
    assert texts[:3] == ["4", "To do", "2 new in the last day, ▲ 1 on the day before, 1 acknowledged"]
    assert links[3] == "/data-quality?fault=contradiction"
    assert texts[4] == "None"
    assert "fg-tone-good" in classes[4]


def test_tiles_count_what_the_pages_domain_lets_through_and_their_links_keep_it() -> None:
    address = Address(domain="supplier", finding="finding:ab12", state="healed")
    texts, _, links = fill_tiles(
        counted(), DOMAINS, asked(counted(), address, ("contradiction/value", "duplicate/value", "duplicate"))
    )
    assert texts[:2] == ["0", "3"]
    assert links[2] == "/data-quality?fault=duplicate&domain=supplier"


def test_the_share_in_time_is_of_all_changes_of_which_it_is_known() -> None:
    reader = counted(quality_latency=[HOP])
    texts, classes, _ = fill_tiles(
        reader, DOMAINS, asked(reader, names=("in_time/value", "in_time/unit", "in_time/status"))
    )
    assert texts == ["66.7", "% of 9 changes", "Too late"]
    assert "fg-tone-bad" in classes[2]


def test_the_matrix_has_a_row_for_each_owner_with_work_and_every_number_opens_its_list() -> None:
    rows, style = fill_matrix(counted(), DOMAINS, asked(counted()))
    assert [(row["domain"], row["owner"]) for row in rows] == [
        ("Workforce", "HR operations"),
        ("Supplier", "Supplier management"),
        ("No domain", "No owner"),
    ]
    assert rows[0]["contradiction"]["href"] == "/data-quality?fault=contradiction&domain=workforce&owner=HR+operations"
    assert rows[0]["duplicate"] == {"text": "–", "tone": "quiet"}
    assert rows[1]["oldest"] == "9 d"
    assert style["height"] == 48 + 3 * 40


def test_most_ticks_leave_the_tables_alone() -> None:
    reader = counted(quality_latency=[HOP], data_quality_files=[FILE])
    with pytest.raises(PreventUpdate):
        fill_matrix(reader, DOMAINS, asked(reader, tick=5))
    with pytest.raises(PreventUpdate):
        fill_files(reader, asked(reader, tick=5))
    assert fill_matrix(reader, DOMAINS, asked(reader, tick=6))
    assert fill_files(reader, asked(reader, tick=6))


def test_a_page_of_the_list_names_systems_owners_and_states_in_words() -> None:
    desk = Desk(FakeReader(data_quality_list=[ROW]))
    page = list_page(desk, DOMAINS, Address(fault="contradiction"), {"startRow": 0, "endRow": 100})
    row = page["rowData"][0]
    assert page["rowCount"] == 41
    assert (row["case"], row["systems"], row["owner"]) == ("Worker W-7", "Workday, SAP S/4HANA", "HR operations")
    assert (row["status"], row["status_word"]) == ("at_risk", "Open")
    assert row["href"] == "/data-quality?fault=contradiction&finding=finding%3Aab12"


def test_the_list_says_what_it_holds_and_an_empty_one_is_good_news() -> None:
    reader = FakeReader(data_quality_list=[ROW])
    request = asked(reader, Address(fault="duplicate", domain="supplier"))
    assert fill_words(reader, DOMAINS, request) == ["41 duplicates, of Supplier that need work."]
    with pytest.raises(Empty, match="There are no late events that need work"):
        fill_words(FakeReader(), DOMAINS, asked(FakeReader(), Address(fault="late")))


def test_a_hop_compares_what_is_accepted_with_what_it_took() -> None:
    rows, _ = fill_hops(FakeReader(quality_latency=[HOP]), DOMAINS, asked(FakeReader()))
    assert (rows[0]["hop"], rows[0]["accepted"], rows[0]["median"], rows[0]["p90"]) == (
        "JAGGAER → Coupa",
        "8 h",
        "1 h",
        "–",
    )
    assert (rows[0]["status_word"], rows[0]["missed"]["text"]) == ("Too slow", "3")


def test_a_file_shows_source_bus_and_store_with_exact_money() -> None:
    rows, _ = fill_files(FakeReader(data_quality_files=[FILE]), asked(FakeReader()))
    row = rows[0]
    assert [row[name] for name in ("declared", "rows", "events", "stored")] == ["104", "100", "100", "96"]
    assert (row["sent_money"], row["stored_money"], row["status_word"]) == ("1,000.10 USD", "960.10 USD", "Short")
    assert money_words('{"EUR":"12345678901234567.89"}') == "12,345,678,901,234,567.89 EUR"


def test_the_detail_says_who_says_what_with_proof_history_and_cases() -> None:
    steps = [
        FindingEntry(NOW - DAY, "open", "", "", "They disagree", NOW),
        FindingEntry(NOW, "assigned", "ada", "HR desk", "yours", NOW),
    ]
    reader = FakeReader(
        quality_list=[FOUND], quality_history=steps, data_quality_proof=[PROOF], data_quality_cases=[CASE]
    )
    shown = fill_detail(Desk(reader), DOMAINS, asked(reader, Address(finding="finding:ab12")))
    text = json.dumps(shown, default=lambda part: part.to_plotly_json(), ensure_ascii=False)
    for word in ("Workday", "emergency", "flowglass.events/0@x at position 12", "Assigned to HR desk by ada", "R-1"):
        assert word in text
    assert ("data_quality_cases", {"types": ["worker"], "ids": ["W-7"]}) in reader.asked


def test_without_a_choice_the_first_of_the_list_is_shown() -> None:
    reader = FakeReader(data_quality_list=[ROW], quality_list=[FOUND])
    fill_detail(Desk(reader), DOMAINS, asked(reader))
    assert any(name == "quality_list" and asked_for["ids"] == ["ab12"] for name, asked_for in reader.asked)


def test_the_detail_of_a_broken_contract_leads_to_its_newest_event() -> None:
    breach = QualityBreach(
        "/ukg", "worker.changed.v1", "missing", "facility", "workforce", 12, "no facility", NOW, NOW, "e-1", 0
    )
    reader = FakeReader(data_quality_breach=[breach], data_quality_proof=[PROOF])
    key = "contract:/ukg|worker.changed.v1|missing|facility"
    text = json.dumps(
        fill_detail(Desk(reader), DOMAINS, asked(reader, Address(finding=key))), default=lambda p: p.to_plotly_json()
    )
    assert "HR operations" in text
    assert ("data_quality_proof", {"events": ["e-1"]}) in reader.asked


@pytest.mark.parametrize(
    "key", ["finding:gone", "contract:a|b", "nonsense", "nonsense:x", "finding:", "event:x", "file:x"]
)
def test_a_finding_that_is_not_there_is_said_so(key: str) -> None:
    reader = FakeReader()
    with pytest.raises(Empty, match="no longer there"):
        fill_detail(Desk(reader), DOMAINS, asked(reader, Address(finding=key)))


def test_a_tick_never_changes_the_detail() -> None:
    with pytest.raises(PreventUpdate):
        fill_detail(Desk(FakeReader()), DOMAINS, asked(FakeReader(), tick=6))


def test_a_service_is_known_by_its_systems_other_names() -> None:
    assert DOMAINS.system_of("sap-s4") == "s4hana"
    assert DOMAINS.system_of("Coupa") == "coupa"
    assert DOMAINS.system_of("hub") == "hub"


@pytest.mark.parametrize(("shown", "status"), [("?fault=late", 200), ("?finding=finding%3Aab12", 204)])
def test_a_tick_that_overtakes_a_persons_question_answers_it(shown: str, status: int) -> None:
    """The browser drops the earlier answer then; what is on show was asked with another search."""
    app = create_app(FakeReader(quality_list=[FOUND]))
    outputs = [
        {"id": "quality-detail", "property": "className"},
        {"id": "quality-detail-message", "property": "children"},
        {"id": "quality-detail", "property": "data-search"},
        {"id": "quality-panel", "property": "children"},
    ]
    body = {
        "output": "..{}..".format("...".join(f"{one['id']}.{one['property']}" for one in outputs)),
        "outputs": outputs,
        "inputs": [
            {"id": "url", "property": "search", "value": "?finding=finding%3Aab12"},
            {"id": "tick", "property": "data", "value": 6},
            {"id": {"retry": "quality-detail"}, "property": "n_clicks", "value": None},
        ],
        "state": [
            {"id": "quality-detail", "property": "className", "value": "fg-card fg-is-ok"},
            {"id": "quality-detail", "property": "data-search", "value": shown},
        ],
        "changedPropIds": ["tick.data"],
    }
    assert app.server.test_client().post("/_dash-update-component", json=body).status_code == status
