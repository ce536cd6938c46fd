"""Whether what is expected can come, and whether anybody could be asked for it."""

from collections.abc import Iterator

from metrics.definitions.calendars import Calendars
from metrics.definitions.checks_sla import duration_findings, milestone_findings, pause_findings
from metrics.definitions.mistakes import Finding, Place
from metrics.definitions.schema import ExpectText, ProcessText


def expect_findings(process: ProcessText, calendars: Calendars) -> Iterator[Finding]:
    """Mistakes in the expectations of a process."""
    clocks = {(sla.from_, sla.to): sla.name for sla in process.slas}
    for index, one in enumerate(process.expects):
        place: Place = ("expects", index)
        named = {"after": one.after, "milestone": one.milestone}
        yield from milestone_findings(place, process, named, one.cancel_on, one.pauses)
        yield from _logic(place, one)
        yield from pause_findings(place, one.pauses)
        yield from duration_findings(place, "within", one.within, one.calendar, calendars)
        if sla := clocks.get((one.after, one.milestone)):
            message = (
                f"the SLA '{sla}' counts from '{one.after}' to '{one.milestone}' already: one of the two is enough"
            )
            yield Finding((*place, "milestone"), message)


def _logic(place: Place, one: ExpectText) -> Iterator[Finding]:
    if one.milestone == one.after:
        yield Finding((*place, "milestone"), f"'{one.milestone}' cannot be expected after itself")
    if one.milestone in one.cancel_on:
        yield Finding((*place, "cancel_on"), f"'{one.milestone}' is what is expected; it cannot cancel it too")
    if one.after in one.cancel_on:
        yield Finding((*place, "cancel_on"), f"'{one.after}' is what it is expected after; it cannot cancel it too")
