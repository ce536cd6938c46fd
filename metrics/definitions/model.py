"""A process definition as the stream needs it: compiled, immutable, looked up by index.

`schema.py` holds what a person writes, `compile.py` turns it into this. Milestones are numbered in the
order they are declared; everything else refers to them by number.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from metrics.definitions.conformance import Conformance
from metrics.definitions.escalation import EscalationStep
from metrics.definitions.priority import Priority
from metrics.guards.model import Guard
from metrics.sla.clock import ClockRule
from metrics.words import Event

Predicate = Callable[[Event], bool]


class LinkRule(NamedTuple):
    """Objects of type `child` belong to the cases of the `parent` objects that one event names with them.

    `cap` bounds how many cases one child may join; the smallest by (time, id) are kept.
    """

    child: str
    parent: str
    cap: int


class Match(NamedTuple):
    """One way to reach a milestone: the event's activity is known, and `where` (if any) holds."""

    milestone: int
    where: Predicate | None


class Entry(NamedTuple):
    """Reaching a milestone puts `branch` (0 is the main line) into `state` ('' leaves the branch)."""

    branch: int
    state: str


class SlaRule(NamedTuple):
    """A clock from one milestone to another.

    `pauses` are (from milestone, to milestone, reason): between them the clock stands still.
    `rule_for` gives the clock's arithmetic for a facility (its calendar and zone).
    `start_last`: the clock starts again with each occurrence of `start` before it stops.
    """

    name: str
    start: int
    stop: int
    start_last: bool
    cancel: frozenset[int]
    pauses: tuple[tuple[int, int, str], ...]
    rule_for: Callable[[str], ClockRule]
    objective: float
    window_days: int
    title: str
    owner: str
    calendar: str = "always"
    source: str = ""
    escalation: tuple[EscalationStep, ...] = ()
    """Its own steps, else those of the process."""


class ExpectRule(NamedTuple):
    """After `start` the milestone `stop` is expected, told by `told_by`. Its clock moves as that of an SLA."""

    name: str
    start: int
    stop: int
    start_last: bool
    cancel: frozenset[int]
    pauses: tuple[tuple[int, int, str], ...]
    rule_for: Callable[[str], ClockRule]
    title: str
    told_by: str
    owner: str


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one process.

    ``matches`` maps an activity to the milestones it may reach; with ``open`` (logs without a
    definition) every activity is its own milestone and no table is consulted.
    ``ends`` maps a milestone to the outcome with which it closes the case.
    ``attributes`` maps a case attribute to the event attribute that fills it (first value wins
    unless the name is in ``latest``); 'facility' and 'department' are columns of their own.
    ``source_rank`` orders events that share a time stamp; unlisted sources rank last.
    ``ignores``: activities that are none of this process's business, although their events may name one of
    its objects (an order names its supplier, but is no step of the supplier's onboarding).
    ``begins`` maps an activity to the conditions of which one must hold for its event to open a case (None: no
    condition); without any entry every event opens one. See `begun_by`.
    """

    process: str
    version: int
    hash: str
    title: str
    owner: str
    case_type: str
    open: bool = False
    links: tuple[LinkRule, ...] = ()
    milestones: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    matches: Mapping[str, tuple[Match, ...]] = {}
    enters: Mapping[int, tuple[Entry, ...]] = {}
    branches: tuple[str, ...] = ("main",)
    states: tuple[str, ...] = ()
    state_titles: Mapping[str, str] = {}
    ends: Mapping[int, str] = {}
    reopens: frozenset[int] = frozenset()
    slas: tuple[SlaRule, ...] = ()
    expects: tuple[ExpectRule, ...] = ()
    conformance: Conformance = Conformance()
    attributes: Mapping[str, str] = {}
    latest: frozenset[str] = frozenset()
    source_rank: Mapping[str, int] = {}
    begins: Mapping[str, tuple[Predicate | None, ...]] = {}
    guards: tuple[Guard, ...] = ()
    unranked: int = 1000
    ignores: frozenset[str] = frozenset()
    description: str = ""
    escalation: tuple[EscalationStep, ...] = ()
    priority: Priority = "standard"

    def begun_by(self, event: Event) -> bool:
        """Whether `event`, which names the case object, opens its case. Until one does, the object's events wait."""
        if not self.begins:
            return True
        return any(where is None or where(event) for where in self.begins.get(event.activity, ()))
