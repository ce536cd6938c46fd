"""What the readers of events say to the judge of findings: facts, and how far they are. Safe to deliver twice."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import msgspec

from metrics.quality.facts import Fact

FACTS_A_RECORD: Final = 1000


class Tide(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What one partition of the events says of a feed: its phase ('': no news), its newest event time.

    `feed` '' speaks of the partition itself: it is complete up to the moment `newest`. `systems`: whose events the
    feed brought. Times in microseconds UTC.
    """

    partition: int
    feed: str
    phase: str
    newest: int
    systems: tuple[str, ...] = ()


class Observations(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One record. The tides hold once the facts before them, in earlier records as well, are known."""

    facts: list[Fact]
    tides: list[Tide]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Observations)


def pack(facts: Iterable[Fact], tides: Sequence[Tide]) -> Iterator[bytes]:
    """Records for the judge, in the order in which they must be read; none when there is nothing to say."""
    iterator = iter(facts)
    piece = list(islice(iterator, FACTS_A_RECORD))
    while piece:
        following = list(islice(iterator, FACTS_A_RECORD))
        yield _encoder.encode(Observations(piece, [] if following else list(tides)))
        piece, tides = following, tides if following else ()
    if tides:
        yield _encoder.encode(Observations([], list(tides)))


def unpack(value: bytes) -> Observations:
    """One record."""
    return _decoder.decode(value)
