"""How pages read the store: typed rows, kept for a short time so that many open pages cost one query.

The store's own errors stop here: a page sees rows or `Unanswered`, with a sentence for people.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import structlog

from metrics.store.errors import QuestionTooLarge, StoreUnavailable

Row = TypeVar("Row")
LOG = structlog.get_logger(__name__)


class Reader(Protocol):
    """The port to the store: the rows of a named query as values of `row_type`."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """All rows of query `name`; raises when the store cannot answer."""
        ...


class Unanswered(Exception):
    """The store gave no answer; the message says so in words a reader can act on."""


class Away(Unanswered):
    """The store can't be reached: every question waits for it, so pages say so once, above all cards."""

    def __init__(self) -> None:
        super().__init__("The store does not answer.")


class TooMuch(Unanswered):
    """The question takes more than the store gives one: to be asked for less, not again."""

    def __init__(self) -> None:
        super().__init__("This takes longer than the store allows: choose a shorter period, a process or a facility.")


KEEP_SECONDS = {
    "alert_actions": 0.0,  # who does something about an alert sees it at once
    "alert_history": 0.0,
    "alert_silences": 0.0,
    "data_quality_late": 15.0,
    "unlinked_count": 60.0,
    "stage_interfaces": 30.0,
    "definition_texts": 30.0,
    "case_choices": 30.0,
    "map_edges": 15.0,
    "map_variants": 15.0,
    "restatement_list": 15.0,
    "since_yesterday_cases": 15.0,
    "since_yesterday_news": 15.0,
    "explain_versions": 15.0,
    "delay_cases": 15.0,
    "delay_definitions": 30.0,
    "delay_events": 15.0,
    "delay_spans": 30.0,
    "health_judged": 15.0,
    "health_stored_calls": 60.0,
    "health_call_hours": 30.0,
    "health_stored_events": 60.0,
    "health_event_hours": 60.0,
    "health_history": 60.0,
    "health_approvals": 60.0,
    "health_suppliers": 120.0,
    "health_completion": 60.0,
    "held_cases": 15.0,
    "interface_flow": 15.0,
    "interface_ends": 120.0,
    "interface_seen": 60.0,
    "interface_impact": 30.0,
    "interface_sources": 30.0,
    "data_quality_choices": 30.0,
    "spend_sums": 60.0,
    "spend_days": 60.0,
    "spend_check": 60.0,
    "spend_blocked": 30.0,
    "spend_published": 60.0,
    "spend_choices": 120.0,
    "spend_vacancies": 60.0,
}
DEFAULT_KEEP = 2.0
COST, LONGEST_COST = 30.0, 15.0
"""An answer is kept at least so many times as long as the store took for it, in seconds at most: where a question is
dear, or the store busy, pages show figures up to half a minute old rather than wait for each other."""
NEVER_KEPT = ("api_", "export_")
"""How the names of queries begin whose answers are long and asked for once, by programs."""


AWAY_CODES = frozenset({0, 202, 209, 210, 241})
"""No answer at all, too many questions at once, time-outs and broken connections inside the store, no memory left."""


def is_away(problem: Exception) -> bool:
    """Whether no question would be answered now; a store that refuses one for a reason of its own is there."""
    return isinstance(problem, OSError) or (isinstance(problem, StoreUnavailable) and problem.code in AWAY_CODES)


class KeepingReader:
    """A reader that keeps each answer for a while and asks for one key only once at a time.

    `keep` gives seconds by query name; what took the store long is kept longer, unless it is never kept. A failed
    query is not kept, but while the store is down further questions fail at once for `FAILURE_SECONDS` instead of
    queueing behind time-outs. An answer is given for as long again, `LONGEST_COST` at most, while it is asked for
    anew beside the request.
    """

    FAILURE_SECONDS = 1.5
    TOO_MUCH_SECONDS = 30.0
    """So long a question that was too large is not asked again: open pages would repeat it every few seconds."""
    MOST_KEYS = 2000

    def __init__(
        self, reader: Reader, clock: Callable[[], float] = time.monotonic, keep: dict[str, float] = KEEP_SECONDS
    ):
        self._reader = reader
        self._clock = clock
        self._keep = keep
        self._answers: dict[tuple[Any, ...], tuple[float, float, list[Any]]] = {}
        """When each answer came, for how many seconds it is kept, and the answer."""
        self._behind = ThreadPoolExecutor(max_workers=2, thread_name_prefix="renew")
        self._too_much: dict[tuple[Any, ...], float] = {}
        self._locks: dict[tuple[Any, ...], threading.Lock] = {}
        self._guard = threading.Lock()
        self._failed_at = float("-inf")

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """The rows of query `name`, at most `keep` seconds old; raises Unanswered."""
        key = (name, *((k, tuple(v) if isinstance(v, list) else v) for k, v in sorted(parameters.items())))
        kept = self._kept(key)
        if kept is not None:
            return kept
        old = self._kept(key, longer=True)
        if old is not None:
            self._renew(key, name, row_type, parameters)
            return old
        with self._lock_of(key):
            kept = self._kept(key)
            return kept if kept is not None else self._ask(key, name, row_type, parameters)

    def _renew(self, key: tuple[Any, ...], name: str, row_type: type[Row], parameters: dict[str, Any]) -> None:
        """Ask anew beside the request, unless somebody does."""
        lock = self._lock_of(key)
        if not lock.acquire(blocking=False):
            return

        def ask() -> None:
            try:
                with suppress(Unanswered):
                    self._ask(key, name, row_type, parameters)
            finally:
                lock.release()

        self._behind.submit(ask)

    def _kept(self, key: tuple[Any, ...], longer: bool = False) -> list[Any] | None:
        since, keep, rows = self._answers.get(key, (float("-inf"), 0.0, None))
        return rows if self._clock() < since + keep + (min(keep, LONGEST_COST) if longer else 0.0) else None

    def _keep_for(self, name: str, took: float) -> float:
        keep = self._keep.get(name, DEFAULT_KEEP)
        return max(keep, min(took * COST, LONGEST_COST)) if keep else 0.0

    def _lock_of(self, key: tuple[Any, ...]) -> threading.Lock:
        with self._guard:
            if len(self._locks) > self.MOST_KEYS:
                self._locks.clear()
                self._answers.clear()
                self._too_much.clear()
            return self._locks.setdefault(key, threading.Lock())

    def _ask(self, key: tuple[Any, ...], name: str, row_type: type[Row], parameters: dict[str, Any]) -> list[Row]:
        if self._clock() - self._failed_at < self.FAILURE_SECONDS:
            raise Away
        if self._clock() - self._too_much.get(key, float("-inf")) < self.TOO_MUCH_SECONDS:
            raise TooMuch
        asked = self._clock()
        try:
            rows = self._reader.rows(name, row_type, **parameters)
        except QuestionTooLarge as problem:
            self._too_much[key] = self._clock()
            LOG.warning("query_too_large", query=name, problem=str(problem)[:2000])
            raise TooMuch from problem
        except Exception as problem:  # whatever the client raises, a page must live on
            LOG.warning("query_failed", query=name, problem=str(problem)[:2000])
            if is_away(problem):
                self._failed_at = self._clock()
                raise Away from problem
            raise Unanswered("The store could not answer this question.") from problem
        if not name.startswith(NEVER_KEPT):
            now = self._clock()
            self._answers[key] = (now, self._keep_for(name, now - asked), rows)
        return rows
