"""A page behind the gate, with an identity provider beside the accounts."""

from collections.abc import Callable
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from dashboards.access.client import Client
from dashboards.access.elsewhere import Elsewhere
from dashboards.access.ended import Ended
from dashboards.access.gate import Gate
from dashboards.access.oidc import Provider
from metrics.access.audit import AuditLog
from metrics.access.groups import Grant, Groups
from metrics.access.load import load_roles
from metrics.access.people import Accounts
from tests.fakes.issuer import CLIENT, NOW

ROLES = load_roles()
GRANTS = (
    Grant("care north", ROLES["hr"], None, frozenset({"north"})),
    Grant("buyers", ROLES["procurement"], frozenset({"requisition_to_pay"}), None),
)


class House:
    """One page behind the gate, which tells who asks."""

    def __init__(self, folder: Path, issuer: str, clock: Callable[[], float] | None = None, secret: str = "") -> None:
        self.now = float(NOW)
        tells = clock or (lambda: self.now)
        self.audit = AuditLog(folder / "audit.jsonl")
        ended = Ended(folder / "ended", tells)
        client = Client(issuer, CLIENT, secret)
        groups = Groups(GRANTS, "the service desk")
        elsewhere = Elsewhere(Provider(client, tells), groups, ended, tells)
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        accounts = Accounts(folder / "people.json", ROLES, quick)
        gate = Gate(accounts, self.audit, secure=False, ended=ended, clock=tells, rising=tells, elsewhere=elsewhere)
        self.server = Flask("house")
        gate.stand_before(self.server, b"k" * 32)
        self.server.add_url_rule("/", "who", lambda: f"{gate.person()}")

    def browser(self) -> FlaskClient:
        return self.server.test_client()

    def noted(self) -> list[tuple[str, str, str]]:
        return [(one["who"], one["did"], one.get("why", one.get("group", ""))) for one in self.audit.entries()]
