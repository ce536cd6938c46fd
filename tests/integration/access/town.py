"""The whole app over a seeded store, with somebody of each role, and what each of them must never be shown."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from argon2 import PasswordHasher
from dash import Dash
from flask.testing import FlaskClient

from dashboards.access.access import Access
from dashboards.access.ended import Ended
from dashboards.access.gate import Gate
from dashboards.access.limits import NONE
from dashboards.access.reading import Databases, ReachReaders
from dashboards.application import create_app
from dashboards.connection import StoreReader
from metrics.access.audit import AuditLog
from metrics.access.load import load_roles
from metrics.access.masks import TOKEN
from metrics.access.model import Person
from metrics.access.people import Accounts
from metrics.store.client import StoreClient
from tests.security.callbacks import Callback, callbacks
from tests.unit.dashboards.access.test_gate import sign_on

PASSWORD: Final = "correct horse battery"
PLACES: Final = {"norah": ("procurement", ("north",)), "hannah": ("hr", ("children",))}
"""People who are bound to facilities, beside one of each role who is not."""
_WORDS: Final = re.compile(r"[\w.~-]{5,}")
_MONEY: Final = re.compile(r"\d[\d,]*\.\d\d ?USD|USD ?\d[\d,]*\.\d\d")
_PERSON: Final = re.compile(TOKEN)


class Case(NamedTuple):
    """A case and where it stands."""

    process: str
    facility: str
    case_id: str


class Told(NamedTuple):
    """What may not be shown to somebody: ids by themselves, and texts of a form."""

    ids: frozenset[str]
    forms: tuple[re.Pattern[str], ...]

    def leaks(self, text: str, sent: str) -> set[str]:
        """What a text shows of it, but for what was sent."""
        shown = {word for word in _WORDS.findall(text) if word in self.ids and word not in sent}
        return shown | {found for form in self.forms for found in form.findall(text) if found not in sent}


class Town:
    """Everybody signed on, each in a browser of their own."""

    def __init__(self, folder: Path, store: StoreClient, url: str) -> None:
        roles = load_roles()
        accounts = Accounts(folder / "people.json", roles, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.people: dict[str, Person] = {}
        for name, (role, places) in {**{role: (role, None) for role in roles}, **PLACES}.items():
            accounts.put(name, role, PASSWORD, places)
            person = accounts.person(name)
            assert person is not None
            self.people[name] = person
        audit = AuditLog(folder / "audit.jsonl")
        gate = Gate(accounts, audit, secure=False, ended=Ended(folder / "ended"))
        readers = ReachReaders(Databases(url, store.database), lambda name: StoreReader(url, name))
        whole = StoreReader(url, store.database)
        self.app: Dash = create_app(whole, Access(gate, readers, audit, b"k" * 32), limits=NONE)
        self.callbacks: list[Callback] = callbacks(self.app)
        self._store = store
        self._browsers: dict[str, FlaskClient] = {}

    def browser(self, name: str) -> FlaskClient:
        """Where somebody has signed on."""
        if name not in self._browsers:
            client: FlaskClient = self.app.server.test_client()
            assert sign_on(client, name, PASSWORD).status_code == 303
            client.get("/sla")
            self._browsers[name] = client
        return self._browsers[name]

    def values(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self._store.rows(sql)]

    def cases(self) -> list[Case]:
        return [Case(*row) for row in self.values("SELECT toString(process), toString(facility), case_id FROM v_cases")]

    def reaches(self, name: str, case: Case) -> bool:
        """Whether somebody may be shown a case."""
        reach = self.people[name].reach
        return (
            not reach.least
            and (reach.processes is None or case.process in reach.processes)
            and (reach.facilities is None or case.facility in reach.facilities)
        )

    def forbidden(self, name: str) -> Told:
        """What must never be shown to somebody, worked out from the whole store."""
        allowed = {(case.process, case.case_id) for case in self.cases() if self.reaches(name, case)}
        own: set[str] = set()
        others: set[str] = set()
        for process, case_id, ids in self._ids():
            (own if (process, case_id) in allowed else others).update(ids)
        hidden = self.people[name].reach.hidden
        forms = [form for field, form in (("people", _PERSON), ("money", _MONEY)) if field in hidden]
        return Told(frozenset(one for one in others - own if len(one) > 4), tuple(forms))

    def _ids(self) -> Iterator[tuple[str, str, list[str]]]:
        """By case its own id and those of its events, objects and traces."""
        for table, column in (
            ("v_cases", "case_id"), ("v_case_events", "event_id"), ("v_links", "object_id"),
            ("v_trace_cases", "trace_id"),
        ):  # fmt: skip
            sql = f"SELECT toString(process), case_id, groupUniqArray(toString({column})) FROM {table} GROUP BY ALL"
            yield from ((process, case_id, list(ids)) for process, case_id, ids in self.values(sql))


def pressed(one: Callback, search: str, text: str) -> Mapping[str, Any]:
    """What a callback is told by a page whose URL, search field and grids ask for something."""
    changes: dict[str, Any] = {"url.search": search, "search.value": text}
    rows = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
    for name in one.takes:
        if name.endswith(".getRowsRequest"):
            changes[name] = rows
        elif name.endswith((".n_clicks", ".n_submit")):
            changes[name] = 1
        elif name.endswith(".className"):
            changes[name] = "fg-is-loading"
    return changes
