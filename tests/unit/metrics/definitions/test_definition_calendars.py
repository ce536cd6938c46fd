"""Calendars and facilities as they are written."""

from datetime import date
from pathlib import Path

from metrics.definitions.calendars import Calendars, CalendarText, FacilitiesText
from metrics.definitions.yaml_text import parse
from metrics.words import DAY, HOUR
from tests.unit.metrics.definitions.written import mistakes, write

PLACES = """\
default: {zone: UTC}
facilities:
  bern: {zone: Europe/Zurich, country: CH, subdivision: BE, closed: [2026-11-23]}
"""


def calendars(**written: str) -> Calendars:
    texts = {name: CalendarText.model_validate(parse(text).data) for name, text in written.items()}
    return Calendars(texts, FacilitiesText.model_validate(parse(PLACES).data))


def beside(folder: Path, name: str, text: str) -> list[str]:
    write(folder)
    write(folder, text, name)
    return mistakes(folder)


def test_a_facility_adds_its_holidays_and_closed_days() -> None:
    spec = calendars(desk="{hours: {mon: ['08:00-12:00', '13:00-17:00']}, holidays: true}").spec("desk", "bern")
    assert dict(spec.hours) == {0: ((480, 720), (780, 1020))}
    assert (spec.zone, spec.country, spec.subdivision) == ("Europe/Zurich", "CH", "BE")
    assert spec.closed == {date(2026, 11, 23)}


def test_a_calendar_that_works_on_holidays_has_none() -> None:
    spec = calendars(desk="{hours: {mon: ['08:00-12:00']}}").spec("desk", "bern")
    assert (spec.country, spec.subdivision) == ("", "")


def test_a_calendar_of_its_own_zone_ignores_the_facility() -> None:
    spec = calendars(hub="{hours: {mon: ['08:00-12:00']}, holidays: true, zone: Asia/Tokyo, country: JP}").spec(
        "hub", "bern"
    )
    assert (spec.zone, spec.country, spec.subdivision, spec.closed) == ("Asia/Tokyo", "JP", "", frozenset())


def test_a_night_shift_ends_on_the_next_day() -> None:
    found = calendars(night="{hours: {mon: ['22:00-06:00']}}").of("night", "")
    assert found.working_day == 8 * HOUR


def test_around_the_clock_keeps_the_zone_of_the_facility() -> None:
    found = calendars(ward="{always: true}").of("ward", "bern")
    assert (found.zone.key, found.working_day) == ("Europe/Zurich", DAY)


def test_a_span_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    text = "calendars:\n  business_hours:\n    hours: {mon: [8-17], tue: ['09:00-09:00']}\n"
    assert beside(tmp_path, "calendars.yaml", text) == [
        "calendars.yaml:3: calendars.business_hours.hours.mon[0]: '8-17' is no span of hours: "
        "write it like 08:00-17:00",
        "calendars.yaml:3: calendars.business_hours.hours.tue[0]: '09:00-09:00' is no span of hours: "
        "it must end by 24:00, and not when it begins",
    ]


def test_a_calendar_that_never_opens_is_explained(tmp_path: Path) -> None:
    assert beside(tmp_path, "calendars.yaml", "calendars:\n  business_hours: {title: Never}\n") == [
        "calendars.yaml:2: calendars.business_hours: a calendar needs hours, or 'always: true'"
    ]


def test_an_unknown_zone_is_explained(tmp_path: Path) -> None:
    told = beside(tmp_path, "facilities.yaml", "default: {zone: Europe/Zurch}\n")
    assert len(told) == 1
    assert told[0].startswith("facilities.yaml:1: default: unknown time zone 'Europe/Zurch'")
    assert "Europe/Zurich" in told[0]


def test_an_unknown_subdivision_is_explained(tmp_path: Path) -> None:
    text = "default: {zone: UTC}\nfacilities:\n  north: {zone: America/New_York, country: US, subdivision: XX}\n"
    (told,) = beside(tmp_path, "facilities.yaml", text)
    assert told.startswith("facilities.yaml:3: facilities.north: ")
    assert "US has no subdivision 'XX'" in told


def test_a_directory_with_calendars_of_its_own_uses_only_these(tmp_path: Path) -> None:
    told = beside(tmp_path, "calendars.yaml", "calendars:\n  ward: {always: true}\n")
    assert told == ["small.yaml:30: slas[0].calendar: unknown calendar 'business_hours'; known: ward"]
