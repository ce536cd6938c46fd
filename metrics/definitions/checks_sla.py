"""Whether each clock can start, stop and be read."""

import re
from collections.abc import Iterator, Mapping, Sequence

from metrics.definitions.calendars import Calendars
from metrics.definitions.mistakes import Finding, Place, unknown
from metrics.definitions.schema import PauseText, ProcessText, SlaText
from metrics.sla.durations import parse_duration
from metrics.words import DAY

_CALENDAR_DAYS = re.compile(r"\d\s*(d|days?|w|weeks?)\b", re.IGNORECASE)


def sla_findings(process: ProcessText, calendars: Calendars) -> Iterator[Finding]:
    """Mistakes in the SLAs of a process."""
    for index, sla in enumerate(process.slas):
        place: Place = ("slas", index)
        named = {"from": sla.from_, "to": sla.to}
        yield from milestone_findings(place, process, named, sla.cancel_on, sla.pauses)
        yield from _logic(place, sla)
        yield from pause_findings(place, sla.pauses)
        yield from duration_findings(place, "target", sla.target, sla.calendar, calendars)


def milestone_findings(
    place: Place, process: ProcessText, named: Mapping[str, str], cancel_on: Sequence[str], pauses: Sequence[PauseText]
) -> Iterator[Finding]:
    """Milestones that the process does not have, of those that a clock names; `named`: by the word they stand at."""
    uses: list[tuple[Place, str]] = [((*place, word), name) for word, name in named.items()]
    uses += [((*place, "cancel_on"), name) for name in cancel_on]
    for number, pause in enumerate(pauses):
        inside: Place = (*place, "pauses", number)
        uses += [((*inside, "from"), pause.from_), ((*inside, "to"), pause.to)]
    for where, name in uses:
        if name not in process.milestones:
            yield Finding(where, unknown("milestone", name, process.milestones))


def _logic(place: Place, sla: SlaText) -> Iterator[Finding]:
    if sla.to == sla.from_:
        yield Finding((*place, "to"), f"the clock cannot stop: '{sla.to}' is also the milestone that starts it")
    if sla.to in sla.cancel_on:
        yield Finding((*place, "cancel_on"), f"'{sla.to}' stops the clock; it cannot cancel it too")
    if sla.from_ in sla.cancel_on:
        yield Finding((*place, "cancel_on"), f"'{sla.from_}' starts the clock; it cannot cancel it too")


def pause_findings(place: Place, pauses: Sequence[PauseText]) -> Iterator[Finding]:
    """Pauses that cannot end."""
    for number, pause in enumerate(pauses):
        if pause.from_ == pause.to:
            inside: Place = (*place, "pauses", number, "to")
            yield Finding(inside, f"the pause cannot end: '{pause.to}' is also the milestone that begins it")


def duration_findings(place: Place, word: str, text: str, calendar: str, calendars: Calendars) -> Iterator[Finding]:
    """Mistakes in the duration that stands as `word` at a place, and in the calendar it is measured on."""
    inside: Place = (*place, word)
    if calendar not in calendars.written:
        yield Finding((*place, "calendar"), unknown("calendar", calendar, calendars.written))
        return
    working_day = calendars.of(calendar, "").working_day
    try:
        target = parse_duration(text, working_day=working_day)
    except ValueError as error:
        yield Finding(inside, str(error))
        return
    if target <= 0:
        yield Finding(inside, "must be longer than nothing")
    if working_day != DAY and _CALENDAR_DAYS.search(text):
        message = f"on '{calendar}' a day of 24 open hours is {DAY / working_day:.1f} working days: write wd or h"
        yield Finding(inside, message)
