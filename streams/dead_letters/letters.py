"""Dead letters as the store has them, with what became of each, and their originals for those who have the key."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec

from streams.dead_letters.originals import Original, Seal, opened

Row = TypeVar("Row")
NEW: Final = "new"
REPLAYED: Final = "replayed"
DIED_AGAIN: Final = "died_again"
KEPT, EXPIRED, NONE = "kept", "expired", "none"
ANY: Final = 1_000_000
_AT_ONCE: Final = 500

WHY_NOT: Final[dict[str, str]] = {
    EXPIRED: "its original was kept for a while only and is gone: ask the sender to send it again",
    NONE: "its original was not kept: ask the sender to send it again",
}
NO_KEYRING: Final = "its original is sealed, and there is no keyring here: name it with FLOWGLASS_PRIVACY_KEYS"


class Reader(Protocol):
    """Runs the named queries of `metrics.queries`."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]: ...


class Letter(msgspec.Struct, frozen=True):
    """`cli_dead_letters`: one letter with what is kept of it in clear. `id` is 16 hex digits of what identifies it;
    `message` is the id of the first letter of the same message, by which a replay knows it again.
    """

    id: str
    reason: str
    detail: str
    source: str
    system: str
    owner: str
    topic: str
    partition: int
    offset: int
    origin: str
    position: int
    ingested_us: int
    bytes: int
    excerpt: str
    header_names: list[str]
    header_values: list[str]
    simulated: int
    message: str
    replays: int
    state: str
    original: str
    total: int


class Sealed(msgspec.Struct, frozen=True):
    """`cli_dead_letter_originals`: the sealed record of a letter."""

    id: str
    sealed: str
    sealed_until_us: int


class Died(msgspec.Struct, frozen=True):
    """`cli_died_since`: a message that died, and of what."""

    message: str
    reason: str
    detail: str


class Which(NamedTuple):
    """Which letters are meant; what is empty means any. `ids` may be the beginnings of ids."""

    ids: Sequence[str] = ()
    reason: str = ""
    source: str = ""
    system: str = ""
    owner: str = ""
    states: Sequence[str] = ()

    @property
    def named(self) -> bool:
        """Whether anything narrows it but the state."""
        return bool(self.ids or self.reason or self.source or self.system or self.owner)


def read_letters(reader: Reader, which: Which = Which(), limit: int = ANY) -> list[Letter]:  # noqa: B008  (immutable)
    """Letters, newest first."""
    wanted = which._replace(ids=list(which.ids), states=list(which.states))._asdict()
    return reader.rows("cli_dead_letters", Letter, **wanted, limit=limit)


def read_originals(
    reader: Reader, seal: Seal | None, letters: Sequence[Letter], now: int
) -> Iterator[tuple[Letter, Original | str]]:
    """Each letter with its record, or with why there is none; some hundred in memory at once. `now`: microseconds."""
    for start in range(0, len(letters), _AT_ONCE):
        part = letters[start : start + _AT_ONCE]
        kept = [letter.id for letter in part if letter.original == KEPT] if seal is not None else []
        found = {row.id: row.sealed for row in _rows(reader, kept)}
        for letter in part:
            yield letter, _original(seal, letter, found.get(letter.id, ""), now)


def _rows(reader: Reader, ids: list[str]) -> list[Sealed]:
    return reader.rows("cli_dead_letter_originals", Sealed, ids=ids) if ids else []


def _original(seal: Seal | None, letter: Letter, text: str, now: int) -> Original | str:
    if letter.original != KEPT:
        return WHY_NOT[letter.original]
    if seal is None:
        return NO_KEYRING
    try:
        return opened(seal, letter.id, text, now) if text else WHY_NOT[EXPIRED]
    except ValueError as error:
        return f"its original cannot be opened: {error}"


def died_since(reader: Reader, messages: Sequence[str], since: int) -> dict[str, Died]:
    """Which of these messages died at or after `since` (microseconds), and of what."""
    found: dict[str, Died] = {}
    for start in range(0, len(messages), _AT_ONCE):
        part = list(messages[start : start + _AT_ONCE])
        found.update((row.message, row) for row in reader.rows("cli_died_since", Died, messages=part, since=since))
    return found
