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
from metrics.quality.marks import normalised

PERSON: Final = "person"
KEY: Final = "key"
VALUE: Final = "value"
BANK: Final = "bank"
EVENT: Final = "event"
STATE: Final = "state"
PLACE: Final = "place"

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

    def value(self, text: str, similar: str = "number") -> str:
        """The token of what may be compared and not told; '' where nothing is left to compare.

        `similar`: what counts as the same, as duplicates say it: `number` (12-345 is 12345), `name` (ACME, Inc. is
        Acme), `exact` (large letters and blanks don't matter). So the findings are those of a store without tokens.
        """
        if self.is_token(text):
            return text
        same = normalised(text, similar)
        return _token(self._keys[0], VALUE, same) if same else ""

    def bank(self, account: str) -> str:
        """A bank account as its last four signs and a token; signs between mean nothing. '' where nothing is left."""
        if self.is_token(account):
            return account
        if not (plain := normalised(account, "number").upper()):
            return ""
        shown = f"…{plain[-_SHOWN:]}~" if len(plain) >= _LONG_ENOUGH and plain[-_SHOWN:].isalnum() else ""
        return shown + _token(self._keys[0], BANK, plain)

    def event_id(self, text: str) -> str:
        """An event's id from which nobody can work out whom it is about, 32 hex digits."""
        return digest(self._keys[0].secret, _message(EVENT, text), "sha256").hex()[:32]

    def state_key(self, text: str) -> str:
        """The key under which a snapshot is remembered."""
        return digest(self._keys[0].secret, _message(STATE, text), "sha256").hex()[:40]

    def place(self, content: bytes) -> int:
        """The same number for the same bytes, from which they can't be guessed; below 2**63."""
        return (
            int.from_bytes(digest(self._keys[0].secret, PLACE.encode() + b"\x1f" + content, "sha256")[:8], "big") >> 1
        )

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
