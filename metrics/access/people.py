"""Who may sign in: a file of accounts for the owner's eyes only, with passwords as Argon2id hashes."""

import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from metrics.access.model import Person, Role
from metrics.settings import SettingError

FILE: Final = "people.json"
LEAST_LETTERS: Final = 12
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class AccountsError(SettingError):
    """The file of accounts, or a change to it, is not usable; the message says what to do."""


class Account(BaseModel):
    """One account. `stamp` changes with every change, which ends what was signed in before."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: str
    password: str
    stamp: str
    facilities: tuple[str, ...] | None = None
    disabled: bool = False


AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{1,62}$")]
_FILE = TypeAdapter(dict[AccountName, Account])


def _nothing() -> None:
    """Nothing has to happen first."""


class Accounts:
    """The accounts of a file, read again whenever it has changed."""

    def __init__(self, file: Path, roles: Mapping[str, Role], hasher: PasswordHasher | None = None) -> None:
        self._file = file
        self._roles = roles
        self._hasher = hasher or PasswordHasher()
        self._decoy = self._hasher.hash(secrets.token_urlsafe())
        self._read: tuple[tuple[int, int], dict[str, Account]] | None = None

    def all(self) -> dict[str, Account]:
        """Accounts by name. Raises AccountsError."""
        try:
            state = self._file.stat()
        except FileNotFoundError:
            return {}
        if state.st_mode & _OTHERS:
            raise AccountsError(f"{self._file} can be read by others: chmod 600 {self._file}")
        key = state.st_mtime_ns, state.st_size
        if self._read is None or self._read[0] != key:
            self._read = key, self._parse()
        return self._read[1]

    def person(self, name: str, stamp: str | None = None) -> Person | None:
        """Who has that name now; None when nobody does, the account is disabled or has another stamp."""
        account = self.all().get(name)
        if account is None or account.disabled or (stamp is not None and stamp != account.stamp):
            return None
        role = self._roles.get(account.role)
        places = None if account.facilities is None else frozenset(account.facilities)
        return Person(name, role, places, account.stamp) if role is not None else None

    def sign_in(self, name: str, password: str) -> Person | None:
        """The person, if name and password belong together; an unknown name takes as long as a wrong password."""
        account = self.all().get(name)
        try:
            self._hasher.verify(account.password if account else self._decoy, password)
        except (Argon2Error, InvalidHashError):
            return None
        return self.person(name) if account else None

    def put(
        self,
        name: str,
        role: str,
        password: str,
        facilities: tuple[str, ...] | None = None,
        before: Callable[[], None] = _nothing,
    ) -> None:
        """Add an account or replace it; `before` is called right before it counts, and may refuse by raising.

        Raises AccountsError and OSError; then all is as it was.
        """
        if role not in self._roles:
            raise AccountsError(f"there is no role {role!r}; there are {', '.join(sorted(self._roles))}")
        if len(password) < LEAST_LETTERS:
            raise AccountsError(f"a password has at least {LEAST_LETTERS} letters")
        account = Account(
            role=role, password=self._hasher.hash(password), stamp=secrets.token_hex(8), facilities=facilities
        )
        self._write({**self.all(), name: account}, before)

    def remove(self, name: str, before: Callable[[], None] = _nothing) -> None:
        """Take an account away, which also ends what it signed in; `before` and errors as with `put`."""
        accounts = self.all()
        if name not in accounts:
            raise AccountsError(f"there is no account {name!r}")
        self._write({other: account for other, account in accounts.items() if other != name}, before)

    def _parse(self) -> dict[str, Account]:
        try:
            return _FILE.validate_json(self._file.read_bytes())
        except ValidationError as error:
            raise AccountsError(f"{self._file} is no file of accounts: {error.errors()[0]['msg']}") from error

    def _write(self, accounts: Mapping[str, Account], before: Callable[[], None]) -> None:
        try:
            _FILE.validate_python(dict(accounts))
        except ValidationError as error:
            raise AccountsError("a name has 2 to 63 of the letters a-z, 0-9 and . _ @ -") from error
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(".new")
        text = json.dumps({name: account.model_dump() for name, account in sorted(accounts.items())}, indent=1)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            before()
            beside.replace(self._file)
        finally:
            beside.unlink(missing_ok=True)
