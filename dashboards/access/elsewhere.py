"""Sign-on by an identity provider: there, back, and who it proves to have a role here."""

import hmac
import time
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any, Final, NamedTuple

from dashboards.access.client import client_of
from dashboards.access.ended import Ended
from dashboards.access.oidc import Pending, Provider, values_at
from dashboards.access.refusals import NoRole, NotProven
from metrics.access.following import FollowedGroups
from metrics.access.groups import Groups
from metrics.access.masks import refuse_unmasked
from metrics.access.model import Person
from metrics.settings import Settings

LONGEST_WAY: Final = 600
"""Seconds from leaving for the provider to coming back."""
_LONGEST_NAME: Final = 63


class Way(NamedTuple):
    """What the browser's cookie keeps while it is at the provider. `at`: seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    onward: str
    at: int


class Elsewhere:
    """People of an identity provider.

    `gone` remembers the ways that were come back on; `clock` gives seconds since 1970.
    """

    def __init__(self, provider: Provider, groups: Groups, gone: Ended, clock: Callable[[], float]) -> None:
        self.return_url = provider.client.return_url
        self._provider = provider
        self._groups = groups
        self._gone = gone
        self._clock = clock
        client = provider.client
        self._stamp = sha256(f"{client.issuer}\n{client.client_id}\n{client.groups}".encode()).hexdigest()[:16]

    def known(self, name: str, group: str, stamp: str) -> Person | None:
        """Who was signed on by a group; None when it opens nothing any more, or by another provider."""
        return self._groups.person(name, group, stamp) if hmac.compare_digest(stamp, self._stamp) else None

    def leave(self, return_url: str, onward: str) -> tuple[str, Way]:
        """Where to send the browser, and what its answer must match. Raises ProviderDown."""
        pending = self._provider.begin(return_url)
        way = Way(pending.state, pending.nonce, pending.verifier, onward, int(self._clock()))
        return pending.url, way

    def returned(self, kept: object, return_url: str, answer: Mapping[str, str]) -> tuple[Person, str]:
        """Who came back on the way that was `kept`, and where to go on. Raises Refused; OSError when it can't be noted.

        Each way is come back on once, whoever copied its cookie.
        """
        way = _way(kept)
        if way is None or not 0 <= self._clock() - way.at <= LONGEST_WAY or way.state in self._gone:
            raise NotProven("no sign-on under way in this browser")
        self._gone.add(way.state)
        claims = self._provider.finish(Pending(way.state, way.nonce, way.verifier), return_url, answer)
        name, groups = name_of(claims), values_at(claims, self._provider.client.groups)
        group = self._groups.chosen(groups)
        person = self._groups.person(name, group, self._stamp) if group is not None else None
        if person is None:
            raise NoRole(name, self._groups.contact)
        return person, way.onward


def open_elsewhere(settings: Settings, gone: Ended) -> Elsewhere | None:
    """The people of the provider that the settings name; None when they name none.

    Raises SettingError and DefinitionsError.
    """
    client = client_of(settings)
    if client is None:
        return None
    groups = FollowedGroups(settings.definitions, partial(refuse_unmasked, settings=settings))
    return Elsewhere(Provider(client, time.time), groups, gone, time.time)


def name_of(claims: Mapping[str, Any]) -> str:
    """The name under which somebody's deeds are noted: as they are called, which may change, and what never does.

    It has a space, which no account of our own has.
    """
    called = next((text for key in ("preferred_username", "email", "name") if (text := _text(claims.get(key)))), "")
    return f"{called or 'provider'} ({claims['sub']})"


def _text(value: object) -> str:
    shown = (
        "".join(letter for letter in value if letter.isprintable() and letter not in "()")
        if isinstance(value, str)
        else ""
    )
    return shown.strip()[:_LONGEST_NAME]


def _way(kept: object) -> Way | None:
    if not isinstance(kept, list | tuple) or len(kept) != len(Way._fields):
        return None
    state, nonce, verifier, onward, at = kept
    texts = (state, nonce, verifier, onward)
    return Way(*texts, at) if isinstance(at, int) and all(isinstance(text, str) for text in texts) else None
