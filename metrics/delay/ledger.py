"""The ledger of one stretch of a case's life: slices by part with their evidence, and what they add up to."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from metrics.delay.flow import Flow, Happened, Stay, human_waits, stays
from metrics.delay.parts import CLOCK_STOP, HUMAN, PRIORITY, UNEXPLAINED
from metrics.delay.sweep import NOTHING, Claim, Evidence, Slice, divide


class Pause(NamedTuple):
    """A clock stop; `stop` None: it lasts."""

    start: int
    stop: int | None
    reason: str


class Sum(NamedTuple):
    """What slices of one part and cause (or stage) add up to: microseconds, how many, and the longest of them."""

    part: str
    cause: str
    lasts: int
    times: int
    longest: Slice


class Ledger(NamedTuple):
    """A stretch [start, stop) divided: slices without gap or overlap, so that they add up to `gross` exactly."""

    start: int
    stop: int
    slices: tuple[Slice, ...]

    @property
    def gross(self) -> int:
        """Microseconds from start to stop."""
        return self.stop - self.start

    def by_part(self) -> dict[str, int]:
        """Microseconds of every part, in the declared order."""
        totals = dict.fromkeys(PRIORITY, 0)
        for piece in self.slices:
            totals[piece.part] += piece.lasts
        return totals

    def by_cause(self) -> list[Sum]:
        """What each cause of each part took, the most first; what is unexplained by the stage it fell into."""
        return _sums((piece.part, piece.cause or piece.stage, piece) for piece in self.slices)

    def by_stage(self) -> dict[str, dict[str, int]]:
        """Microseconds by stage, in order of first appearance, and part."""
        stages: dict[str, dict[str, int]] = {}
        for piece in self.slices:
            parts = stages.setdefault(piece.stage, dict.fromkeys(PRIORITY, 0))
            parts[piece.part] += piece.lasts
        return stages


def _sums(keyed: Iterable[tuple[str, str, Slice]]) -> list[Sum]:
    found: dict[tuple[str, str], list[Slice]] = {}
    for part, cause, piece in keyed:
        found.setdefault((part, cause), []).append(piece)
    sums = [
        Sum(part, cause, sum(one.lasts for one in some), len(some), max(some, key=lambda one: (one.lasts, -one.start)))
        for (part, cause), some in found.items()
    ]
    return sorted(sums, key=lambda one: (-one.lasts, PRIORITY.index(one.part), one.cause))


class Life(NamedTuple):
    """All that is known of a case's life: events in the order of the fold, where it stayed, and what calls claim."""

    flow: Flow
    events: tuple[Happened, ...]
    lived: tuple[Stay, ...]
    claims: tuple[Claim, ...]


def life_of(flow: Flow, events: Sequence[Happened], calls: Iterable[Claim], until: int) -> Life:
    """A case's life up to `until` (microseconds)."""
    lived = stays(flow, events, until)
    return Life(flow, tuple(events), tuple(lived), (*calls, *human_waits(flow, lived)))


def keep_ledger(life: Life, start: int, stop: int, pauses: Iterable[Pause] = (), line: int = 0) -> Ledger:
    """The ledger of [start, stop) of a life; `pauses` are the clock stops that count.

    Of states that wait for somebody at the same time the one of `line` has the word, then the main line's.
    """
    times = [event.time for event in life.events]
    stopped = [_stop_claim(pause, stop, life.events, times) for pause in pauses]
    first = [
        claim._replace(order=-1) if claim.order == line and claim.part == HUMAN else claim for claim in life.claims
    ]
    divided = divide(start, stop, [*first, *stopped])
    slices = tuple(_explained(piece, life.events, times) for piece in _by_stage(divided, life.lived))
    return Ledger(start, max(start, stop), slices)


def _stop_claim(pause: Pause, stop: int, events: Sequence[Happened], times: Sequence[int]) -> Claim:
    until = stop if pause.stop is None else pause.stop
    return Claim(pause.start, until, CLOCK_STOP, pause.reason, _last_event(pause.start, events, times))


def _by_stage(slices: Iterable[Slice], lived: Sequence[Stay]) -> Iterable[Slice]:
    """The slices, cut where the stage changes."""
    at = 0
    for piece in slices:
        since = piece.start
        while since < piece.stop:
            while at < len(lived) and lived[at].stop <= since:
                at += 1
            inside = at < len(lived) and lived[at].start <= since
            ends = (lived[at].stop if inside else lived[at].start) if at < len(lived) else piece.stop
            until = min(ends, piece.stop)
            yield piece._replace(start=since, stop=until, stage=lived[at].stage if inside else "")
            since = until


def _explained(piece: Slice, events: Sequence[Happened], times: Sequence[int]) -> Slice:
    """What is unexplained has the last event before it as its evidence: from there on nothing is known."""
    if piece.part != UNEXPLAINED:
        return piece
    return piece._replace(evidence=_last_event(piece.start, events, times))


def _last_event(at: int, events: Sequence[Happened], times: Sequence[int]) -> Evidence:
    place = bisect_right(times, at) - 1
    return Evidence("event", events[place].event_id) if place >= 0 else NOTHING
