"""Where a message of spans was read, and the tally of what became of the input."""

from collections.abc import Sequence

import msgspec

from streams.codecs.reasons import BAD_HEADER, Unreadable


class Source(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Where a message was read. `positions`: that of its first span, or one for each in message order."""

    origin: str
    positions: int | Sequence[int]
    topic: str = ""
    partition: int = 0
    offset: int = 0
    ingested: int = 0
    simulated: bool = False

    def spread(self, spans: int) -> Sequence[int]:
        """The source position of each of the message's spans. Raises Unreadable."""
        if isinstance(self.positions, int):
            return range(self.positions, self.positions + spans)
        if len(self.positions) != spans:
            raise Unreadable(BAD_HEADER, f"fg-position tells {len(self.positions)} positions for {spans} spans")
        return self.positions

    @property
    def first(self) -> int:
        """The position that stands for the whole message."""
        return self.positions if isinstance(self.positions, int) else next(iter(self.positions), 0)


class Counts(msgspec.Struct):
    """What became of the input since the start: `refused` keys were empty or too long, `capped` refs beyond the cap."""

    messages: int = 0
    spans: int = 0
    refs: int = 0
    refused: int = 0
    capped: int = 0
    dead_letters: int = 0
