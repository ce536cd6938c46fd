"""Whether each step of an escalation tells somebody new, later than the one before it."""

from collections.abc import Iterator, Sequence

from metrics.definitions.calendars import Calendars
from metrics.definitions.checks_sla import duration_findings
from metrics.definitions.mistakes import Finding, Place
from metrics.definitions.schema import ProcessText
from metrics.definitions.schema_escalation import EscalationStepText
from metrics.sla.durations import parse_duration


def escalation_findings(process: ProcessText, calendars: Calendars) -> Iterator[Finding]:
    """Mistakes in the escalation of a process and of its SLAs."""
    yield from _findings((), process.owner, process.escalation, calendars)
    for index, sla in enumerate(process.slas):
        yield from _findings(("slas", index), sla.owner, sla.escalation, calendars)


def _findings(place: Place, owner: str, steps: Sequence[EscalationStepText], calendars: Calendars) -> Iterator[Finding]:
    told = {owner}
    before: tuple[str, int] | None = None
    for index, step in enumerate(steps):
        inside: Place = (*place, "escalation", index)
        wrong = list(duration_findings(inside, "after", step.after, step.calendar, calendars))
        yield from wrong
        if step.to in told:
            word = "owns it" if step.to == owner else "is told by an earlier step"
            yield Finding((*inside, "to"), f"'{step.to}' {word} already: an escalation goes to somebody else")
        told.add(step.to)
        if wrong:
            continue
        after = parse_duration(step.after, working_day=calendars.of(step.calendar, "").working_day)
        # Steps on different calendars have no order that holds on every day.
        if before is not None and before[0] == step.calendar and after <= before[1]:
            yield Finding((*inside, "after"), "must be longer than the step before it")
        before = step.calendar, after
