"""Cases that are set aside, as dead letters: so they are counted, listed, shown, and folded again by a replay."""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from metrics.words import DeadLetter
from streams import topics
from streams.codecs.reasons import FOLD_FAILED
from streams.dead_letters.divert import event_letter
from streams.engine.read_cases import Aside

CASE_ORIGIN: Final = "case:"
"""Before the process: the origin of the one letter that a case has, however often its fold fails."""


def aside_letters(cases: Iterable[Aside], now: int) -> list[DeadLetter]:
    """One letter for each case, with the event that it broke at."""
    return [_letter(one, now) for one in cases]


def _letter(one: Aside, now: int) -> DeadLetter:
    case, (event, why) = one
    origin, position = f"{CASE_ORIGIN}{case.process}", _number(case.id)
    if event is not None:
        letter = event_letter(event, FOLD_FAILED, why)
        return msgspec.structs.replace(letter, origin=origin, position=position, ingested=now)
    return DeadLetter(
        origin=origin,
        position=position,
        topic=topics.EVENTS,
        partition=0,
        offset=0,
        reason=FOLD_FAILED,
        detail=why,
        payload=b"",
        ingested=now,
    )


def _number(case_id: str) -> int:
    """53 bits of the id, which every reader of numbers can hold."""
    return int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:8], "big") >> 11
