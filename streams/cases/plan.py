"""A definition turned inside out: for each milestone, everything that reaching it sets in motion."""

from collections.abc import Iterator
from typing import NamedTuple

from metrics.definitions.model import Definition, Entry
from metrics.words import Event


class Reach(NamedTuple):
    """What reaching one milestone does. Numbers are positions in `Definition.slas`; pauses are (sla, pause)."""

    name: str
    starts: tuple[int, ...] = ()
    restarts: tuple[int, ...] = ()
    stops: tuple[int, ...] = ()
    cancels: tuple[int, ...] = ()
    opens: tuple[tuple[int, int], ...] = ()
    closes: tuple[tuple[int, int], ...] = ()
    enters: tuple[Entry, ...] = ()
    outcome: str = ""
    reopens: bool = False


class Plan:
    """The look-ups that folding needs, made once a definition."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._reaches = tuple(_reach(definition, index) for index in range(len(definition.milestones)))
        self._open: dict[str, Reach] = {}

    def reached(self, event: Event) -> Iterator[Reach]:
        """The milestones this event reaches, in declared order."""
        if self.definition.open:
            yield self._open_reach(event.activity)
            return
        for milestone, where in self.definition.matches.get(event.activity, ()):
            if where is None or where(event):
                yield self._reaches[milestone]

    def rank(self, source: str) -> int:
        """The place of a source among events of one time stamp."""
        return self.definition.source_rank.get(source, self.definition.unranked)

    def _open_reach(self, activity: str) -> Reach:
        reach = self._open.get(activity)
        if reach is None:
            reach = self._open[activity] = Reach(activity)
        return reach


def _reach(definition: Definition, milestone: int) -> Reach:
    rules = tuple(enumerate(definition.slas))
    return Reach(
        name=definition.milestones[milestone],
        starts=tuple(index for index, rule in rules if rule.start == milestone),
        restarts=tuple(index for index, rule in rules if rule.start == milestone and rule.start_last),
        stops=tuple(index for index, rule in rules if rule.stop == milestone),
        cancels=tuple(index for index, rule in rules if milestone in rule.cancel),
        opens=tuple((i, j) for i, rule in rules for j, pause in enumerate(rule.pauses) if pause[0] == milestone),
        closes=tuple((i, j) for i, rule in rules for j, pause in enumerate(rule.pauses) if pause[1] == milestone),
        enters=tuple(definition.enters.get(milestone, ())),
        outcome=definition.ends.get(milestone, ""),
        reopens=milestone in definition.reopens,
    )
