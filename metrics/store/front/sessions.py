"""Sessions as values: what USE and SET leave behind for later requests of the same session id.

Nothing of a session lives in an engine connection, so concurrent requests can't see each other's database or
settings. A session that says nothing for its time-out is forgotten.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

DEFAULT_TIMEOUT_SECONDS = 60.0  # ClickHouse's own default_session_timeout
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Session:
    """The database that USE chose ('' = none) and the settings that SET left."""

    database: str = ""
    settings: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def using(self, database: str) -> "Session":
        return replace(self, database=database)

    def setting(self, settings: Mapping[str, str]) -> "Session":
        return replace(self, settings={**self.settings, **settings})


class Sessions:
    """Session id → Session. Only sessions that hold something are kept."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Session, float]] = {}

    def get(self, session_id: str) -> Session:
        with self._lock:
            session, expires = self._kept.get(session_id, (Session(), 0.0))
            return session if expires >= self._now() else Session()

    def put(self, session_id: str, session: Session, timeout: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        if not session_id:
            return
        with self._lock:
            now = self._now()
            self._kept = {key: kept for key, kept in self._kept.items() if kept[1] >= now}
            self._kept[session_id] = (session, now + timeout)

    def touch(self, session_id: str, timeout: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        """A request of this session was seen: its time-out starts anew."""
        with self._lock:
            if kept := self._kept.get(session_id):
                self._kept[session_id] = (kept[0], self._now() + timeout)
