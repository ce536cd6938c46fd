"""Callbacks and deeds by role: strangers get nothing, and a page that a role does not open reads nothing for it."""

import pytest
from dash import Dash, html
from flask.testing import FlaskClient

from dashboards.access.gate import CALLBACKS, TOKEN_HEADER
from dashboards.case_closing import SENT
from dashboards.page import discovered
from dashboards.scope import Desk
from metrics.access.load import load_roles
from metrics.access.matrix import NO, YES, matrix
from metrics.queries.closing_rows import Closable
from tests.security.callbacks import callbacks, post
from tests.security.figures import Record
from tests.unit.dashboards.access.test_any_input import OneRow
from tests.unit.dashboards.access.test_gate import PASSWORD, House
from tests.unit.dashboards.fake_reader import NOW, FakeReader
from tests.unit.dashboards.test_alerts_page import stored

ROLES = load_roles()
LINES = dict(matrix(ROLES, ()))
ALERT = stored("orders")
OPEN_CASE = Closable("open", "", NOW - 1, 0, "simulator", "live", NOW, "requisition")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = House(tmp_path_factory.mktemp("roles"), reader=OneRow(case_closing=[OPEN_CASE], alert_open=[ALERT]))
    for role in ROLES:
        made.accounts.put(role, role, PASSWORD)
    return made


@pytest.fixture(scope="module")
def browsers(house: House) -> dict[str, FlaskClient]:
    return {role: house.signed_on(role) for role in ROLES}


def page_of_callbacks() -> dict[str, str]:
    """The page by the output of each callback that belongs to one."""
    found: dict[str, str] = {}
    for page in discovered():
        app = Dash("alone", suppress_callback_exceptions=True)
        app.layout = html.Div()
        page.register(app, Desk(FakeReader()))
        found |= {one.output: page.path for one in callbacks(app)}
    return found


def test_no_callback_answers_a_stranger(house: House, record: Record) -> None:
    client = house.stranger()
    client.get("/sign-on")
    statuses = [post(client, one.body()).status_code for one in callbacks(house.app)]
    statuses += [client.post(CALLBACKS, json=one.body(), headers={TOKEN_HEADER: "x"}).status_code
                 for one in callbacks(house.app)]  # fmt: skip
    let_in = len(statuses) - statuses.count(401)
    record(1, "callbacks asked by a stranger, with and without a token", len(statuses), let_in)
    assert set(statuses) == {401}


def test_no_callback_answers_without_the_token_of_its_session(house: House, record: Record) -> None:
    client = house.signed_on("ada")
    statuses = [client.post(CALLBACKS, json=one.body()).status_code for one in callbacks(house.app)]
    record(8, "callbacks without the token of their session", len(statuses), len(statuses) - statuses.count(400))
    assert set(statuses) == {400}


def test_a_page_that_a_role_does_not_open_reads_nothing_for_it(
    house: House, browsers: dict[str, FlaskClient], record: Record
) -> None:
    pages, cells, read = page_of_callbacks(), 0, set()
    for number, role in enumerate(ROLES):
        closed = [one for one in callbacks(house.app) if LINES[f"page {pages.get(one.output, '/')}"][number] == NO]
        for one in closed:
            cells += 1
            house.reader.asked.clear()
            answer = post(browsers[role], one.body(**{"url.search": "?process=requisition_to_pay&id=R-1"}))
            if house.reader.asked or answer.status_code not in (200, 204, 400):
                read.add((role, pages[one.output], one.output[:60], answer.status_code))
    record(2, "role × callback of a page that is closed to it: queries asked", cells, len(read))
    assert cells > 100
    assert read == set()


def test_each_cell_of_what_a_role_may_do_is_what_the_server_lets_it_do(
    house: House, browsers: dict[str, FlaskClient], record: Record
) -> None:
    closing = next(one for one in callbacks(house.app) if "case-closing-note.children" in one.output)
    pressed = {
        "url.search": "?process=requisition_to_pay&id=R-1", "case-closing-button.n_clicks": 1,
        "case-closing-reason.value": "entered twice",
    }  # fmt: skip
    wrong = []
    for number, role in enumerate(ROLES):
        house.sent.clear()
        answer = post(browsers[role], closing.body(**pressed))
        let = LINES["may close_cases"][number] == YES and LINES["page /case"][number] == YES
        if (len(house.sent) == 1, SENT in answer.text) != (let, let):
            wrong.append((role, answer.text[:200]))
    record(2, "role × deed, by calling back without its button", len(ROLES), len(wrong))
    assert wrong == []


def test_who_may_only_read_alerts_is_refused_and_nothing_is_written(
    house: House, browsers: dict[str, FlaskClient], record: Record
) -> None:
    pressing = next(one for one in callbacks(house.app) if "alert-note.children" in one.output)
    pressed = {
        "alert-acknowledge.n_clicks": 1, "alert-last.value": "4h", "alert-panel.data-alert": ALERT.alert_id,
        "alert-words.value": "", "alert-whom.value": "",
    }  # fmt: skip
    wrong = []
    for number, role in enumerate(ROLES):
        house.stored.clear()
        answer = post(browsers[role], pressing.body(**pressed))
        let = LINES["may handle_alerts"][number] == YES and LINES["page /alerts"][number] == YES
        actors = [row["actor"] for _, row in house.stored]
        if (answer.status_code, actors) != ((200, [role]) if let else (403, [])):
            wrong.append((role, answer.status_code, actors, answer.text[:200]))
    record(2, "role × acting on an alert, by calling back without its button", len(ROLES), len(wrong))
    assert wrong == []
    noted = [line for line in house.audit_file.read_text().splitlines() if "acknowledged an alert" in line]
    assert len(noted) == LINES["may handle_alerts"].count(YES)


def test_each_cell_of_the_interface_is_what_it_answers(
    house: House, browsers: dict[str, FlaskClient], record: Record
) -> None:
    window = {"since": "2026-09-01T00:00:00Z", "until": "2026-10-01T00:00:00Z"}
    cells, wrong = 0, []
    for what, answers in LINES.items():
        if not what.startswith("api ") or "/exports/spend" in what:
            continue
        path = what.removeprefix("api ").replace("{trace_id}", "0" * 32).replace("{", "").replace("}", "")
        asked = window if path.startswith(("/ledger", "/exports")) else {}
        asked = {**asked, "process": "requisition_to_pay"} if path.startswith("/exports") else asked
        for role, cell in zip(ROLES, answers, strict=True):
            answer = browsers[role].get(f"/api/v1{path}", query_string=asked)
            cells += 1
            refused = answer.status_code == 403 or "sums alone" in answer.text
            if refused != (cell == NO) or answer.status_code == 400:
                wrong.append((role, path, answer.status_code, answer.text[:120]))
    record(2, "role × operation of the interface: answered or refused as printed", cells, len(wrong))
    assert wrong == []
