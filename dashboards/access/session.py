"""Who is signed on in this browser: a sealed cookie that holds a name and two times, and the token of its forms.

The server remembers the sessions that were signed off, so that a copy of their cookie opens nothing.
"""

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from flask import session

from dashboards.access.elsewhere import Elsewhere
from dashboards.access.ended import LONGEST_SECONDS, Ended
from metrics.access.model import Person
from metrics.access.people import Accounts

IDLE_SECONDS: Final = 15 * 60
_SEEN_STEP: Final = 30
"""The cookie is not written anew for every request."""


class Sessions:
    """Begins, knows and ends sessions. `clock` gives seconds since 1970."""

    def __init__(
        self, accounts: Accounts, ended: Ended, clock: Callable[[], float], elsewhere: Elsewhere | None = None
    ) -> None:
        self._accounts = accounts
        self._elsewhere = elsewhere
        self._ended = ended
        self._clock = clock

    def begin(self, person: Person) -> None:
        """Sign a person on; what the cookie held before is gone."""
        now = int(self._clock())
        session.clear()
        session.update(name=person.name, stamp=person.stamp, began=now, seen=now, token=secrets.token_urlsafe(24))
        if person.group:
            session["group"] = person.group

    def person(self) -> Person | None:
        """Who is signed on; None when nobody is, the session is over or the account has changed since."""
        name, stamp, began, seen = (session.get(key) for key in ("name", "stamp", "began", "seen"))
        if not (isinstance(name, str) and isinstance(stamp, str) and isinstance(began, int) and isinstance(seen, int)):
            return None
        now = int(self._clock())
        if now - seen > IDLE_SECONDS or now - began > LONGEST_SECONDS or self.token() in self._ended:
            session.clear()
            return None
        group = session.get("group")
        if isinstance(group, str):
            return self._elsewhere.known(name, group, stamp) if self._elsewhere else None
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
        """Here and wherever its cookie was copied to. Raises OSError when only the first could be done."""
        token = self.token()
        session.clear()
        self._ended.add(token)
