"""What a session's cookie holds is read by nobody but the servers that share its secret."""

import base64
import zlib
from urllib.parse import unquote

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from dashboards.access.ended import LONGEST_SECONDS
from dashboards.access.sealed import SealedSessions
from tests.security.figures import Record
from tests.unit.dashboards.access.test_gate import House

NAME = "flowglass"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("sealed"))


def readings(cookie: str) -> list[bytes]:
    """All that somebody makes of a cookie without its key: as it is, decoded, part by part, unpacked."""
    found = [unquote(cookie).encode()]
    for part in (cookie, *cookie.split(".")):
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        found.append(decoded)
        for bits in (15, -15, 31):
            try:
                found.append(zlib.decompress(decoded, bits))
            except zlib.error:
                continue
    return found


def cookie_of(client: FlaskClient) -> str:
    held = client.get_cookie(NAME)
    assert held is not None
    return held.value


def test_a_cookie_tells_neither_name_nor_token_nor_times(house: House, record: Record) -> None:
    leaks = 0
    for name in ("ada", "eve", "hank", "amy"):
        client = house.signed_on(name)
        token = client.get_cookie("_csrf_token")
        assert token is not None
        secrets = (name.encode(), token.value.encode(), b"stamp", b"began", str(int(house.clock())).encode())
        leaks += sum(secret in read for secret in secrets[1:] for read in readings(cookie_of(client)))
        leaks += sum(b'"' + secrets[0] + b'"' in read for read in readings(cookie_of(client)))
    record(8, "contents of session cookies looked for without the key", 20, leaks)
    assert leaks == 0


def test_a_cookie_with_one_letter_changed_opens_nothing(house: House) -> None:
    client = house.signed_on("ada")
    cookie = cookie_of(client)
    place = len(cookie) // 2
    client.set_cookie(NAME, cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :])
    assert client.get("/_dash-layout").status_code in (302, 303, 401)


def test_cookies_of_servers_with_one_secret_are_good_for_all_of_them_and_for_no_other() -> None:
    def app(secret: bytes) -> FlaskClient:
        server = Flask("sealed")
        server.secret_key = secret
        server.session_interface = SealedSessions()
        server.config.update(SESSION_COOKIE_NAME=NAME, PERMANENT_SESSION_LIFETIME=LONGEST_SECONDS)
        server.add_url_rule("/set", view_func=lambda: session.update(name="ada") or "", endpoint="set")
        server.add_url_rule("/get", view_func=lambda: session.get("name", "nobody"), endpoint="get")
        client: FlaskClient = server.test_client()
        return client

    one, same, other = app(b"k" * 32), app(b"k" * 32), app(b"o" * 32)
    one.get("/set")
    for client, known in ((one, "ada"), (same, "ada"), (other, "nobody")):
        client.set_cookie(NAME, cookie_of(one))
        assert client.get("/get").text == known
