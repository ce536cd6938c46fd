"""The guide for authors shows what really works."""

import re
from pathlib import Path

from metrics.definitions.calendars import CalendarsText, FacilitiesText
from metrics.definitions.schema import ExpectText, ProcessText, SlaText
from metrics.definitions.schema_guards import (
    ConditionText,
    FollowsText,
    GuardText,
    LimitText,
    OwnLimitText,
    StatusText,
    ToldLimitText,
)
from metrics.definitions.yaml_text import parse
from tests.unit.metrics.definitions.written import mistakes, write

GUARD_MODELS = (GuardText, StatusText, ConditionText, LimitText, OwnLimitText, ToldLimitText, FollowsText)
GUIDE = (Path(__file__).parents[4] / "docs" / "definitions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def block(beginning: str) -> str:
    """The block of the guide that begins so."""
    (found,) = (text for text in BLOCKS if text.startswith(beginning))
    return found


def test_the_process_of_the_guide_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, block("process: purchase"))) == []


def test_the_guards_of_the_guide_have_no_mistakes(tmp_path: Path) -> None:
    process = block("process: purchase")
    assert "\nattributes:" in process
    assert mistakes(write(tmp_path, process.replace("\nattributes:", f"\n{block('guards:')}attributes:"))) == []


def test_the_calendars_and_facilities_of_the_guide_are_right() -> None:
    CalendarsText.model_validate(parse(block("calendars:")).data)
    FacilitiesText.model_validate(parse(block("default:")).data)


def test_the_guide_explains_every_word() -> None:
    for model in (ProcessText, SlaText, ExpectText, *GUARD_MODELS):
        for name, field in model.model_fields.items():
            word = field.alias or name
            assert re.search(rf"\b{word}\b", GUIDE), word
