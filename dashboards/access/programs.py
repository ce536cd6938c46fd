"""Programs at the gate: who asks by a token instead of a session."""

import time
from collections.abc import Callable
from typing import Final

from flask import Response, request

from dashboards.api.problems import answered
from metrics.access.audit import AuditLog
from metrics.access.model import Person
from metrics.access.tokens import Tokens

HEADER: Final = "Authorization"
_SCHEME: Final = "bearer "
NOTE_AGAIN: Final = 600.0


class Programs:
    """Knows people by their tokens; the first use of a token in ten minutes is noted. `clock`: seconds that rise."""

    def __init__(self, tokens: Tokens, audit: AuditLog, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._audit = audit
        self._clock = clock
        self._noted: dict[str, float] = {}

    def person(self) -> Person | None:
        """Whose token this request brings; None where it brings none that holds, or its use can't be noted."""
        told = request.headers.get(HEADER, "")
        if not told.lower().startswith(_SCHEME):
            return None
        found = self._tokens.person(told[len(_SCHEME) :].strip())
        if found is None:
            return None
        person, token = found
        if self._clock() - self._noted.get(token.id, float("-inf")) >= NOTE_AGAIN:
            try:
                self._audit.note(person.name, "used a token", token.id, address=request.remote_addr or "")
            except (OSError, ValueError):
                return None
            self._noted[token.id] = self._clock()
        return person


def asks() -> bool:
    """Whether this request brings something else than a session."""
    return HEADER in request.headers


def unknown() -> Response:
    """Nobody we know."""
    sentence = "Sign on in the browser, or send a token that holds: `flowglass access token NAME` makes one."
    return answered(401, sentence, {"WWW-Authenticate": 'Bearer realm="flowglass"'})
