"""Dead letters as the store has them, with what became of each."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

import msgspec

from streams.codecs.letters import KafkaHeaders

Row = TypeVar("Row")
NEW: Final = "new"
REPLAYED: Final = "replayed"
DIED_AGAIN: Final = "died_again"
ANY: Final = 1_000_000
_AT_ONCE: Final = 500


class Reader(Protocol):
    """Runs the named queries of `metrics.queries`."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]: ...


class Letter(msgspec.Struct, frozen=True):
    """`cli_dead_letters`: one letter without its record. `id` is 16 hex digits of what identifies it, `payload_hash` of
    what was in the record: value, key and headers.
    """

    id: str
    reason: str
    detail: str
    source: str
    topic: str
    partition: int
    offset: int
    origin: str
    position: int
    ingested_us: int
    bytes: int
    payload_hash: str
    replays: int
    state: str
    total: int


class Payload(msgspec.Struct, frozen=True):
    """`cli_dead_letter_payloads`: the record that a letter keeps."""

    id: str
    payload: bytes
    key_hex: str | None = None
    header_names: list[str] = []
    header_values_hex: list[str | None] = []

    @property
    def key(self) -> bytes | None:
        """The record's key; None: it had none."""
        return None if self.key_hex is None else bytes.fromhex(self.key_hex)

    @property
    def headers(self) -> KafkaHeaders:
        """The record's headers in their order."""
        values = (None if value is None else bytes.fromhex(value) for value in self.header_values_hex)
        return tuple(zip(self.header_names, values, strict=True))


class Died(msgspec.Struct, frozen=True):
    """`cli_died_since`: a message that died, and of what."""

    payload_hash: str
    reason: str


def read_letters(
    reader: Reader,
    *,
    ids: Sequence[str] = (),
    reason: str = "",
    source: str = "",
    states: Sequence[str] = (),
    limit: int = ANY,
) -> list[Letter]:
    """Letters, newest first. `ids` may be the beginnings of ids; what is empty means any."""
    return reader.rows(
        "cli_dead_letters", Letter, ids=list(ids), reason=reason, source=source, states=list(states), limit=limit
    )


def read_payloads(reader: Reader, ids: Sequence[str]) -> Iterable[Payload]:
    """The records of these letters, some hundred in memory at once."""
    for start in range(0, len(ids), _AT_ONCE):
        yield from reader.rows("cli_dead_letter_payloads", Payload, ids=list(ids[start : start + _AT_ONCE]))


def died_since(reader: Reader, hashes: Sequence[str], since: int) -> dict[str, str]:
    """Which of these messages died at or after `since` (microseconds), and of what."""
    found: dict[str, str] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        part = list(hashes[start : start + _AT_ONCE])
        rows = reader.rows("cli_died_since", Died, hashes=part, since=since)
        found.update((row.payload_hash, row.reason) for row in rows)
    return found
