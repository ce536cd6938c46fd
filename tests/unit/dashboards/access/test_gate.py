"""Nothing is shown to somebody unknown, and to those known only what their role opens and reaches."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from dashboards.access.access import Access
from dashboards.access.gate import CALLBACKS, TOKEN_COOKIE, TOKEN_HEADER, WRONG, Gate
from dashboards.access.reading import ReachReaders
from dashboards.access.session import IDLE_SECONDS, LONGEST_SECONDS
from dashboards.application import create_app
from metrics.access.audit import AuditLog, verify
from metrics.access.load import load_roles
from metrics.access.people import Accounts
from tests.unit.dashboards.fake_reader import FakeReader

PASSWORD = "correct horse battery"
PUBLIC = {"/health", "/ready", "/sign-on"}


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class House:
    """An app with three people, a clock and a fake store without limits."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.reader = Clock(), FakeReader()
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.accounts = Accounts(folder / "people.json", load_roles(), quick)
        for name, role in (("ada", "admin"), ("eve", "executive"), ("hank", "hr")):
            self.accounts.put(name, role, PASSWORD)
        self.audit_file = folder / "audit.jsonl"
        audit = AuditLog(self.audit_file)
        gate = Gate(self.accounts, audit, secure=False, clock=self.clock)
        readers = ReachReaders(lambda reach: "flowglass", lambda database: self.reader)
        self.app = create_app(self.reader, Access(gate, readers, audit, b"k" * 32))

    def stranger(self) -> FlaskClient:
        return self.app.server.test_client()

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


def call(client: FlaskClient, path: str = "/sla", token: str | None = None) -> Any:
    """Open a page as the browser does, through its callback."""
    cookie = client.get_cookie(TOKEN_COOKIE)
    told = token if token is not None else cookie.value if cookie else ""
    body = {
        "output": "page.children", "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "url", "property": "pathname", "value": path}],
        "state": [{"id": "url", "property": "search", "value": ""}], "changedPropIds": ["url.pathname"],
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
    for onward in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert sign_on(house.stranger(), "ada", PASSWORD, onward).location == "/"


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


def test_signing_off_ends_it_and_all_of_it_is_noted(tmp_path: Path) -> None:
    house = House(tmp_path)
    client = house.signed_on("hank")
    token = client.get_cookie(TOKEN_COOKIE)
    assert token is not None
    assert client.post("/sign-off", data={"token": token.value}).status_code == 303
    assert call(client, token=token.value).status_code == 401
    assert [one["did"] for one in AuditLog(house.audit_file).entries()] == ["signed on", "signed off"]
    assert verify(house.audit_file)[2] is None


def test_who_cannot_be_noted_does_not_get_in(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.audit_file.mkdir()
    assert sign_on(house.stranger(), "ada", PASSWORD).status_code == 503
