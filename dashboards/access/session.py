"""Who is signed on in this browser: a signed cookie that holds a name and two times, and the token of its forms."""

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from flask import session

from metrics.access.model import Person
from metrics.access.people import Accounts

IDLE_SECONDS: Final = 15 * 60
LONGEST_SECONDS: Final = 8 * 3600
_SEEN_STEP: Final = 30
"""The cookie is not written anew for every request."""


class Sessions:
    """Begins, knows and ends sessions. `clock` gives seconds since 1970."""

    def __init__(self, accounts: Accounts, clock: Callable[[], float]) -> None:
        self._accounts = accounts
        self._clock = clock

    def begin(self, person: Person) -> None:
        """Sign a person on; what the cookie held before is gone."""
        now = int(self._clock())
        session.clear()
        session.update(name=person.name, stamp=person.stamp, began=now, seen=now, token=secrets.token_urlsafe(24))

    def person(self) -> Person | None:
        """Who is signed on; None when nobody is, the session is over or the account has changed since."""
        name, stamp, began, seen = (session.get(key) for key in ("name", "stamp", "began", "seen"))
        if not (isinstance(name, str) and isinstance(stamp, str) and isinstance(began, int) and isinstance(seen, int)):
            return None
        now = int(self._clock())
        if now - seen > IDLE_SECONDS or now - began > LONGEST_SECONDS:
            session.clear()
            return None
        return self._accounts.person(name, stamp)

    def still_there(self) -> None:
        """A person did something: not only the page that asks by itself."""
        now = int(self._clock())
        if now - session["seen"] >= _SEEN_STEP:
            session["seen"] = now

    def token(self) -> str:
        """What forms and callbacks of this session must bring; made when there is none."""
        if not isinstance(session.get("token"), str):
            session["token"] = secrets.token_urlsafe(24)
        return str(session["token"])

    def has_token(self, told: str | None) -> bool:
        """Whether a request brought the token of its session."""
        held = session.get("token")
        return isinstance(held, str) and told is not None and hmac.compare_digest(held.encode(), told.encode())

    def end(self) -> None:
        session.clear()
