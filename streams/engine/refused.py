"""Rows that the store can never take: found by halving their block, kept as dead letters, and the flush goes on."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from metrics.store.errors import RowsRefused, TooManyRefused
from metrics.store.outcome import OUTCOME
from metrics.words import DeadLetter, Event
from streams.codecs.reasons import STORE_REFUSED
from streams.dead_letters.divert import event_letter, place_of
from streams.dead_letters.replay import STORE_ROW_ORIGIN
from streams.engine.event_rows import dead_letter_columns
from streams.engine.ports import Block, StoreWriter
from streams.engine.stored_events import event_of

MOST_REFUSED: Final = 100
"""Refused rows of one block beyond which the table is wrong and not the rows: a bad migration, not bad input."""
_LETTERS: Final = "dead_letters"
_LONGEST: Final = 300
"""Signs of the engine's reason that are kept: what follows is its version and the like."""

Offsets = Mapping[tuple[str, int], int]
"""By topic and partition: the next offset when the flush is through."""


def store_block(writer: StoreWriter, block: Block, upto: Offsets, clock: Callable[[], int]) -> list[DeadLetter]:
    """Store every row of the block that can be stored; the others become dead letters, which are stored and returned.

    May be repeated: halves are made of the block's bytes and carry tokens of their own. Raises StoreUnavailable,
    TooManyRefused, and RowsRefused when it is dead letters that are refused.
    """
    try:
        writer.send(block)
        return []
    except RowsRefused as error:
        if block.table == _LETTERS:
            raise
        letters = [letter_of(row, reason, upto, clock()) for row, reason in _sifted(writer, block, error)]
    writer.send(writer.prepare(_LETTERS, dead_letter_columns(letters)))
    return letters


def _sifted(writer: StoreWriter, block: Block, error: RowsRefused) -> list[tuple[Block, str]]:
    """The refused rows, each a block of its own with the reason; all others are stored when it returns."""
    refused: list[tuple[Block, str]] = []
    for row, reason in _refused(writer, block, str(error)):
        refused.append((row, reason))
        if len(refused) > MOST_REFUSED:
            raise TooManyRefused(
                f"more than {MOST_REFUSED} of {block.rows} rows of {block.table} are refused, so the table is wrong"
                f" and not they: compare the store's schema with this version (`flowglass migrate`). The last: {reason}"
            )
    return refused


def _refused(writer: StoreWriter, block: Block, reason: str) -> Iterator[tuple[Block, str]]:
    if block.rows == 1:
        yield block, reason
        return
    for half in block.halved():
        try:
            writer.send(half)
        except RowsRefused as error:
            yield from _refused(writer, half, str(error))


def letter_of(row: Block, reason: str, upto: Offsets, now: int) -> DeadLetter:
    """The dead letter of a block of one row: an event is kept as one, so that it can be replayed.

    Any other row tells the place that its flush had read to.
    """
    told = row.told()
    why = f"{row.table}: {' '.join(reason.split())[:_LONGEST]}"
    if row.table == "events":
        return msgspec.structs.replace(event_letter(_event(told), STORE_REFUSED, why), ingested=now)
    (topic, partition, offset), read = _place(told, upto)
    return DeadLetter(
        origin=f"{STORE_ROW_ORIGIN}{row.table}",
        position=_known_by(row, told),
        topic=topic,
        partition=partition,
        offset=offset,
        reason=STORE_REFUSED,
        detail=why + read,
        payload=msgspec.json.encode(told, enc_hook=repr),
        source=_text(told.get("source")),
        ingested=now,
    )


def _place(told: Mapping[str, Any], upto: Offsets) -> tuple[tuple[str, int, int], str]:
    """Where the row's record was read; of a row without one, the last record of the flush's first partition, and
    all that the flush had read to."""
    origin, position = told.get("origin"), told.get("position")
    if isinstance(origin, str) and isinstance(position, int) and "@" in origin:
        return (origin.partition("@")[0].rpartition("/")[0], *place_of(origin, position)), ""
    read = ", ".join(f"{topic}/{partition}@{end}" for (topic, partition), end in upto.items())
    for (topic, partition), offset in upto.items():
        return (topic, partition, max(0, offset - 1)), f"; read before {read}"
    return ("", 0, 0), ""


def _known_by(row: Block, told: Mapping[str, Any]) -> int:
    """53 bits, which every reader of numbers can hold: of what makes a row of outcome one, else of all it says."""
    outcome = OUTCOME.get(row.table)
    key = row.data if outcome is None else repr([told.get(name) for name in outcome.key]).encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big") >> 11


def _event(told: Mapping[str, Any]) -> Event:
    """The event that a row of `events` (`metrics.store.wire`) was made of."""
    objects = told["objects"]
    columns = {
        "time_us": told["time"],
        "started_us": told["started"],
        "recorded_us": told["recorded"],
        "object_types": [one[0] for one in objects],
        "object_ids": [one[1] for one in objects],
        "object_qualifiers": [one[2] for one in objects],
        "attributes": msgspec.json.encode(told["attributes"]),
    }
    return event_of({**told, **columns})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
