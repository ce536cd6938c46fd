"""Named calendars and facilities: what a person writes, and the calendar of a facility that follows from it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from metrics.definitions.mistakes import Finding, Place
from metrics.definitions.schema_words import Name, Text, Written
from metrics.sla.calendar import EVERY_HOUR, Calendar, CalendarSpec, compile_calendar

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def _minutes(value: object) -> object:
    """'08:00-17:00' as (480, 1020); 24:00 ends the day, an end before the beginning lies on the next day."""
    found = _SHIFT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{value!r} is no span of hours: write it like 08:00-17:00")
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    end = end_hour * 60 + end_minute
    if end > 1440 or end == begin_hour * 60 + begin_minute:
        raise ValueError(f"{value!r} is no span of hours: it must end by 24:00, and not when it begins")
    return begin_hour * 60 + begin_minute, end


_SPAN = WithJsonSchema({"type": "string", "pattern": f"^{_SHIFT.pattern}$", "examples": ["08:00-17:00", "19:00-07:00"]})
Shift = Annotated[tuple[int, int], BeforeValidator(_minutes), _SPAN]


class CalendarText(Written):
    """When a clock runs. `zone`, `country` and `subdivision` of its own win over those of the facility."""

    title: str = ""
    always: bool = Field(default=False, description="Never closed.")
    hours: dict[Day, tuple[Shift, ...]] = Field(
        default={}, description="Spans of local time for each day; a day left out is closed."
    )
    holidays: bool = Field(default=False, description="Closed on public holidays of the facility.")
    closed: tuple[date, ...] = Field(default=(), description="Further closed days.")
    open: tuple[date, ...] = Field(default=(), description="Days that are worked although they are holidays.")
    zone: str = ""
    country: str = ""
    subdivision: str = ""

    @model_validator(mode="after")
    def _open_at_all(self) -> Self:
        if self.always and (self.hours or self.holidays or self.closed):
            raise ValueError("a calendar that is open always has no hours, holidays or closed days")
        if not self.always and not any(self.hours.values()):
            raise ValueError("a calendar needs hours, or 'always: true'")
        return self


class FacilityText(Written):
    """Where a facility stands: its zone, the country and subdivision of its holidays, and its own closed days."""

    title: str = ""
    zone: Text
    country: str = ""
    subdivision: str = ""
    closed: tuple[date, ...] = ()


class CalendarsText(Written):
    """The file calendars.yaml."""

    calendars: dict[Name, CalendarText]


class FacilitiesText(Written):
    """The file facilities.yaml."""

    default: FacilityText
    facilities: dict[Text, FacilityText] = Field(default={})


class Calendars:
    """Every calendar for every facility, compiled when first asked for."""

    def __init__(self, calendars: Mapping[str, CalendarText], facilities: FacilitiesText) -> None:
        self.written = calendars
        self.facilities = facilities
        self._compiled: dict[tuple[str, str], Calendar] = {}

    def of(self, name: str, facility: str) -> Calendar:
        """The calendar `name` as it holds at `facility`; an unknown facility takes the default's place.

        KeyError for an unknown calendar, ValueError for a zone or country that does not exist.
        """
        known = facility if facility in self.facilities.facilities else ""
        calendar = self._compiled.get((name, known))
        if calendar is None:
            calendar = self._compiled[name, known] = compile_calendar(self.spec(name, known))
        return calendar

    def spec(self, name: str, facility: str) -> CalendarSpec:
        """What `compile_calendar` is given."""
        text = self.written[name]
        place = self.facilities.facilities.get(facility, self.facilities.default)
        zone = text.zone or place.zone
        if text.always:
            return CalendarSpec(name, zone, EVERY_HOUR)
        country, subdivision = (text.country, text.subdivision) if text.zone else (place.country, place.subdivision)
        return CalendarSpec(
            name=name,
            zone=zone,
            hours={DAYS.index(day): shifts for day, shifts in text.hours.items()},
            country=country if text.holidays else "",
            subdivision=subdivision if text.holidays else "",
            closed=frozenset(text.closed) | (frozenset() if text.zone else frozenset(place.closed)),
            open=frozenset(text.open),
        )

    def findings(self) -> tuple[list[Finding], list[Finding]]:
        """Zones, countries and subdivisions that do not exist: those in calendars.yaml and those in facilities.yaml."""
        in_calendars: list[Finding] = []
        in_facilities: list[Finding] = []
        for place, facility in self._places():
            spec = CalendarSpec("facility", facility.zone, EVERY_HOUR, facility.country, facility.subdivision)
            in_facilities += _tried(place, spec)
        if not in_facilities:
            for name in self.written:
                in_calendars += _tried(("calendars", name), self.spec(name, ""))
        return in_calendars, in_facilities

    def _places(self) -> Iterator[tuple[Place, FacilityText]]:
        yield ("default",), self.facilities.default
        yield from ((("facilities", name), text) for name, text in self.facilities.facilities.items())


def _tried(place: Place, spec: CalendarSpec) -> list[Finding]:
    try:
        compile_calendar(spec)
    except ValueError as error:
        return [Finding(place, str(error))]
    return []
