"""Where a case waited, and for whom: its events walked through the states of its definition.

The walk follows the fold of the stream (`streams.cases.fold`) as far as states go; it reads the definition's text as
the store keeps it, so an old case is walked by its own version.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from pydantic import ValidationError

from metrics.definitions.model import Predicate
from metrics.definitions.predicates import compile_where
from metrics.definitions.schema import ProcessText
from metrics.definitions.yaml_text import parse
from metrics.delay.parts import HUMAN
from metrics.delay.sweep import Claim, Evidence
from metrics.words import Event

MAIN = "main"
SYSTEM = "system"
"""In `waits_for`: the next step is a program's, so nobody is waited for."""


class Happened(NamedTuple):
    """An event of a case in the order of its fold; `attributes` as told."""

    event_id: str
    time: int
    activity: str
    attributes: Mapping[str, Any]


class Move(NamedTuple):
    """A milestone's effect: states to enter by branch ('' leaves it), whether the case ends with it or opens again."""

    enters: tuple[tuple[int, str], ...]
    ends: str
    reopens: bool


class Flow(NamedTuple):
    """What of a definition the walk needs. A log without a definition has no states and nobody to wait for."""

    matches: Mapping[str, tuple[tuple[str, Predicate | None], ...]] = {}
    moves: Mapping[str, Move] = {}
    branches: int = 1
    waits_for: Mapping[str, str] = {}
    titles: Mapping[str, str] = {}
    lines: Mapping[str, int] = {}
    """The line (branch) that each SLA's last milestone moves."""

    def state_title(self, stage: str) -> str:
        """Titles of the states in `stage`, its own words where it is none."""
        return " + ".join(self.titles.get(name, name.replace("_", " ")) for name in stage.split(" + "))


class Stay(NamedTuple):
    """A stretch [start, stop) in which the states of all branches stayed the same; `entered`: event by branch.

    With an `outcome` the case had ended.
    """

    start: int
    stop: int
    states: tuple[str, ...]
    entered: tuple[str, ...]
    outcome: str = ""

    @property
    def stage(self) -> str:
        """The case's state as its row shows it: its outcome, else the states of its branches, main line first."""
        return self.outcome or " + ".join(dict.fromkeys(state for state in self.states if state))


@lru_cache(maxsize=64)
def read_flow(text: str) -> Flow:
    """The flow of a definition's YAML; one that cannot be read, or '', has no states."""
    parsed = parse(text)
    try:
        return flow_of(ProcessText.model_validate(parsed.data))
    except ValidationError:
        return Flow()


def flow_of(process: ProcessText) -> Flow:
    """The flow of a definition as written."""
    line = {name: index for index, name in enumerate((MAIN, *(branch.name for branch in process.branches)))}
    entries = [(name, line[state.branch], state.name) for state in process.states for name in state.enter]
    entries += [(name, line[branch.name], "") for branch in process.branches for name in branch.leave]
    ends = {end.milestone: end.outcome for end in process.ends}
    matches: dict[str, tuple[tuple[str, Predicate | None], ...]] = {}
    for name, milestone in process.milestones.items():
        for activity in dict.fromkeys(milestone.on):
            matches[activity] = (*matches.get(activity, ()), (name, compile_where(milestone.where)))
    moves = {
        name: Move(tuple(e[1:] for e in entries if e[0] == name), ends.get(name, ""), name in process.reopens)
        for name in process.milestones
    }
    return Flow(
        matches,
        moves,
        len(line),
        {state.name: state.waits_for for state in process.states if state.waits_for},
        {state.name: state.title or state.name.replace("_", " ") for state in process.states},
        {sla.name: min((branch for branch, _ in moves[sla.to].enters), default=0) for sla in process.slas},
    )


def stays(flow: Flow, events: Iterable[Happened], until: int) -> list[Stay]:
    """How long the case stayed where, from its first event to `until` (microseconds), without gaps.

    `events` in the order of the fold. After its end the case stays in its outcome. Without states each activity is one.
    """
    walk, found = _Walk(flow), list[Stay]()
    since: int | None = None
    for event in events:
        at = min(event.time, until)
        since = at if since is None else since
        before = walk.place
        walk.step(event)
        if at > since and walk.place != before:
            found.append(Stay(since, at, *before))
            since = at
    if since is not None and until > since:
        found.append(Stay(since, until, *walk.place))
    return found


class _Walk:
    """The states of one case while its events pass by."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._states = [""] * flow.branches
        self._entered = [""] * flow.branches
        self._outcome = ""

    @property
    def place(self) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """States and the events that led there, by branch, and the outcome."""
        return tuple(self._states), tuple(self._entered), self._outcome

    def step(self, event: Happened) -> None:
        """One event, every milestone it reaches in the order of their declaration."""
        if not self._flow.moves:
            self._states, self._entered = [event.activity], [event.event_id]
            return
        told: Event | None = None
        for name, where in self._flow.matches.get(event.activity, ()):
            told = told or _as_event(event)
            if where is None or where(told):
                self._reach(self._flow.moves[name], event.event_id)

    def _reach(self, move: Move, event_id: str) -> None:
        if self._outcome:
            if not move.reopens:
                return
            self._outcome = ""
        for branch, state in move.enters:
            if self._states[branch] != state:
                self._states[branch], self._entered[branch] = state, event_id
        self._outcome = move.ends or self._outcome


def _as_event(event: Happened) -> Event:
    told = dict(event.attributes)
    return Event(event.event_id, event.activity, event.activity, event.time, "", (), "", 0, attributes=told)


def human_waits(flow: Flow, lived: Iterable[Stay]) -> list[Claim]:
    """What states claim that wait for somebody: `cause` is 'state|who', the evidence the event that led there.

    Of branches that wait for somebody at the same time the main line has the word.
    """
    return [
        Claim(stay.start, stay.stop, HUMAN, f"{state}|{who}", Evidence("event", stay.entered[branch]), branch)
        for stay in lived
        if not stay.outcome
        for branch, state in enumerate(stay.states)
        if (who := flow.waits_for.get(state, "")) and who != SYSTEM
    ]


def attributes_of(text: str) -> dict[str, Any]:
    """An event's attributes from their JSON; none where it is no object."""
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}
