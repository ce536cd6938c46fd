"""A definition turned inside out: for each milestone, everything that reaching it sets in motion."""

from typing import NamedTuple
from zlib import crc32

from metrics.closing import CLOSED_BY_HAND, OUTCOME
from metrics.definitions.model import Definition, Entry, ExpectRule, Predicate, SlaRule
from streams.cases.duties import Duties, duties_of

STEPS_KEPT = 10_000
"""Activities are few; should a log name each row's its own, memory is bounded."""


class Reach(NamedTuple):
    """What reaching one milestone does. Numbers are positions in `timed`; pauses are (clock, pause)."""

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
    moves_clocks: bool = False


Reaches = tuple[tuple[Reach, Predicate | None], ...]
"""What an activity may reach, each under its condition."""


class Step(NamedTuple):
    """What an activity means to a case: its part in the variant, and what it may reach under which condition.

    `duties`: what that has to do with the rules of conformance, all of it being reached unless it is `conditional`.
    """

    code: int
    reaches: Reaches
    duties: Duties | None = None
    conditional: bool = False


def timed(definition: Definition) -> tuple[SlaRule | ExpectRule, ...]:
    """Everything with a clock, in the order of `Fold.clocks`: the SLAs, then what is expected."""
    return (*definition.slas, *definition.expects)


class Plan:
    """The look-ups that folding needs, made once a definition."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.attributes = tuple((name, said, name in definition.latest) for name, said in definition.attributes.items())
        self._reaches = tuple(_reach(definition, index) for index in range(len(definition.milestones)))
        self.rules = definition.conformance.digest
        self.judged_by = frozenset(rule.each for rule in definition.conformance.rules if rule.each)
        self.passing = definition.ignores | {CLOSED_BY_HAND}
        self._steps: dict[str, Step] = {}
        self._duties: dict[tuple[str, ...], Duties] = {}

    def step(self, activity: str) -> Step:
        """What an event of this activity may reach, in declared order."""
        known = self._steps.get(activity)
        if known is None:
            known = self._step(activity)
            if len(self._steps) < STEPS_KEPT:
                self._steps[activity] = known
        return known

    def duties(self, names: tuple[str, ...]) -> Duties:
        """What reaching these milestones by one event has to do with the rules of conformance."""
        known = self._duties.get(names)
        if known is None:
            milestones = self.definition.milestones
            known = self._duties[names] = duties_of(self.definition, map(milestones.index, names))
        return known

    def rank(self, source: str) -> int:
        """The place of a source among events of one time stamp."""
        return self.definition.source_rank.get(source, self.definition.unranked)

    def _step(self, activity: str) -> Step:
        code = crc32(activity.encode())
        if activity == CLOSED_BY_HAND:
            cancels = tuple(range(len(timed(self.definition))))
            return Step(code, ((Reach(OUTCOME, cancels=cancels, outcome=OUTCOME, moves_clocks=True), None),))
        if self.definition.open:
            return Step(code, ((Reach(activity), None),))
        matches = self.definition.matches.get(activity, ())
        reaches = tuple((self._reaches[milestone], where) for milestone, where in matches)
        duties = duties_of(self.definition, (milestone for milestone, _ in matches))
        return Step(code, reaches, duties if duties.any else None, any(where is not None for _, where in matches))


def _reach(definition: Definition, milestone: int) -> Reach:
    rules = tuple(enumerate(timed(definition)))
    reach = Reach(
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
    moves = (reach.starts, reach.restarts, reach.stops, reach.cancels, reach.opens, reach.closes)
    return reach._replace(moves_clocks=any(moves))
