"""The store as the person who asks may see it, and a note of every look at a case."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from dashboards.connection import ANSWER_SECONDS, CONNECT_SECONDS
from dashboards.reading import Away, KeepingReader, Reader, Unanswered
from metrics.access.audit import AuditLog
from metrics.access.model import EVERYTHING, Person, Reach
from metrics.access.reach import provide
from metrics.store.client import connect_url
from metrics.store.errors import StoreMismatch, StoreUnavailable

Row = TypeVar("Row")
SEARCH: Final = "find"
LOOKS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "case_header", "case_events", "case_objects", "case_history", "case_milestones", "case_clocks",
            "case_guards", "case_expectations", "case_deviations", "case_traces", "case_closing",
        ),
        "case_id",
    ),
    **dict.fromkeys(("delay_cases", "delay_events", "delay_spans"), "case_ids"),
    "trace_spans": "trace",
    "api_object_cases": "object_id",
    SEARCH: "text",
}  # fmt: skip
"""Queries that show one person's or one document's story, and the parameter that says whose (one, not several)."""
OF_ALL: Final = frozenset({"fault_counts", "unlinked_count"})
"""Counts without any content that everybody is told of the whole store: how much is missing from the figures."""
SINGLE: Final = frozenset(
    {
        "spend_documents",
        "api_ledger_documents",
        "case_list",
        "clocks_due",
        "clocks_soonest",
        "api_cases",
        "api_object_cases",
        "alert_members",
        "case_header",
        "case_events",
        "case_objects",
        "case_history",
        "case_milestones",
        "case_clocks",
        "case_guards",
        "case_expectations",
        "case_deviations",
        "case_traces",
        "case_closing",
        "export_events",
        "export_case_events",
        "export_objects",
        "trace_spans",
        "delay_cases",
        "delay_events",
        "delay_spans",
        SEARCH,
    }
)
"""Queries for single documents and cases: not for roles that are told of no group of few people."""
NOTE_AGAIN: Final = 600.0
"""A page that stays open asks every few seconds, and many queries at once: one look."""
FAILURE_SECONDS: Final = 3.0
"""For so long a reach whose database could not be named is not asked for again: nobody queues behind time-outs."""

MOST_LOOKS: Final = 10_000


class Look(NamedTuple):
    """Somebody's look at a case or trace, or what they searched for."""

    who: str
    did: str
    what: str
    process: str = ""


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

    def __init__(
        self,
        databases: Callable[[Reach], str],
        make: Callable[[str], Reader],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._databases = databases
        self._make = make
        self._clock = clock
        self._readers: dict[Reach, Reader] = {}
        self._failed: dict[Reach, tuple[float, Unanswered]] = {}
        self._locks: defaultdict[Reach, threading.Lock] = defaultdict(threading.Lock)

    def of(self, reach: Reach) -> Reader:
        """Raises Unanswered while its database can't be named."""
        if reach not in self._readers:
            with self._locks[reach]:
                if reach not in self._readers:
                    self._readers[reach] = KeepingReader(self._make(self._named(reach)))
        return self._readers[reach]

    def _named(self, reach: Reach) -> str:
        failed_at, problem = self._failed.get(reach, (float("-inf"), Away()))
        if self._clock() - failed_at < FAILURE_SECONDS:
            raise problem
        try:
            return self._databases(reach)
        except (StoreUnavailable, OSError, Unanswered) as error:
            problem = error if isinstance(error, Unanswered) else Away()
            self._failed[reach] = self._clock(), problem
            raise problem from error


def as_typed(text: str) -> list[str]:
    """What somebody looks for is called as they typed it."""
    return [text]


class PersonReader:
    """Answers from what the person who asks reaches.

    `called` gives all that a typed text is looked for as: itself first, then tokens, of which the first is noted.
    """

    def __init__(
        self,
        readers: ReachReaders,
        who: Callable[[], Person | None],
        audit: AuditLog,
        clock: Callable[[], float] = time.monotonic,
        called: Callable[[str], list[str]] = as_typed,
    ) -> None:
        self._called = called
        self._readers = readers
        self._who = who
        self._audit = audit
        self._clock = clock
        self._noted: dict[Look, float] = {}
        self._lock = threading.Lock()

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """The rows of query `name`; raises Unanswered."""
        person = self._who()
        if person is None:
            raise Unanswered("Nobody is signed on.")
        if person.reach.least and name in SINGLE:
            raise Unanswered("Your role sees sums alone, not single cases and documents.")
        if name in LOOKS:
            self._note_look(person, name, parameters)
        reach = EVERYTHING if name in OF_ALL else person.reach
        return self._readers.of(reach).rows(name, row_type, **parameters)

    def _note_look(self, person: Person, name: str, parameters: Mapping[str, Any]) -> None:
        told = parameters.get(LOOKS[name], "")
        whose = told if isinstance(told, list) else [told]
        if len(whose) != 1:
            return
        if name != SEARCH:
            self._note(person, Look(person.name, "looked", str(whose[0]), str(parameters.get("process", ""))))
            return
        text, *tokens = self._called(str(whose[0]))
        self._note(person, *(Look(person.name, "searched", one) for one in tokens or [text]))

    def _note(self, person: Person, look: Look, *same: Look) -> None:
        """Note a look, unless it was; `same`: what it is asked as besides."""
        if self._is_noted(look):
            return
        with self._lock:  # a page asks its queries at once: the first notes, the others wait for it
            if self._is_noted(look):
                return
            of = {"process": look.process} if look.process else {}
            try:
                self._audit.note(look.who, look.did, look.what, role=person.role.name, **of)
            except (OSError, ValueError) as error:
                raise Unanswered("This look can't be noted in the audit log, so nothing is shown.") from error
            if len(self._noted) > MOST_LOOKS:
                self._noted.clear()
            self._noted |= dict.fromkeys((look, *same), self._clock())

    def _is_noted(self, look: Look) -> bool:
        return self._clock() - self._noted.get(look, float("-inf")) < NOTE_AGAIN


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
            raise Unanswered(f"Your role does not open the page {self._page}, which shows this.")
        return self._reader.rows(name, row_type, **parameters)
