"""Every callback and operation, asked by everybody, honestly and not: nobody is shown what is not theirs."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, urlencode

import pytest

from dashboards.api.operations import OPERATIONS
from metrics.access.load import load_roles
from metrics.access.matrix import ENDPOINTS, NO, of_endpoint
from metrics.store.client import StoreClient
from tests.integration.access.test_masks import filled  # noqa: F401 - the seeded store with a person in it
from tests.integration.access.town import Case, Town, pressed
from tests.integration.store.front_process import StoreFront
from tests.security.callbacks import post
from tests.security.corpus import corpus
from tests.security.figures import FULL, Record, sample

pytestmark = [pytest.mark.store, pytest.mark.timeout(3600)]
FEW = ("norah", "executive")
SINCE = "2026-09-01T00:00:00Z"
SQL = re.compile(
    r"SELECT\b.{0,200}\bFROM|INSERT INTO|DB::|Code: \d+|\bException\b|Traceback|clickhouse|chdb|syntax error|\bv_[a-z]",
    re.IGNORECASE | re.DOTALL,
)
"""What only the store or the program says."""


@pytest.fixture(scope="module")
def town(
    filled: StoreClient,  # noqa: F811
    store_front: StoreFront,
    tmp_path_factory: pytest.TempPathFactory,
) -> Town:
    return Town(tmp_path_factory.mktemp("town"), filled, store_front.url)


def others_case(town: Town, name: str) -> Case:
    """A case that somebody may not see, of a process they may see where there is one."""
    beyond = [case for case in town.cases() if not town.reaches(name, case)] or town.cases()
    processes = town.people[name].reach.processes or frozenset()
    return min(beyond, key=lambda case: (case.process not in processes, case))


def searches(town: Town, name: str) -> Iterator[tuple[str, str]]:
    """What the URL says and what is searched for: nothing, what is forbidden, and a guess within what is allowed."""
    beyond = others_case(town, name)
    trace = town.values(f"SELECT any(trace_id) FROM v_trace_cases WHERE case_id = '{beyond.case_id}'")[0][0]
    (alert,) = town.values("SELECT max(alert_id) FROM v_alerts")[0]
    guesses = {"id": beyond.case_id, "trace": trace, "q": beyond.case_id, "alert": alert, "period": "0", "list": "open"}
    yield "", beyond.case_id
    yield "?" + urlencode({**guesses, "process": beyond.process, "facility": beyond.facility}), trace
    yield "?" + urlencode(guesses), beyond.case_id


def test_no_callback_shows_anybody_what_is_not_theirs(town: Town, record: Record) -> None:
    cells, leaks, failed = 0, {}, set()
    for name in town.people if FULL else FEW:
        told, browser = town.forbidden(name), town.browser(name)
        for search, text in searches(town, name):
            for one in sample(town.callbacks, 17):
                answer = post(browser, one.body(**pressed(one, search, text)))
                cells += 1
                if answer.status_code not in (200, 204, 400, 403):
                    failed.add((name, one.output[:60], answer.status_code))
                if shown := told.leaks(answer.text, search + text):
                    leaks[name, one.output[:60], search[:40]] = sorted(shown)[:5]
    record(2, "role × callback × input, honest and guessed", cells, len(leaks))
    assert failed == set()
    assert leaks == {}


def test_where_the_time_of_cases_went_names_no_case_to_who_sees_sums_alone(town: Town) -> None:
    one = next(one for one in town.callbacks if one.output.startswith("..delays.className"))
    search = "?" + urlencode({"process": "requisition_to_pay", "period": "0"})
    for_sums = post(town.browser("executive"), one.body(**pressed(one, search, "")))
    assert town.forbidden("executive").leaks(for_sums.text, search) == set()
    assert "sums alone" in for_sums.text
    for_all = post(town.browser("admin"), one.body(**pressed(one, search, "")))
    assert town.forbidden("executive").leaks(for_all.text, search)


def test_the_same_questions_show_an_admin_what_others_must_not_see(town: Town) -> None:
    told, browser = town.forbidden("norah"), town.browser("admin")
    beyond = others_case(town, "norah")
    assert told.leaks(browser.get(f"/api/v1/cases?process={beyond.process}&limit=1000").text, "")
    grid = next(one for one in town.callbacks if one.output.startswith("cases-grid.getRowsResponse"))
    assert told.leaks(post(browser, grid.body(**pressed(grid, f"?process={beyond.process}&period=0", ""))).text, "")


def test_no_operation_shows_anybody_what_is_not_theirs_and_each_cell_is_as_printed(town: Town, record: Record) -> None:
    cells, leaks, wrong = 0, {}, {}
    for name in town.people if FULL else FEW:
        told, browser, role = town.forbidden(name), town.browser(name), town.people[name].role
        for path, asked in asked_of_the_interface(town, name):
            endpoint = next(one for one in ENDPOINTS if one.split("{")[0].rstrip("/") in path and fits(one, path))
            answer = browser.get(f"/api/v1{path}", query_string=asked)
            cells += 1
            refused = answer.status_code == 403 or "sums alone" in answer.text
            if refused != (of_endpoint(endpoint, role) == NO) or answer.status_code >= 504:
                wrong[name, path] = answer.status_code
            if shown := told.leaks(answer.text, path + str(asked)):
                leaks[name, path] = sorted(shown)[:5]
    record(2, "role × operation of the interface, lists and guessed ids", cells, len(leaks))
    assert wrong == {}
    assert leaks == {}


def fits(endpoint: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[a-z_]+\}", "[^/]+", endpoint), path) is not None


def asked_of_the_interface(town: Town, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every operation, with ids of what is not theirs."""
    beyond = others_case(town, name)
    kind, id_ = town.values(
        "SELECT toString(any(object_type)), any(object_id) FROM v_links"
        f" WHERE case_id = '{beyond.case_id}' AND position(object_id, '/') = 0"
    )[0]
    object_ = f"{kind}/{quote(id_)}" if id_ else f"case/{quote(beyond.case_id, safe='')}"
    trace = town.values(f"SELECT any(trace_id) FROM v_trace_cases WHERE case_id = '{beyond.case_id}'")[0][0]
    (alert,) = town.values("SELECT max(alert_id) FROM v_alerts")[0]
    window = {"since": SINCE, "until": "2027-01-01T00:00:00Z"}
    placed = {
        "/cases/{process}/{case_id}": f"/cases/{beyond.process}/{quote(beyond.case_id)}",
        "/slas/{process}/{sla}": f"/slas/{beyond.process}/x",
        "/alerts/{alert_id}": f"/alerts/{alert}",
        "/links/objects/{object_type}/{object_id}": f"/links/objects/{object_}",
        "/links/traces/{trace_id}": f"/links/traces/{trace or '0' * 32}",
    }
    for endpoint in ENDPOINTS:
        asked = {"limit": "1000"} if endpoint in ("/cases", "/alerts", "/ledger/documents") else {}
        asked |= window if endpoint.startswith("/ledger") else {}
        if endpoint.startswith("/exports") and endpoint != "/exports/spend":
            asked = {**window, "process": town.cases()[0].process}
            if FULL and endpoint != "/exports/xes":
                yield endpoint, window
        if endpoint == "/cases":
            yield endpoint, {"process": beyond.process, "facility": beyond.facility}
        yield placed.get(endpoint, endpoint), asked


def test_hostile_texts_get_no_row_no_sql_and_no_error(town: Town, record: Record) -> None:
    name = "norah"
    told, browser, tried, shown, failed = town.forbidden(name), town.browser(name), 0, {}, {}
    grid = next(one for one in town.callbacks if one.output.startswith("cases-grid.getRowsResponse"))
    search = next(one for one in town.callbacks if "search-note.children" in one.output)
    tiles = next(one for one in town.callbacks if one.output.startswith("..tiles."))
    texts = sample(corpus(), 53)
    for text in texts:
        sort = {"startRow": 0, "endRow": 50, "sortModel": [{"colId": text, "sort": text}], "filterModel": {text: text}}
        for one, changes in (
            (tiles, {"url.search": "?" + urlencode({"facility": text})}),
            (tiles, {"url.search": "?" + urlencode({"process": text, "department": text})}),
            (
                grid,
                {"url.search": "?" + urlencode({"q": text}), "cases-grid.getRowsRequest": {**sort, "sortModel": []}},
            ),
            (grid, {"url.search": "?list=open&facility=nowhere", "cases-grid.getRowsRequest": sort}),
            (search, {"search.value": text, "search.n_submit": 1}),
        ):
            answer = post(browser, one.body(**changes))
            tried += 1
            if answer.status_code not in (200, 204, 400):
                failed[one.output[:30], text[:30]] = answer.status_code
            said = without(answer.text, text)
            if SQL.search(said) or told.leaks(answer.text, text) or rows_in(answer):
                shown[one.output[:30], text[:30]] = said[:200]
        for path, asked in (
            ("/cases", {"process": text}),
            ("/cases", {"facility": text}),
            ("/ledger/documents", {"supplier": text, "since": SINCE}),
            (f"/cases/requisition_to_pay/{quote(text, safe='')}", {}),
            (f"/links/objects/worker/{quote(text, safe='')}", {}),
        ):
            answer = browser.get(f"/api/v1{path}", query_string=asked)
            tried += 1
            if answer.status_code not in (200, 400, 404):
                failed[path[:30], text[:30]] = answer.status_code
            said = without(answer.text, text)
            if SQL.search(said) or (answer.status_code == 200 and (answer.json or {}).get("items") != []):
                shown[path[:30], text[:30]] = said[:200]
    record(
        6,
        f"{len(texts)} hostile texts of {len(corpus())} through URL, filters, grid, search and API",
        tried,
        len(shown),
    )
    assert len(corpus()) >= 200
    assert failed == {}
    assert shown == {}


IN_SCRIPTS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>/"})
"""How Dash writes what must not end a script."""


def without(answer: str, text: str) -> str:
    """The answer but for what was asked, however it is written there."""
    encoded = [json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
    of_dash = [one.translate(IN_SCRIPTS) for one in encoded]
    for written in {quote_plus(text), quote(text, safe=""), text, *encoded, *of_dash, repr(text)[1:-1], quote(text)}:
        answer = answer.replace(written, "") if len(written) > 2 else answer
    return answer


def rows_in(answer: object) -> bool:
    """Whether a grid was given rows."""
    told = getattr(answer, "json", None) if getattr(answer, "status_code", 0) == 200 else None
    found = (told or {}).get("response", {}).get("cases-grid", {}).get("getRowsResponse", {})
    return bool(found and found.get("rowData"))


def test_every_operation_and_every_role_is_in_the_matrix() -> None:
    assert set(ENDPOINTS) == {one.path for one in OPERATIONS if one.page is not None}
    assert {one.path: one.page for one in OPERATIONS if one.page is not None} == dict(ENDPOINTS)
    assert len(load_roles()) == 7
