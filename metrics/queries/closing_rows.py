"""The typed row of the query `case_closing`."""

import msgspec


class Closable(msgspec.Struct, frozen=True):
    """A case that may be closed by hand. Times in microseconds UTC; `phase` is that of its feed."""

    status: str
    outcome: str
    last_us: int
    simulated: int
    feed: str
    phase: str
    watermark_us: int
    case_type: str

    def present(self, wall: int) -> int:
        """The time of a closing: now by the clock that the case follows, and after all that happened in it."""
        now = wall if self.phase == "live" else self.watermark_us
        return max(now, self.last_us + 1)
