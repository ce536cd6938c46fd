"""Tokens by which programs ask in a person's name: a file for each, named by the token's hash; the token itself is
shown once and stored nowhere.

A token ends at its date, when it is taken back, and when the account is changed or removed.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from metrics.access.model import Person
from metrics.access.people import Accounts, AccountsError

FOLDER: Final = "tokens"
PREFIX: Final = "fgt_"
MOST_DAYS: Final = 366
_BYTES: Final = 32
_SHORT: Final = 12
_DAY: Final = 86_400


class Token(msgspec.Struct, frozen=True):
    """What is kept of a token. `stamp` is the account's when it was made; times are seconds since 1970."""

    id: str
    name: str
    stamp: str
    made: int
    until: int
    purpose: str = ""


class Tokens:
    """The tokens of a folder. `clock` gives seconds since 1970."""

    def __init__(self, folder: Path, accounts: Accounts, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._accounts = accounts
        self._clock = clock

    def make(self, name: str, days: int, purpose: str = "") -> tuple[str, Token]:
        """A new token of a person, and what is kept of it. Raises AccountsError."""
        person = self._accounts.person(name)
        if person is None:
            raise AccountsError(f"there is no account {name!r} that may sign on")
        if not 1 <= days <= MOST_DAYS:
            raise AccountsError(f"a token lasts 1 to {MOST_DAYS} days")
        text, now = PREFIX + secrets.token_urlsafe(_BYTES), int(self._clock())
        digest = _digest(text)
        token = Token(digest[:_SHORT], name, person.stamp, now, now + days * _DAY, purpose)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._folder / f".{digest}"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(token))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file(digest))
        return text, token

    def person(self, text: str) -> tuple[Person, Token] | None:
        """Whose token it is now; None for one that never was, is over or was taken back."""
        try:
            token = msgspec.json.decode(self._file(_digest(text)).read_bytes(), type=Token)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        person = self._accounts.person(token.name, token.stamp) if self._clock() < token.until else None
        return (person, token) if person is not None else None

    def all(self) -> Iterator[Token]:
        """What is kept, by name and age; also of tokens that are over."""
        files = self._folder.iterdir() if self._folder.is_dir() else ()
        found = [msgspec.json.decode(file.read_bytes(), type=Token) for file in files if not file.name.startswith(".")]
        yield from sorted(found, key=lambda token: (token.name, token.made, token.id))

    def holds(self, token: Token) -> bool:
        """Whether it still opens something."""
        return self._clock() < token.until and self._accounts.person(token.name, token.stamp) is not None

    def revoke(self, id_: str) -> Token:
        """Take a token back by its id. Raises AccountsError."""
        files = list(self._folder.glob(f"{id_}*")) if re.fullmatch(f"[0-9a-f]{{{_SHORT}}}", id_) else []
        if len(files) != 1:
            raise AccountsError(f"there is no token {id_!r}; `flowglass access tokens` lists them")
        token = msgspec.json.decode(files[0].read_bytes(), type=Token)
        files[0].unlink()
        return token

    def _file(self, digest: str) -> Path:
        return self._folder / digest


def _digest(text: str) -> str:
    """A token holds 256 random bits, so that one round of SHA-256 can't be turned back."""
    return sha256(text.encode()).hexdigest()
