"""What a message costs: the golden cases' messages mapped over and over, those of all systems in turn."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from streams.sources.golden import Played
from streams.sources.inputs import syntax_of
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.message import Message, Snapshot

AIMS: Final[Mapping[str, int]] = {"json": 20_000, "xml": 5_000}
"""Messages a second on one core, by syntax; a flat file has none, since one message holds any number of rows."""

ROUNDS: Final = 9
REPEATS: Final = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """A message that gives events, with what was remembered when it came."""

    system: str
    syntax: str
    mapping: SystemMapping
    message: Message
    states: Mapping[str, Snapshot]
    events: int


@dataclass(frozen=True, slots=True)
class Cost:
    """The messages of one system in one syntax, in microseconds of processor time; `aim`: messages a second or 0."""

    system: str
    syntax: str
    messages: int
    median_us: float
    slowest_us: float
    event_us: float
    per_second: int
    aim: int

    @property
    def reached(self) -> bool:
        """Whether the median message is as fast as it should be."""
        return self.per_second >= self.aim


def samples(system: str, mapping: SystemMapping, played: Played) -> Iterable[Sample]:
    """The messages of a played case that give events."""
    states: dict[str, Snapshot] = {}
    for message, outcome in played.outcomes:
        if outcome.events:
            syntax = syntax_of(message.body, mapping.inputs)
            yield Sample(system, syntax, mapping, message, states, len(outcome.events))
        states = {**states, **outcome.state}


def costs(
    taken: Iterable[Sample], clock: Callable[[], float], rounds: int = ROUNDS, repeats: int = REPEATS
) -> list[Cost]:
    """By system and syntax. Each message counts with the median of its rounds; `clock`: seconds of processor time.

    The rounds go over all messages in turn, so that a neighbour on the same core slows all of them alike.
    """
    of_all = list(taken)
    found: list[list[float]] = [[] for _ in of_all]
    for _ in range(rounds):
        for sample, micros in zip(of_all, found, strict=True):
            micros.append(_once(sample, clock, repeats))
    groups: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for sample, micros in zip(of_all, found, strict=True):
        groups.setdefault((sample.system, sample.syntax), []).append((median(micros), sample.events))
    return [_cost(system, syntax, figures) for (system, syntax), figures in groups.items()]


def _once(sample: Sample, clock: Callable[[], float], repeats: int) -> float:
    run, message, states = sample.mapping.map, sample.message, sample.states
    started = clock()
    for _ in range(repeats):
        run(message, states)
    return (clock() - started) / repeats * 1e6


def _cost(system: str, syntax: str, figures: list[tuple[float, int]]) -> Cost:
    micros = [one for one, _ in figures]
    middle = median(micros)
    return Cost(
        system=system,
        syntax=syntax,
        messages=len(figures),
        median_us=round(middle, 1),
        slowest_us=round(max(micros), 1),
        event_us=round(median(one / events for one, events in figures), 1),
        per_second=round(1e6 / middle),
        aim=AIMS.get(syntax, 0),
    )
