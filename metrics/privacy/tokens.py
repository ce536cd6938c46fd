"""Numbers of people as tokens: the same number gives the same token, and no token tells its number without the key.

A token is ``<key id>~<16 signs>``: 80 bits of HMAC-SHA-256 in base32 (one in a trillion that two of a million meet).
The number is taken as the mapping wrote it, so what joined before joins after. The newest key makes people's tokens,
and their earlier ones are told beside them. All else that is only held against what is stored (ids of events, keys of
snapshots, values that are compared) is made with the oldest key, so that a rotation makes nothing twice.
"""

import re
from base64 import b32encode
from hmac import digest
from typing import Final

from metrics.privacy.keyring import Key, Keyring

PERSON: Final = "person"
KEY: Final = "key"
VALUE: Final = "value"
BANK: Final = "bank"
EVENT: Final = "event"
STATE: Final = "state"

_BETWEEN: Final = re.compile(r"[\W_]+")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32}")
_BYTES: Final = 10
_SHAPE: Final = re.compile(r"(?:…[\w]{4}~)?([a-z][a-z0-9]{0,7})~[a-z2-7]{16}")
_SHOWN: Final = 4
_LONG_ENOUGH: Final = 8  # of a shorter account four signs would tell too much
_MEMORY: Final = 200_000


class Tokens:
    """Makes tokens with the identity keys of a ring; remembers those of people, which come again and again."""

    def __init__(self, keyring: Keyring) -> None:
        self._keys = keyring.identity
        self._ids = frozenset(key.id for key in self._keys)
        self._known: dict[str, str] = {}

    def id(self, number: str) -> str:
        """The token of a person's number, and of whatever belongs to one person; what is one already stays."""
        token = self._known.get(number)
        if token is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            token = self._known[number] = number if self.is_token(number) else _token(self._keys[-1], PERSON, number)
        return token

    def earlier(self, number: str) -> tuple[str, ...]:
        """What the number was called under the keys before, the oldest first."""
        return tuple(_token(key, PERSON, number) for key in self._keys[:-1]) if not self.is_token(number) else ()

    @property
    def has_earlier(self) -> bool:
        """Whether there are keys from before the last rotation."""
        return len(self._keys) > 1

    def key(self, number: str) -> str:
        """The token of an object's number that shows a person, sign by sign."""
        return number if self.is_token(number) else _token(self._keys[0], KEY, number)

    def value(self, text: str) -> str:
        """The token of what may be compared and not told: a tax number, a name. Signs between and large letters don't
        matter: 12-345 is 12345, and ACME, Inc. is Acme Inc."""
        return text if self.is_token(text) else _token(self._keys[0], VALUE, _BETWEEN.sub("", text.casefold()))

    def bank(self, account: str) -> str:
        """A bank account as its last four signs and a token; blanks in it mean nothing."""
        if self.is_token(account):
            return account
        plain = "".join(account.split()).upper()
        shown = f"…{plain[-_SHOWN:]}~" if len(plain) >= _LONG_ENOUGH and plain[-_SHOWN:].isalnum() else ""
        return shown + _token(self._keys[0], BANK, plain)

    def event_id(self, text: str) -> str:
        """An event's id from which nobody can work out whom it is about, 32 hex digits."""
        return digest(self._keys[0].secret, _message(EVENT, text), "sha256").hex()[:32]

    def state_key(self, text: str) -> str:
        """The key under which a snapshot is remembered."""
        return digest(self._keys[0].secret, _message(STATE, text), "sha256").hex()[:40]

    def is_token(self, text: str) -> bool:
        """Whether a text was made here: it has the form, and its key is on the ring."""
        if "~" not in text:
            return False
        match = _SHAPE.fullmatch(text)
        return match is not None and match[1] in self._ids

    def names_of(self, text: str) -> list[str]:
        """All that a number may be called in the store, as it is first: what to look for when people type it."""
        wanted = text.strip()
        if self.is_token(wanted):
            return [wanted]
        if _HEX.fullmatch(wanted):  # a trace, a span or an event
            return [wanted, self.event_id(wanted)]
        made = (self.id(wanted), *self.earlier(wanted), self.key(wanted), self.event_id(wanted))
        return [wanted, *dict.fromkeys(made)]


def _token(key: Key, domain: str, text: str) -> str:
    made = digest(key.secret, _message(domain, text), "sha256")[:_BYTES]
    return f"{key.id}~{b32encode(made).decode().lower()}"


def _message(domain: str, text: str) -> bytes:
    return f"{domain}\x1f{text.strip()}".encode("utf-8", "surrogatepass")
