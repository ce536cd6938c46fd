"""What came over HTTP and can't be read, on its way to the dead letters.

Its place is the hash of its bytes, so that a sender who tries the same again and again makes one dead letter. With
privacy on the hash has a key: from a plain one, a short body could be guessed.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from metrics.words import DeadLetter
from streams.codecs.encoding import encode_dead_letter
from streams.gateway.courier import Addressed
from streams.sources.redaction import redactor

KEPT: Final = "as a dead letter"
"""What a sender is told about a message that could not be read."""

Place = Callable[[bytes], int]
"""The same number below 2**63 for the same bytes."""
KafkaHeaders = list[tuple[str, bytes]]
_redact: Final = redactor(())


class Fault(NamedTuple):
    """Why a message can't be read: a code of the codecs, and a sentence for people."""

    reason: str
    detail: str


def plain_place(content: bytes) -> int:
    """By a hash without a key, where nothing is protected."""
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big") >> 1


def letter(
    topic: str, body: bytes, headers: Sequence[tuple[str, bytes]], fault: Fault, sender: str, place: Place = plain_place
) -> Addressed:
    """The record for a topic whose worker stores dead letters; passwords and the like are masked."""
    payload = _redact(body)
    dead = DeadLetter(
        origin=f"http/{sender}",
        position=place(payload),
        topic=topic,
        partition=0,
        offset=0,
        reason=fault.reason,
        detail=fault.detail,
        payload=payload,
        source=sender,
    )
    key, value, carried = encode_dead_letter(dead)
    return topic, (key, value, [*carried, *headers], None, None)
