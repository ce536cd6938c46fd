"""Who is told next about an alert that nobody acknowledges, and when: compiled from `escalation` of a definition."""

from collections.abc import Iterable
from typing import NamedTuple

from metrics.definitions.calendars import Calendars
from metrics.definitions.schema_escalation import EscalationStepText
from metrics.sla.calendar import Calendar
from metrics.sla.durations import parse_duration


class EscalationStep(NamedTuple):
    """`after`: microseconds of open time of `calendar`, which is that of the default place: alerts have no facility."""

    after: int
    to: str
    calendar: Calendar

    def due(self, fired: int) -> int:
        """When this step is told of an alert that fired at an instant (microseconds UTC)."""
        return self.calendar.add(fired, self.after)


def compile_escalation(texts: Iterable[EscalationStepText], calendars: Calendars) -> tuple[EscalationStep, ...]:
    """The steps as written; expects what `checks_escalation` found right."""
    return tuple(_step(one, calendars.of(one.calendar, "")) for one in texts)


def _step(text: EscalationStepText, calendar: Calendar) -> EscalationStep:
    return EscalationStep(parse_duration(text.after, working_day=calendar.working_day), text.to, calendar)
