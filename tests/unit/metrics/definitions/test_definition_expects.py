"""`expects`: what an author is told, and what becomes of what was written."""

from pathlib import Path

import pytest

from metrics.words import DAY, HOUR
from tests.unit.metrics.definitions.written import SMALL, mistakes, small, spoilt, write

EXPECTING = SMALL + (
    "expects:\n"
    "  - {name: order, after: agreed, milestone: ordered, within: 4h, cancel_on: refused, told_by: /s4, owner: buyer}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("after: agreed", "after: agred", "expects[0].after: unknown milestone 'agred'; did you mean 'agreed'?"),
        ("milestone: ordered", "milestone: agreed", "expects[0].milestone: 'agreed' cannot be expected after itself"),
        ("cancel_on: refused, told", "cancel_on: ordered, told", "it cannot cancel it too"),
        ("cancel_on: refused, told", "cancel_on: agreed, told", "it cannot cancel it too"),
        ("within: 4h", "within: soon", "expects[0].within: "),
        ("within: 4h", "within: 0h", "expects[0].within: must be longer than nothing"),
        ("within: 4h", "within: 4h, calendar: busines", "expects[0].calendar: unknown calendar 'busines'"),
        ("told_by: /s4, ", "", "expects[0]: 'told_by' is missing"),
        (
            "after: agreed, milestone: ordered",
            "after: asked, milestone: agreed",
            "the SLA 'decision' counts from 'asked' to 'agreed' already: one of the two is enough",
        ),
        (
            "within: 4h",
            "within: 4h, pauses: [{from: asked, to: asked, reason: x}]",
            "the pause cannot end: 'asked' is also the milestone that begins it",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    (mistake,) = mistakes(write(tmp_path, spoilt(old, new, EXPECTING)))
    assert said in mistake


def test_two_expectations_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    line = EXPECTING.splitlines()[-1]
    (mistake,) = mistakes(write(tmp_path, f"{EXPECTING}{line}\n"))
    assert "two expectations are called 'order'" in mistake


def test_an_expectation_is_compiled_with_its_milestones_by_number(tmp_path: Path) -> None:
    definition = small(tmp_path, EXPECTING).definitions[0]
    (rule,) = definition.expects
    names = definition.milestones
    assert (names[rule.start], names[rule.stop]) == ("agreed", "ordered")
    assert [names[number] for number in rule.cancel] == ["refused"]
    assert (rule.title, rule.told_by, rule.owner) == ("ordered", "/s4", "buyer")
    assert (rule.rule_for("").target, rule.start_last) == (4 * HOUR, False)


def test_working_days_are_those_of_its_calendar_and_the_hash_covers_it(tmp_path: Path) -> None:
    text = spoilt("within: 4h", "within: 2wd, calendar: business_hours", EXPECTING)
    (changed,) = small(tmp_path, text).definitions
    assert changed.expects[0].rule_for("").target < DAY
    (first,) = small(tmp_path, EXPECTING).definitions
    assert first.hash != changed.hash
