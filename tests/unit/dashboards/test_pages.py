"""Pages as component trees and their callbacks as functions, with a fake store."""

import json
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.application import create_app, warm
from dashboards.board import fill_board
from dashboards.components.leaves import Leaf, leaf_values
from dashboards.filling import Request
from dashboards.headline import fill_tiles
from dashboards.page import discovered
from dashboards.paging import asked_rows
from dashboards.scope import Desk
from dashboards.search import destination
from dashboards.shell_news import age, lost_text, read_news, simulated_text
from metrics.queries.rows import (
    AttainmentTotals,
    CaseCounts,
    FaultCounts,
    Feed,
    Found,
    LostLog,
    StageFlow,
    StageInterface,
    StageLoad,
    UnlinkedCount,
)
from metrics.store.space import MIB, Space
from metrics.texts.backlog import Backlog
from metrics.words import MINUTE
from tests.unit.dashboards.fake_reader import DAY, LOG, NOW, PROCESS, FakeReader

STAGES = FakeReader(
    stage_load=[StageLoad("approval", 12, 4, 2, 3.6e9)],
    stage_flow=[StageFlow("approval", 5, 3)],
    stage_interfaces=[StageInterface("approval", "hub → erp", "hub", 20, 5, 4e5, 9)],
)


def request_for(reader: FakeReader, address: Address, names: list[str], ticked: bool = False, lead: int = 0) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(Desk(reader).scope(address), ticked, 0, (), [None] * lead + specs)


def test_the_pages_are_found_in_navigation_order() -> None:
    paths = [page.path for page in discovered()]
    assert paths[:3] == ["/", "/process", "/sla"]
    assert {"/case", "/cases", "/exceptions"} <= set(paths)


@pytest.mark.parametrize("page", discovered(), ids=lambda page: page.title)
def test_every_card_of_a_page_starts_in_its_loading_state(page: Any) -> None:
    tree = json.dumps(page.layout(Address(id="R-1")).to_plotly_json(), default=lambda part: part.to_plotly_json())
    assert tree.count("fg-is-loading") == tree.count('"fg-card-skeleton"') > 0


def test_tiles_carry_value_unit_status_and_link() -> None:
    reader = FakeReader(
        case_counts=[CaseCounts(100, 40, 6, 3, 5, 4, 2)],
        attainment_totals=[AttainmentTotals("order", 80, 20, 90, 10, 80, 20)],
        fault_counts=[FaultCounts(2, 1, 9)],
        unlinked_count=[UnlinkedCount(7, 900)],
    )
    names = ["breached/value", "breached/unit", "breached/status", "breached", "attainment/note"]
    texts, classes, links = fill_tiles(reader, request_for(reader, Address(), names))
    assert texts[:3] == ["6", "cases", "Breached"]
    assert "fg-tone-bad" in classes[2]
    assert links[3] == "/cases?list=breached"
    assert texts[4] == "▼ 10.0 points on the period before"


def test_a_log_without_slas_says_so_instead_of_showing_zero_percent() -> None:
    reader = FakeReader(
        case_counts=[CaseCounts(10, 10, 0, 0, 0, 0, 0)],
        attainment_totals=[],
        fault_counts=[FaultCounts(0, 0, 0)],
        unlinked_count=[UnlinkedCount(0, 50)],
    )
    texts, _, _ = fill_tiles(
        reader, request_for(reader, Address(process=LOG.process), ["attainment/value", "attainment/note"])
    )
    assert texts == ["–", "This process has no SLAs"]


def test_the_board_shows_every_state_of_the_definition_and_its_interfaces() -> None:
    tree, *_ = fill_board(STAGES, request_for(STAGES, Address(), [], lead=1))
    text = str(tree)
    assert "Waiting for approval" in text
    assert "hub → erp" in text
    assert "25.0 % errors" in text
    assert "In parallel: Receiving" in text


@pytest.mark.parametrize("ticked", [True, False])
def test_a_board_that_stands_is_sent_leaves_and_no_tree(ticked: bool) -> None:
    first = request_for(STAGES, Address(), [], lead=1)
    tree, *_ = fill_board(STAGES, first)
    names = [
        part.id["name"]
        for row in tree
        for part in row._traverse()
        if isinstance(getattr(part, "id", None), dict) and "leaf" in part.id
    ]
    again, texts, classes, _ = fill_board(STAGES, request_for(STAGES, Address(), names, ticked=ticked, lead=1))
    assert type(again).__name__ == "NoUpdate"
    assert texts[names.index("approval/value")] == "12"
    assert "fg-tone-bad" in classes[names.index("approval/bar")]


def test_leaves_nobody_filled_become_empty_not_wrong() -> None:
    outputs = [[{"id": {"leaf": "x", "name": "gone/value"}}], [{"id": {"leaf": "x", "name": "gone/value"}}], []]
    assert leaf_values(outputs, {"other": Leaf("1")}, {}) == [[""], ["fg-leaf fg-value fg-tone-quiet"], []]


def test_the_age_of_data_is_the_newest_event_with_a_tone_by_lag() -> None:
    live = [Feed("simulator", "live", NOW, NOW, 1)]
    assert age(PROCESS, [PROCESS], live, NOW + 60_000_000)[:2] == ("Data as of 16:00:00", "good")
    assert age(PROCESS, [PROCESS], live, NOW + 10 * 60_000_000)[1] == "warn"
    assert age(PROCESS, [PROCESS], live, NOW + DAY)[1] == "bad"


def test_a_file_that_was_read_to_its_end_is_not_late() -> None:
    done = [Feed("file:seed", "end", LOG.newest_us, NOW, 0)]
    assert age(LOG, [LOG], done, NOW)[1] == "quiet"


def test_a_feed_that_still_catches_up_says_so() -> None:
    assert age(PROCESS, [PROCESS], [Feed("simulator", "backfill", NOW, NOW, 1)], NOW)[0].startswith("Catching up")


def test_simulated_rows_and_lost_records_are_told() -> None:
    assert "Simulated data" in simulated_text(PROCESS)
    assert simulated_text(LOG) == ""
    assert "1,200 records" in lost_text([LostLog("b", "a", NOW, 1200, "")])
    assert lost_text([]) == ""


@pytest.mark.parametrize(("free", "said"), [(3 * MIB, "The store's disk is full: 3 MiB are left."), (900 * MIB, "")])
def test_a_full_disk_is_told_on_every_page(free: int, said: str) -> None:
    news = read_news(Desk(FakeReader(store_space=[Space(free, 1_000 * MIB)])), "", lambda: NOW)
    assert news.lost.startswith(said)
    assert bool(news.lost) is bool(said)


def test_a_group_without_processes_has_no_data_yet() -> None:
    assert read_news(Desk(FakeReader(processes=[])), "", lambda: NOW).as_of == "No data yet"


def test_a_backlog_is_told_on_every_page_and_goes_when_it_is_read() -> None:
    behind = Backlog("cases", 120_000, NOW - 12 * MINUTE, 4 * MINUTE, NOW)
    told = read_news(Desk(FakeReader(backlog=[behind])), "", lambda: NOW)
    assert told.as_of == "Catching up: 120,000 events behind, about 4 min"
    assert "warn" in told.as_of_class
    assert told.as_of_title.startswith("The oldest of them came 12 min ago.")
    assert read_news(Desk(FakeReader()), "", lambda: NOW).as_of.startswith("Data as of")


def test_an_id_with_one_case_opens_it_and_with_several_lists_them() -> None:
    one = [Found("invoice", "I-1", "p", "R-1"), Found("event", "I-1", "p", "R-1")]
    assert destination(one, "I-1", Address())[0] == "/case?process=p&id=R-1"
    assert destination([*one, Found("invoice", "I-1", "p", "R-2")], "I-1", Address())[0] == "/cases?q=I-1"
    assert "Nothing is known" in destination([], "nope", Address())[1]


def test_a_grid_may_ask_for_a_bounded_range_and_a_known_sort_only() -> None:
    asked = asked_rows(
        {
            "startRow": 0,
            "endRow": 1_000_000,
            "sortModel": [{"colId": "x; DROP", "sort": "asc"}],
            "filterModel": {"a": 1},
        }
    )
    assert asked.limit == 200
    assert asked.sort(("case",)) == ""
    assert (
        asked_rows({"startRow": 0, "endRow": 5, "sortModel": [{"colId": "case", "sort": "desc"}]}).sort(("case",))
        == "-case"
    )


@pytest.mark.parametrize(
    "request_", [None, 3, "x", [], {}, {"startRow": "a", "endRow": 2}, {"startRow": -1, "endRow": 2}]
)
def test_a_malformed_request_for_rows_is_refused(request_: Any) -> None:
    from werkzeug.exceptions import BadRequest

    with pytest.raises(BadRequest):
        asked_rows(request_)


@pytest.fixture(scope="module")
def client() -> Any:
    app = create_app(FakeReader())
    warm(app)
    return app.server.test_client()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"output": 3},
        {"output": "nobody.children"},
        {"output": "page.children", "inputs": "x"},
        {"output": "page.children", "inputs": [3]},
    ],
)
def test_an_unknown_or_malformed_callback_is_400_not_500(client: Any, body: Any) -> None:
    assert client.post("/_dash-update-component", json=body).status_code == 400


@pytest.mark.parametrize("value", [3, [], {}, True])
def test_a_callback_input_of_the_wrong_type_is_400(client: Any, value: Any) -> None:
    body = {
        "output": "page.children",
        "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "url", "property": "pathname", "value": value}],
        "state": [{"id": "url", "property": "search", "value": ""}],
        "changedPropIds": ["url.pathname"],
    }
    assert client.post("/_dash-update-component", json=body).status_code == 400


def test_every_answer_carries_the_strict_headers(client: Any) -> None:
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_health_answers_and_readiness_asks_the_store() -> None:
    reader = FakeReader()
    client = create_app(reader).server.test_client()
    assert (client.get("/health").status_code, client.get("/ready").status_code) == (200, 200)
    reader.problem = OSError("away")
    assert (client.get("/health").status_code, client.get("/ready").status_code) == (200, 503)
