"""What a message costs: the golden cases of a system mapped over and over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from streams.sources.golden import Case, Played
from streams.sources.mapping import Mapping
from streams.sources.message import Message, Snapshot

_ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the messages of one system, in microseconds of processor time."""

    messages: int
    median_us: float
    slowest_us: float


def cost(plays: Iterable[tuple[Case, Mapping, Played]], clock: Callable[[], float], repeats: int = 200) -> Cost:
    """The cost of the messages that give events. `clock` counts seconds of processor time."""
    found: list[float] = []
    for _, mapping, played in plays:
        state: dict[str, Snapshot] = {}
        for message, outcome in played.outcomes:
            if outcome.events:
                found.append(_one(mapping, message, state, clock, repeats))
            state = {**state, **outcome.state}
    return Cost(len(found), median(found), max(found)) if found else Cost(0, 0.0, 0.0)


def _one(
    mapping: Mapping, message: Message, state: dict[str, Snapshot], clock: Callable[[], float], repeats: int
) -> float:
    rounds = []
    for _ in range(_ROUNDS):
        started = clock()
        for _ in range(repeats // _ROUNDS):
            mapping.map(message, state)
        rounds.append((clock() - started) / (repeats // _ROUNDS) * 1e6)
    return median(rounds)
