"""What a person writes in a process file. Unknown words are refused; `checks.py` looks at what the words mean."""

from typing import Literal

from pydantic import Field

from metrics.definitions.priority import Priority
from metrics.definitions.schema_conformance import ConformanceText
from metrics.definitions.schema_escalation import EscalationStepText
from metrics.definitions.schema_guards import GuardText
from metrics.definitions.schema_words import (
    Activities,
    ActivitiesOrNone,
    Name,
    Names,
    NamesOrNone,
    Text,
    Values,
    Written,
)


class CaseText(Written):
    """What one run of the process is about."""

    object: Name = Field(description="The object type whose id is the case's id.")


class CorrelationText(Written):
    """Objects of one type belong to the cases of another when an event names both."""

    object: Name = Field(description="The type that is drawn in.")
    through: Name = Field(description="The type it hangs on: the case object, or one that is drawn in itself.")
    cap: int = Field(
        ge=1, le=100_000, description="How many cases one object may join; the smallest by (time, id) stay."
    )


class MilestoneText(Written):
    """A step that can be reached, any number of times."""

    on: Activities = Field(description="Event types, or activity names of a log; any of them reaches the milestone.")
    where: dict[Text, Values] = Field(
        default={}, description="Attributes that the event must have, each with one of the values."
    )
    title: str = Field(default="", description="As shown to people; the name when left out.")


class BranchText(Written):
    """A line of states beside the main one. Its first `enter` forks it, `leave` joins it again."""

    name: Name
    title: str = ""
    leave: Names = Field(description="Milestones with which the line is through.")


class StateText(Written):
    """Where a case waits, in flow order."""

    name: Name
    title: str = ""
    enter: Names = Field(description="Milestones that put the case into this state, again and again if need be.")
    branch: Name = Field(default="main", description="The line this state belongs to.")
    waits_for: Name | None = Field(
        default=None, description="Whose move it is: `system`, or the role of those who must act (delay ledger)."
    )


class EndText(Written):
    """A milestone that closes the case."""

    milestone: Name
    outcome: Name


class PauseText(Written):
    """A clock stop: between the two milestones the clock stands still."""

    from_: Name = Field(alias="from")
    to: Name
    reason: Text


class ObjectiveText(Written):
    """Which share of cases must meet the SLA, over which window."""

    share: float = Field(gt=0, lt=1)
    window_days: int = Field(ge=1, le=3660)


class SlaText(Written):
    """From one milestone to another within a duration on a calendar."""

    name: Name
    title: str = ""
    from_: Name = Field(alias="from", description="The milestone that starts the clock.")
    to: Name = Field(description="The milestone that stops it.")
    target: Text = Field(description="A duration such as 30m, 18h, 14d, or 2wd: working days of the calendar.")
    calendar: Name = Field(
        default="always", description="A calendar of calendars.yaml; the case's facility adds its zone."
    )
    whole_days: bool = Field(
        default=False, description="Measure in whole local days, because an end is known by its date only."
    )
    at_risk: float = Field(default=0.8, gt=0, lt=1, description="Share of the target after which the case is at risk.")
    pauses: tuple[PauseText, ...] = ()
    cancel_on: NamesOrNone = Field(default=(), description="Milestones that end the clock without a verdict.")
    start: Literal["first", "last"] = Field(
        default="first", description="Which occurrence of `from` counts before the stop."
    )
    objective: ObjectiveText
    owner: Name = Field(description="Who must act before the SLA breaks.")
    escalation: tuple[EscalationStepText, ...] = Field(
        default=(), description="Who is told next when nobody takes its alerts on; left out: as the process says."
    )
    source: Text = Field(
        description="Where the target comes from: a text or an address. A number without a source is a rumour."
    )


class ExpectText(Written):
    """After one milestone another is expected within a duration: what does not come is an exception, not a breach."""

    name: Name
    title: str = Field(default="", description="As shown to people; the milestone's title when left out.")
    after: Name = Field(description="The milestone from which on the other one is expected.")
    milestone: Name = Field(description="The milestone that is expected.")
    within: Text = Field(description="A duration such as 30m, 18h, 14d, or 2wd: working days of the calendar.")
    calendar: Name = Field(
        default="always", description="A calendar of calendars.yaml; the case's facility adds its zone."
    )
    pauses: tuple[PauseText, ...] = ()
    cancel_on: NamesOrNone = Field(default=(), description="Milestones after which nothing is expected any more.")
    start: Literal["first", "last"] = Field(
        default="first", description="Which occurrence of `after` counts before the milestone comes."
    )
    told_by: Text = Field(
        description="The system or interface that should have told it: who is asked when it is silent."
    )
    owner: Name = Field(description="Who looks after it when it does not come.")


class ProcessText(Written):
    """One version of one process."""

    process: Name
    version: int = Field(ge=1, le=4_294_967_295, description="Grows with each change that changes an outcome.")
    title: Text
    owner: Name
    description: str = ""
    priority: Priority = Field(
        default="standard",
        description="Which events are read first after an outage. It changes no outcome, so it needs no new version.",
    )
    escalation: tuple[EscalationStepText, ...] = Field(
        default=(), description="Who is told next when nobody takes the alerts of this process on, and when."
    )
    case: CaseText
    correlation: tuple[CorrelationText, ...] = ()
    begins: ActivitiesOrNone = Field(
        default=(),
        description="Milestones or event types that open a case; other events wait for one. Left out: any event does.",
    )
    milestones: dict[Name, MilestoneText] = Field(min_length=1)
    branches: tuple[BranchText, ...] = ()
    states: tuple[StateText, ...] = Field(
        min_length=1, description="In the order in which a case normally passes them."
    )
    ends: tuple[EndText, ...] = Field(min_length=1)
    reopens: NamesOrNone = Field(default=(), description="Milestones that open a closed case again.")
    slas: tuple[SlaText, ...] = ()
    expects: tuple[ExpectText, ...] = Field(
        default=(), description="Milestones that must be heard of; their silence is an exception with an owner."
    )
    guards: tuple[GuardText, ...] = Field(
        default=(), description="What must hold across systems and cases; each violation is an exception with an owner."
    )
    conformance: ConformanceText | None = Field(
        default=None, description="How a case should go: what is missing, extra, out of order or done too often."
    )
    attributes: dict[Name, Text] = Field(
        default={}, description="Case attribute: event attribute that fills it. facility and department have columns."
    )
    latest: NamesOrNone = Field(
        default=(), description="Case attributes that follow the latest event instead of keeping the first value."
    )
    sources: tuple[Text, ...] = Field(default=(), description="Order among events of one time stamp; others come last.")
