"""Access under control, put together: who signs on, which pages that opens, and what they read."""

import os
import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.access.elsewhere import open_elsewhere
from dashboards.access.ended import FOLDER as ENDED_FOLDER
from dashboards.access.ended import Ended
from dashboards.access.gate import SIGN_OFF, Gate
from dashboards.access.programs import Programs
from dashboards.access.reading import Databases, PageReader, PersonReader, ReachReaders, as_typed
from dashboards.connection import StoreReader
from dashboards.page import Page
from dashboards.reading import Reader, Unanswered
from metrics.access.audit import FILE as AUDIT_FILE
from metrics.access.audit import AuditLog
from metrics.access.following import FollowedRoles
from metrics.access.masks import refuse_unmasked
from metrics.access.people import FILE as PEOPLE_FILE
from metrics.access.people import Accounts
from metrics.access.saved_views import Asker
from metrics.access.tokens import FOLDER as TOKENS_FOLDER
from metrics.access.tokens import Tokens
from metrics.privacy.opened import names_of
from metrics.settings import Settings

KEY_FILE: Final = "session.key"
_KEY_BYTES: Final = 32


class Access:
    """What `create_app` needs where people sign on. `called`: as of PersonReader."""

    def __init__(
        self,
        gate: Gate,
        readers: ReachReaders,
        audit: AuditLog,
        key: bytes,
        called: Callable[[str], list[str]] = as_typed,
    ) -> None:
        self.gate = gate
        self.key = key
        self._audit = audit
        self.reader: Reader = PersonReader(readers, gate.person, audit, called=called)

    def reader_of(self, page: str) -> Reader:
        """What a page's callbacks read with."""
        return PageReader(self.reader, page, self.gate.person)

    def opens(self, page: str) -> bool:
        """Whether who asks may see the page."""
        person = self.gate.person()
        return person is not None and person.role.opens(page)

    def sees_everything(self) -> bool:
        """Whether who asks reaches the whole store."""
        person = self.gate.person()
        return person is not None and person.reach.is_everything

    def note(self, did: str, what: str) -> None:
        """Note what who asks does; raises Unanswered when that can't be."""
        person = self.gate.person()
        if person is None:
            raise Unanswered("Nobody is signed on.")
        try:
            self._audit.note(person.name, did, what, role=person.role.name)
        except (OSError, ValueError) as error:
            raise Unanswered("This can't be noted in the audit log, so nothing is given out.") from error

    def asker(self) -> Asker | None:
        """Who asks for saved views; None for nobody."""
        person = self.gate.person()
        return Asker(person.name, person.role.name) if person is not None else None

    def sees_queries(self) -> bool:
        """Whether who asks may read the text of the queries behind figures."""
        person = self.gate.person()
        return person is not None and "see_queries" in person.role.may

    def closer(self) -> str:
        """Who asks, if the role closes cases; else ''."""
        person = self.gate.person()
        return person.name if person is not None and "close_cases" in person.role.may else ""

    def alert_handler(self) -> str:
        """Who asks, if the role acts on alerts and opens their page; else ''."""
        person = self.gate.person()
        if person is None or "handle_alerts" not in person.role.may or not person.role.opens("/alerts"):
            return ""
        return person.name

    def pages(self, pages: Sequence[Page]) -> list[Page]:
        """The pages that who asks may see."""
        return [page for page in pages if self.opens(page.path)]

    def badge(self) -> Component | None:
        """Who is signed on, and the way out."""
        person = self.gate.person()
        if person is None:
            return None
        return html.Form(
            [
                dcc.Input(type="hidden", name="token", value=self.gate.token()),
                html.Span(person.name, title=f"Role: {person.role.title}", className="fg-person"),
                html.Button("Sign off", type="submit", className="fg-button"),
            ],
            action=SIGN_OFF,
            method="POST",
            className="fg-badge",
        )


def open_access(settings: Settings, store: str, database: str, *, secure: bool) -> Access:
    """Access by the accounts, keys and audit log of a directory. Raises AccountsError and DefinitionsError."""
    folder = settings.access_folder
    roles = FollowedRoles(settings.definitions, partial(refuse_unmasked, settings=settings))
    accounts = Accounts(folder / PEOPLE_FILE, roles)
    accounts.all()
    audit = AuditLog(folder / AUDIT_FILE)
    readers = ReachReaders(Databases(store, database), lambda name: StoreReader(store, name))
    ended = Ended(folder / ENDED_FOLDER)
    by_token = Programs(Tokens(folder / TOKENS_FOLDER, accounts, time.time), audit)
    elsewhere = open_elsewhere(settings, ended)
    gate = Gate(accounts, audit, secure=secure, ended=ended, elsewhere=elsewhere, by_token=by_token)
    return Access(gate, readers, audit, _key(folder / KEY_FILE), partial(names_of, settings))


def _key(file: Path) -> bytes:
    """The key that seals the cookies; made when first needed, for the owner's eyes only."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secrets.token_bytes(_KEY_BYTES))
        return file.read_bytes()
