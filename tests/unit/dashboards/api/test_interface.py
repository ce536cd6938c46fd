"""The description of the interface is in step with it; what it does when the store is away or breaks off."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from dashboards.access.access import open_access
from dashboards.api.asking import Everybody
from dashboards.api.openapi import document, document_text
from dashboards.api.operation import JSON, Desk, Nothing, Operation, Stream
from dashboards.api.operations import OPERATIONS
from dashboards.api.paging import begins_after, written
from dashboards.api.problems import Refused
from dashboards.api.routes import add_api
from dashboards.api.sending import BLOCK_BYTES, Sender
from dashboards.application import create_app
from dashboards.reading import KeepingReader
from metrics.access.load import load_roles
from metrics.access.people import FILE as PEOPLE_FILE
from metrics.access.people import Accounts
from metrics.access.tokens import FOLDER as TOKENS_FOLDER
from metrics.access.tokens import Tokens
from metrics.settings import Settings
from metrics.store.errors import StoreUnavailable
from tests.unit.dashboards.fake_reader import FakeReader

COMMITTED = Path(__file__).parents[4] / "docs" / "schema" / "openapi.json"


class Away:
    """A store that does not answer."""

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        raise StoreUnavailable("connection refused")


def asked(reader: Any, operations: tuple[Operation, ...] = OPERATIONS, sender: Sender | None = None) -> FlaskClient:
    server = Flask("interface")
    server.testing = True
    add_api(server, operations, Everybody(KeepingReader(reader), reader, None, lambda: 0), sender)
    return server.test_client()


def test_the_committed_description_is_what_the_operations_say() -> None:
    assert COMMITTED.read_text() == document_text(OPERATIONS), (
        "run `python -m dashboards.api > docs/schema/openapi.json`"
    )


def test_every_schema_of_the_description_is_a_schema() -> None:
    told = document(OPERATIONS)
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert asked(FakeReader()).get("/api/v1/openapi.json").json == told


def test_every_parameter_is_described_where_it_stands() -> None:
    paths = document(OPERATIONS)["paths"]
    for one in OPERATIONS:
        told = paths[one.path]["get"]["parameters"]
        assert {each["name"] for each in told} == set(one.parameters.__struct_fields__)
        assert {each["name"] for each in told if each["in"] == "path"} == set(one.placed)
        assert all(each["description"] for each in told)


def test_without_a_store_it_lives_but_is_not_ready_and_says_to_try_again() -> None:
    client = asked(Away())
    assert client.get("/api/v1/health").status_code == 200
    for path in ("/ready", "/cases", "/slas", "/exports/csv?since=2026-01-01T00:00:00Z"):
        answer = client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json"), path
        assert answer.headers["Retry-After"] == "5"
        assert "refused" not in answer.text


def test_a_token_opens_the_interface_of_the_dashboards_and_nothing_else(tmp_path: Path) -> None:
    settings = Settings(access_dir=tmp_path, store_url="http://127.0.0.1:1")
    roles = load_roles()
    accounts = Accounts(tmp_path / PEOPLE_FILE, roles, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts.put("ada", "admin", "correct horse battery")
    text, _ = Tokens(tmp_path / TOKENS_FOLDER, accounts, time.time).make("ada", 1)
    access = open_access(settings, settings.store_url, settings.database, secure=False)
    client = create_app(FakeReader(), access).server.test_client()
    asks = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/openapi.json").status_code == 401
    assert client.get("/api/v1/openapi.json", headers=asks).status_code == 200
    assert client.get("/api/v1/cases", headers=asks).status_code == 503
    assert client.get("/api/nothing", headers=asks).status_code == 404
    assert client.get("/_dash-layout", headers=asks).status_code == 401
    assert client.post("/_dash-update-component", json={}, headers=asks).status_code == 401


def streaming(pieces: Iterator[bytes]) -> FlaskClient:
    def answer(_desk: Desk, _asked: Nothing) -> Stream:
        return Stream(JSON, "log.json", pieces)

    return asked(FakeReader(), (Operation("/log", "log", "t", "A log.", "", Nothing, {}, answer),))


def test_a_file_is_sent_in_blocks_while_it_is_made() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(10):
            made.append(number)
            yield b"x" * (BLOCK_BYTES // 2)

    answer = streaming(pieces()).get("/api/v1/log", buffered=False)
    assert made == [0, 1]
    assert len(answer.data) == 5 * BLOCK_BYTES


def test_so_many_files_are_made_at_once_and_no_more() -> None:
    def answer(_desk: Desk, _asked: Nothing) -> Stream:
        return Stream(JSON, "log.json", (b"x" * BLOCK_BYTES for _ in range(3)))

    client = asked(FakeReader(), (Operation("/log", "log", "t", "A log.", "", Nothing, {}, answer),), Sender(1))
    assert client.head("/api/v1/log").status_code == 200
    under_way = client.get("/api/v1/log", buffered=False)
    refused = client.get("/api/v1/log")
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert len(under_way.data) == 3 * BLOCK_BYTES
    left = client.get("/api/v1/log", buffered=False)
    left.close()
    assert len(client.get("/api/v1/log").data) == 3 * BLOCK_BYTES


def test_a_file_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x" * BLOCK_BYTES
        raise StoreUnavailable("gone")

    answer = streaming(pieces()).get("/api/v1/log", buffered=False)
    with pytest.raises(StoreUnavailable):
        _ = answer.data


def test_a_cursor_is_the_key_that_was_given_and_nothing_else() -> None:
    key = ["requisition_to_pay", 'R-"1/é']
    assert begins_after(written(key), 2) == key
    for wrong in (written(key) + "=", written(["one"]), "%%%", "e30", "é", json.dumps(key)):
        with pytest.raises(Refused):
            begins_after(wrong, 2)
