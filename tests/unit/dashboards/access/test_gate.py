"""Nothing is shown to somebody unknown, and to those known only what their role opens and reaches."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from dashboards.access.access import Access
from dashboards.access.attempts import FORGET, FREE, FREE_OF_ADDRESS, Attempts
from dashboards.access.ended import LONGEST_SECONDS, Ended
from dashboards.access.gate import CALLBACKS, TOKEN_COOKIE, TOKEN_HEADER, WRONG, Gate
from dashboards.access.limits import NONE, Limits
from dashboards.access.reading import ReachReaders
from dashboards.access.session import IDLE_SECONDS
from dashboards.api.operation import PROBES
from dashboards.application import create_app
from dashboards.pages.audit import BEYOND
from metrics.access.audit import AuditLog, verify
from metrics.access.load import load_roles
from metrics.access.people import Accounts
from metrics.queries.audit_rows import Deed
from metrics.words import Event
from tests.unit.dashboards.fake_reader import NOW, FakeReader, Stored

PASSWORD = "correct horse battery"
PUBLIC = {"/health", "/ready", "/sign-on", *PROBES}


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def search(client: FlaskClient, text: str) -> Any:
    """Press Enter in the search field."""
    state = {"search.value": text, "url.search": ""}
    return ask(client, ("url.href", "search-note.children"), {"search.n_submit": 1}, state)


def audit_card(client: FlaskClient) -> Any:
    """Open the page Audit."""
    outputs = (
        "audit.className", "audit-message.children", "audit.data-search", "audit-chain.children", "audit-grid.rowData",
    )  # fmt: skip
    inputs = {"url.search": "", "tick.data": 0, '{"retry":"audit"}.n_clicks': None}
    return ask(client, outputs, inputs, {"audit.className": "fg-is-loading", "audit.data-search": None})


def ask(client: FlaskClient, outputs: tuple[str, ...], inputs: dict[str, Any], state: dict[str, Any]) -> Any:
    """Call back as the browser does; the first input has changed."""
    cookie = client.get_cookie(TOKEN_COOKIE)
    assert cookie is not None
    body = {
        "output": f"..{'...'.join(outputs)}..", "outputs": [prop(name) for name in outputs],
        "inputs": [prop(name) | {"value": value} for name, value in inputs.items()],
        "state": [prop(name) | {"value": value} for name, value in state.items()],
        "changedPropIds": list(inputs)[:1],
    }  # fmt: skip
    return client.post(CALLBACKS, json=body, headers={TOKEN_HEADER: cookie.value})


def prop(name: str) -> dict[str, Any]:
    component, _, which = name.rpartition(".")
    return {"id": json.loads(component) if component.startswith("{") else component, "property": which}


class House:
    """An app with four people, a clock and a fake store without limits."""

    def __init__(self, folder: Path, limits: Limits = NONE, reader: FakeReader | None = None) -> None:
        self.clock, self.reader = Clock(), reader or FakeReader(people_did=[Deed(NOW, "eve", "ack", "x")])
        self.sent: list[Event] = []
        self.stored = Stored()
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.accounts = Accounts(folder / "people.json", load_roles(), quick)
        for name, role in (("ada", "admin"), ("eve", "executive"), ("hank", "hr")):
            self.accounts.put(name, role, PASSWORD)
        self.folder = folder
        self.accounts.put("amy", "auditor", PASSWORD, ("north",))
        self.audit_file = folder / "audit.jsonl"
        audit = AuditLog(self.audit_file)
        ended = Ended(folder / "ended", self.clock)
        gate = Gate(self.accounts, audit, secure=False, ended=ended, clock=self.clock, rising=self.clock)
        readers = ReachReaders(lambda reach: "flowglass", lambda database: self.reader)
        access = Access(gate, readers, audit, b"k" * 32)
        self.app = create_app(self.reader, access, self.sent.append, limits=limits, writer=self.stored)

    def stranger(self) -> FlaskClient:
        client: FlaskClient = self.app.server.test_client()
        return client

    def signed_on(self, name: str, password: str = PASSWORD) -> FlaskClient:
        client = self.stranger()
        assert sign_on(client, name, password).status_code == 303
        client.get("/")
        return client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("access"))


def sign_on(client: FlaskClient, name: str, password: str, onward: str = "/") -> Any:
    page = client.get("/sign-on").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    return client.post("/sign-on", data={"name": name, "password": password, "token": token[1], "next": onward})


def call(client: FlaskClient, path: str = "/sla", token: str | None = None, by: tuple[str, ...] = ()) -> Any:
    """Open a page as the browser does, through its callback; `by`: what it says has changed."""
    cookie = client.get_cookie(TOKEN_COOKIE)
    told = token if token is not None else cookie.value if cookie else ""
    body = {
        "output": "page.children", "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "url", "property": "pathname", "value": path}],
        "state": [{"id": "url", "property": "search", "value": ""}], "changedPropIds": list(by or ["url.pathname"]),
    }  # fmt: skip
    return client.post(CALLBACKS, json=body, headers={TOKEN_HEADER: told})


def test_a_stranger_is_shown_nothing_but_the_form(house: House) -> None:
    client = house.stranger()
    for rule in house.app.server.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        if path in PUBLIC or path.startswith("/assets/") or rule.endpoint == "static":
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(path, method=method, json={} if method == "POST" else None)
            assert answer.status_code == 401, (method, path)
    opened = client.get("/sla", headers={"Accept": "text/html"})
    assert (opened.status_code, opened.location) == (303, "/sign-on?next=/sla")


def test_a_password_opens_and_the_cookie_is_out_of_reach_of_scripts(house: House) -> None:
    client = house.stranger()
    answer = sign_on(client, "Ada", PASSWORD, "/sla")
    assert (answer.status_code, answer.location) == (303, "/sla")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("flowglass="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert call(house.signed_on("ada")).status_code == 200


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("'--", "\0")])
def test_a_wrong_pair_opens_nothing_and_does_not_say_what_was_wrong(house: House, name: str, password: str) -> None:
    client = house.stranger()
    answer = sign_on(client, name, password)
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert call(client).status_code == 401


def test_after_a_few_wrong_passwords_one_must_wait(tmp_path: Path) -> None:
    house = House(tmp_path)
    client = house.stranger()
    assert [sign_on(client, "ada", "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert sign_on(client, "ada", PASSWORD).status_code == 429
    house.clock.now += 3
    assert sign_on(client, "ada", PASSWORD).status_code == 303


def test_where_one_goes_on_to_is_a_page_of_ours(house: House) -> None:
    hostile = ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)")
    for onward in (*hostile, "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "", " /sla"):
        assert sign_on(house.stranger(), "ada", PASSWORD, onward).location == "/", onward


def test_what_a_page_showed_is_shown_again_after_signing_on(house: House) -> None:
    wanted = "/cases?process=a%26b&period=7&id=12:30"
    sent = house.stranger().get(wanted, headers={"Accept": "text/html"}).location
    form = house.stranger().get(sent).text
    told = re.search(r'name="next" value="([^"]+)"', form)
    assert told is not None
    assert sign_on(house.stranger(), "ada", PASSWORD, html.unescape(told[1])).location == wanted


def test_a_callback_without_the_token_of_its_session_is_refused(house: House) -> None:
    client = house.signed_on("ada")
    assert call(client, token="").status_code == 400
    assert call(client, token="of-another-session").status_code == 400
    assert call(client).status_code == 200


def test_a_role_opens_its_pages_and_no_others(house: House) -> None:
    eve = house.signed_on("eve")
    assert "Not for your role" in call(eve, "/integrations").text
    assert "Not for your role" not in call(eve, "/spend").text
    shown = json.dumps(eve.get("/_dash-layout").get_json())
    assert '{"nav": "/spend"}' in shown
    assert '{"nav": "/integrations"}' not in shown


def test_who_may_not_open_the_list_of_cases_finds_none(house: House) -> None:
    assert "Your role does not open" in search(house.signed_on("eve"), "R-1").text
    assert "Nothing is known by the id" in search(house.signed_on("hank"), "R-1").text


def test_an_auditor_of_one_place_does_not_read_the_whole_log(house: House) -> None:
    shown = {name: audit_card(house.signed_on(name)) for name in ("amy", "ada")}
    assert {name: (answer.status_code, BEYOND in answer.text) for name, answer in shown.items()} == {
        "amy": (200, True),
        "ada": (200, False),
    }


def test_a_session_ends_when_idle_when_old_and_when_the_account_changes(tmp_path: Path) -> None:
    house = House(tmp_path)
    client = house.signed_on("ada")
    house.clock.now += IDLE_SECONDS + 1
    assert call(client).status_code == 401
    client = house.signed_on("ada")
    for _ in range(LONGEST_SECONDS // 600):
        house.clock.now += 600
        assert call(client).status_code == 200
    house.clock.now += 1
    assert call(client).status_code == 401
    client = house.signed_on("hank")
    house.accounts.put("hank", "hr", PASSWORD + "!")
    assert call(client).status_code == 401


def test_a_page_that_asks_by_itself_keeps_nobody_signed_on(house: House) -> None:
    client, other = house.signed_on("ada"), house.signed_on("eve")
    by_itself = (("tick.data",), ("cases-grid.getRowsRequest",), ("tick.data", "sla-due-grid.getRowsRequest"))
    for minute in range(1, 17):
        house.clock.now += 60
        assert call(client, by=by_itself[minute % 3]).status_code == (200 if minute <= 15 else 401)
        assert call(other, by=("tick.data", "url.search")).status_code == 200


def test_an_address_has_more_attempts_than_a_name_and_an_hour_forgets() -> None:
    clock = Clock()
    attempts, name, address = Attempts(clock), ("name", "ada"), ("address", "10.0.0.1")
    for _ in range(FREE_OF_ADDRESS - 1):
        attempts.failed(address)
    for _ in range(FREE):
        attempts.failed(name)
    assert (attempts.wait(name), attempts.wait(address)) == (2.0, 0.0)
    attempts.failed(address)
    assert attempts.wait(address) == 2.0
    for _ in range(1_100):
        attempts.failed(address)
    assert attempts.wait(address) == 300.0
    clock.now += FORGET
    attempts.failed(address)
    assert attempts.wait(name, address) == 0.0


def test_signing_off_ends_it_and_all_of_it_is_noted(tmp_path: Path) -> None:
    house = House(tmp_path)
    client = house.signed_on("hank")
    token = client.get_cookie(TOKEN_COOKIE)
    assert token is not None
    assert client.post("/sign-off", data={"token": token.value}).status_code == 303
    assert call(client, token=token.value).status_code == 401
    assert [one["did"] for one in AuditLog(house.audit_file).entries()] == ["signed on", "signed off"]
    assert verify(house.audit_file)[2] is None


def test_a_copied_cookie_opens_nothing_after_signing_off(house: House) -> None:
    client, thief = house.signed_on("hank"), house.stranger()
    cookie, token = client.get_cookie("flowglass"), client.get_cookie(TOKEN_COOKIE)
    assert cookie is not None
    assert token is not None
    thief.set_cookie("flowglass", cookie.value)
    thief.set_cookie(TOKEN_COOKIE, token.value)
    assert call(thief).status_code == 200
    other = house.signed_on("hank")
    client.post("/sign-off", headers={TOKEN_HEADER: token.value})
    assert (call(thief).status_code, call(other).status_code) == (401, 200)
    house.clock.now += LONGEST_SECONDS + 1
    Ended(house.folder / "ended", house.clock).add("of another session")
    assert len(list((house.folder / "ended").iterdir())) == 1


def test_when_nothing_can_be_written_nobody_gets_in_and_everybody_out(tmp_path: Path) -> None:
    house = House(tmp_path)
    client = house.signed_on("hank")
    token = client.get_cookie(TOKEN_COOKIE)
    assert token is not None
    house.audit_file.unlink()
    house.audit_file.mkdir()
    (tmp_path / "ended").write_text("no folder")
    assert client.post("/sign-off", data={"token": token.value}).status_code == 303
    assert call(client, token=token.value).status_code == 401
    assert sign_on(house.stranger(), "ada", PASSWORD).status_code == 503
