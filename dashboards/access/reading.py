"""The store as the person who asks may see it, and a note of every look at a case."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from dashboards.connection import ANSWER_SECONDS, CONNECT_SECONDS
from dashboards.reading import KeepingReader, Reader, Unanswered
from metrics.access.audit import AuditLog
from metrics.access.model import EVERYTHING, Person, Reach
from metrics.access.reach import provide
from metrics.store.client import connect_url
from metrics.store.errors import StoreMismatch, StoreUnavailable

Row = TypeVar("Row")
LOOKS: Final[Mapping[str, str]] = {"case_header": "case_id", "trace_spans": "trace", "find": "text"}
"""Queries that show one person's or one document's story, and the parameter that says whose."""
OF_ALL: Final = frozenset({"fault_counts", "unlinked_count"})
"""Counts without any content that everybody is told of the whole store: how much is missing from the figures."""
NOTE_AGAIN: Final = 600.0
"""A page that stays open asks every few seconds: one look."""


class Databases:
    """Names the database of each reach, and makes it when it is missing."""

    def __init__(self, url: str, store: str) -> None:
        self._url = url
        self._store = store

    def __call__(self, reach: Reach) -> str:
        """Raises the errors of the store, and Unanswered when this server may make no views."""
        if reach.is_everything:
            return self._store
        client = connect_url(self._url, self._store, answer_seconds=ANSWER_SECONDS, connect_seconds=CONNECT_SECONDS)
        try:
            return provide(client, reach)
        except StoreMismatch as error:
            raise Unanswered("The views of this role are missing: “flowglass access apply” makes them.") from error
        finally:
            client.close()


class ReachReaders:
    """A reader for each reach, made when first asked for by `make` from the name of its database."""

    def __init__(self, databases: Callable[[Reach], str], make: Callable[[str], Reader]) -> None:
        self._databases = databases
        self._make = make
        self._readers: dict[Reach, Reader] = {}
        self._lock = threading.Lock()

    def of(self, reach: Reach) -> Reader:
        """Raises what naming the database raises."""
        with self._lock:
            if reach not in self._readers:
                self._readers[reach] = KeepingReader(self._make(self._databases(reach)))
            return self._readers[reach]


class PersonReader:
    """Answers from what the person who asks reaches."""

    def __init__(
        self,
        readers: ReachReaders,
        who: Callable[[], Person | None],
        audit: AuditLog,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._readers = readers
        self._who = who
        self._audit = audit
        self._clock = clock
        self._noted: dict[tuple[str, str, str], float] = {}

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """The rows of query `name`; raises Unanswered."""
        person = self._who()
        if person is None:
            raise Unanswered("Nobody is signed on.")
        if name in LOOKS:
            self._note(person, name, str(parameters.get(LOOKS[name], "")))
        reach = EVERYTHING if name in OF_ALL else person.reach
        return self._reader(reach).rows(name, row_type, **parameters)

    def _reader(self, reach: Reach) -> Reader:
        try:
            return self._readers.of(reach)
        except (StoreUnavailable, OSError) as error:
            raise Unanswered("The store does not answer.") from error

    def _note(self, person: Person, name: str, what: str) -> None:
        key, now = (person.name, name, what), self._clock()
        if now - self._noted.get(key, float("-inf")) < NOTE_AGAIN:
            return
        try:
            self._audit.note(person.name, "searched" if name == "find" else "looked", what, role=person.role.name)
        except (OSError, ValueError) as error:
            raise Unanswered("This look can't be noted in the audit log, so nothing is shown.") from error
        if len(self._noted) > 10_000:
            self._noted.clear()
        self._noted[key] = now


class PageReader:
    """The reader of one page's callbacks: closed to those whose role does not open the page."""

    def __init__(self, reader: Reader, page: str, who: Callable[[], Person | None]) -> None:
        self._reader = reader
        self._page = page
        self._who = who

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """The rows of query `name`; raises Unanswered."""
        person = self._who()
        if person is None or not person.role.opens(self._page):
            raise Unanswered("Your role does not open this page.")
        return self._reader.rows(name, row_type, **parameters)
