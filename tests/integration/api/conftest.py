"""A small store that was seeded once, and the interface over it, for everybody and for people who sign on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import clickhouse_connect
import pyarrow as pa
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from dashboards.access.access import Access
from dashboards.access.ended import Ended
from dashboards.access.gate import Gate
from dashboards.access.programs import Programs
from dashboards.access.reading import Databases, ReachReaders
from dashboards.api.asking import Everybody, SignedOn
from dashboards.api.operations import OPERATIONS
from dashboards.api.routes import add_api
from dashboards.connection import StoreReader
from dashboards.reading import KeepingReader
from metrics.access.audit import AuditLog
from metrics.access.load import load_roles
from metrics.access.people import Accounts
from metrics.access.tokens import Tokens
from metrics.settings import DEFAULT_DATABASE as DATABASE
from metrics.store.client import StoreClient, StoreUrl, connect_url
from metrics.store.tables import TABLES
from metrics.words import DAY
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront

ANCHOR = 1_795_190_400_000_000
SINCE, UNTIL = "2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"
PASSWORD = "correct horse battery"


def now() -> int:
    return ANCHOR


@pytest.fixture(scope="module")
def filled(store_front: StoreFront) -> Iterator[StoreClient]:
    """The story, a ledger and nothing else."""
    where = StoreUrl.parse(store_front.url)
    client = clickhouse_connect.get_client(host=where.host, port=where.port, database=DATABASE)
    for table in TABLES:
        client.command(f"TRUNCATE TABLE {table}")
    seed_store(client, cases=100, anchor=ANCHOR)
    client.insert_arrow("ledger", pa.Table.from_pylist(list(ledger_rows()), schema=TABLES["ledger"]))
    client.close()
    reading = connect_url(store_front.url, DATABASE)
    yield reading
    reading.close()


def ledger_rows() -> Iterator[dict[str, Any]]:
    """Orders of two facilities with a line each; one tells no amount."""
    for number in range(25):
        yield {
            "stage": "committed", "document_type": "purchase_order", "document_id": f"PO-{number:03}", "line": "10",
            "version": 1, "gone": 0, "event_id": f"e{number}", "time": ANCHOR - number * DAY, "labour": 0,
            "legal_entity": "LE1", "facility": ("north", "children")[number % 2], "department": "icu",
            "cost_center": "4711", "supplier": "" if number == 3 else "S-1", "category": "",
            "process": "requisition_to_pay", "case_processes": [], "case_ids": [], "named_types": [], "named_ids": [],
            "currency": "USD", "amount": "" if number == 4 else f"{number}.{number:02}", "valued": 0, "hours": "",
            "simulated": 1, "content": number,
        }  # fmt: skip


class Interface(NamedTuple):
    """The interface where people sign on, and what they sign on with."""

    app: Flask
    tokens: Tokens
    audit: AuditLog

    def of(self, name: str) -> FlaskClient:
        """A client that brings a new token of a person."""
        text, _ = self.tokens.make(name, 1)
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        return client


@pytest.fixture(scope="module")
def app(filled: StoreClient, store_front: StoreFront) -> Flask:
    """The interface where nobody signs on."""
    server = Flask("open")
    whole = StoreReader(store_front.url, DATABASE)
    add_api(server, OPERATIONS, Everybody(KeepingReader(whole), whole, None, now))
    return server


@pytest.fixture(scope="module")
def api(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def guarded(filled: StoreClient, store_front: StoreFront, tmp_path_factory: pytest.TempPathFactory) -> Interface:
    """The interface with an admin, a buyer of one facility and an executive."""
    folder: Path = tmp_path_factory.mktemp("access")
    accounts = Accounts(folder / "people.json", load_roles(), PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts.put("ada", "admin", PASSWORD)
    accounts.put("norah", "procurement", PASSWORD, ("north",))
    accounts.put("eve", "executive", PASSWORD)
    audit = AuditLog(folder / "audit.jsonl")
    tokens = Tokens(folder / "tokens", accounts, lambda: ANCHOR / 1e6)
    by_token = Programs(tokens, audit)
    gate = Gate(accounts, audit, secure=False, ended=Ended(folder / "ended"), by_token=by_token)
    databases = Databases(store_front.url, DATABASE)
    readers = ReachReaders(databases, lambda name: StoreReader(store_front.url, name))
    access = Access(gate, readers, audit, b"k" * 32)
    server = Flask("guarded")
    gate.stand_before(server, b"k" * 32)
    add_api(server, OPERATIONS, SignedOn(access, StoreReader(store_front.url, DATABASE), None, now))
    return Interface(server, tokens, audit)
