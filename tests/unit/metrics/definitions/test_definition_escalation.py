"""`escalation`: what an author is told, and what becomes of what was written."""

import json
from pathlib import Path

import pytest

from metrics.definitions.compile import hashed_content
from metrics.definitions.load import load
from metrics.words import DAY, HOUR
from tests.unit.metrics.definitions.written import SMALL, mistakes, small, spoilt, write

STEPS = """\
escalation:
  - {after: 4h, calendar: business_hours, to: procurement_lead}
  - {after: 2wd, calendar: business_hours, to: chief}
"""
OWN = "    escalation: [{after: 3d, to: finance_chief}]\n"
ESCALATING = SMALL + STEPS
SLA_OWN = spoilt("    source: house value\n", f"    source: house value\n{OWN}", ESCALATING)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("after: 2wd", "after: soon", "escalation[1].after: "),
        ("after: 2wd", "after: 0h", "escalation[1].after: must be longer than nothing"),
        ("after: 2wd", "after: 4h", "escalation[1].after: must be longer than the step before it"),
        ("after: 2wd", "after: 2d", "escalation[1].after: on 'business_hours' a day of 24 open hours"),
        ("2wd, calendar: business_hours", "2wd, calendar: busines_hours", "did you mean 'business_hours'?"),
        ("to: chief}", "to: procurement}", "escalation[1].to: 'procurement' owns it already"),
        ("to: chief}", "to: procurement_lead}", "escalation[1].to: 'procurement_lead' is told by an earlier step"),
        (", to: chief}", "}", "escalation[1]: 'to' is missing"),
        ("to: chief}", "whom: chief, to: chief}", "escalation[1].whom: unknown word 'whom'"),
        ("to: finance_chief", "to: procurement", "slas[0].escalation[0].to: 'procurement' owns it already"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    (mistake,) = mistakes(write(tmp_path, spoilt(old, new, SLA_OWN)))
    assert said in mistake


def test_steps_on_different_calendars_have_no_order_of_their_own(tmp_path: Path) -> None:
    text = spoilt("{after: 2wd, calendar: business_hours, to: chief}", "{after: 3h, to: chief}", ESCALATING)
    assert mistakes(write(tmp_path, text)) == []


def test_an_sla_has_its_own_steps_or_those_of_the_process(tmp_path: Path) -> None:
    (process,) = small(tmp_path, ESCALATING).definitions
    assert [(one.to, one.after) for one in process.escalation] == [("procurement_lead", 4 * HOUR), ("chief", 18 * HOUR)]
    assert process.slas[0].escalation == process.escalation
    (other,) = small(tmp_path, SLA_OWN).definitions
    assert [(one.to, one.after, one.calendar.name) for one in other.slas[0].escalation] == [
        ("finance_chief", 3 * DAY, "always")
    ]


def test_working_time_is_counted_where_the_calendar_is_open(tmp_path: Path) -> None:
    friday_noon = 1_767_373_200_000_000  # 2026-01-02 12:00 in New York, a Friday
    first, second = small(tmp_path, ESCALATING).definitions[0].escalation
    assert first.due(friday_noon) == friday_noon + 4 * HOUR
    assert second.due(friday_noon) == friday_noon + 4 * DAY, "five hours on Friday, nine on Monday, four on Tuesday"


def test_the_hash_covers_it_and_stays_as_it_was_without(tmp_path: Path) -> None:
    (plain,) = small(tmp_path, SMALL).loaded
    calendars = load().calendars
    assert calendars
    assert "escalation" not in json.dumps(hashed_content(plain.process, calendars))
    assert small(tmp_path, SMALL + "escalation: []\n").definitions[0].hash == plain.definition.hash
    assert small(tmp_path, ESCALATING).definitions[0].hash != plain.definition.hash
    assert small(tmp_path, SLA_OWN).definitions[0].hash != small(tmp_path, ESCALATING).definitions[0].hash


def test_every_process_that_is_shipped_says_who_is_told_next() -> None:
    definitions = load().definitions
    assert len(definitions) == 9
    for one in definitions:
        assert one.escalation, one.process
        assert all(sla.escalation for sla in one.slas), one.process
