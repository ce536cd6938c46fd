"""How a case should go: the rules as compiled, and the mistakes one can make in them."""

from pathlib import Path

import pytest

from metrics.definitions.load import load
from tests.unit.metrics.definitions.written import mistakes, small, spoilt, write


def conformance(words: str) -> str:
    return spoilt("slas:\n", f"conformance:\n{words}\nslas:\n")


def test_rules_have_names_that_people_can_read(tmp_path: Path) -> None:
    text = conformance(
        """  order:
    - {step: ordered, after: [asked, agreed]}
    - {step: agreed, after: asked, since: refused}
  never:
    - {step: closed, after: refused}
    - {step: urgent}
  repeats:
    - {step: ordered, at_most: 3, each: purchase_order}
  after_end: closed"""
    )
    compiled = small(tmp_path, text).by_name("small").conformance
    assert [rule.name for rule in compiled.rules] == [
        "ordered after asked",
        "ordered after agreed",
        "agreed after asked since refused",
        "never closed after refused",
        "never urgent",
        "ordered at most 3 each purchase_order",
    ]
    assert compiled.rule_count == 7


def test_without_the_word_no_case_is_judged(tmp_path: Path) -> None:
    assert small(tmp_path).by_name("small").conformance.rule_count == 0


@pytest.mark.parametrize(
    ("words", "place", "message"),
    [
        ("  order: [{step: orderd, after: asked}]", "order[0].step", "did you mean 'ordered'?"),
        ("  order: [{step: ordered, after: [asked, agred]}]", "order[0].after", "did you mean 'agreed'?"),
        ("  order: [{step: ordered, after: ordered}]", "order[0].after", "cannot be held against itself"),
        ("  order: [{step: ordered, after: asked, since: asked}]", "order[0].since", "leave 'since' out"),
        ("  order: [{step: closed, after: asked, each: purchase_ordr}]", "order[0].each", "'purchase_order'?"),
        ("  order: [{step: agreed, after: asked, each: invoice}]", "order[0].step", "cannot be judged by it"),
        ("  never: [{step: asked}, {step: asked}]", "never[1]", "stands twice"),
        ("  repeats: [{step: asked, at_most: 0}]", "repeats[0].at_most", "greater than or equal to 1"),
        ("  after_end: [asked]", "after_end", "reopens the case"),
        ("  after_end: [closd]", "after_end", "did you mean 'closed'?"),
        ("  ordr: []", "ordr", "did you mean 'order'?"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_word(
    tmp_path: Path, words: str, place: str, message: str
) -> None:
    found = mistakes(write(tmp_path, conformance(words)))
    assert any(f"conformance.{place}: " in one and message in one for one in found), found


def test_every_process_of_the_catalogue_says_how_its_cases_should_go() -> None:
    for definition in load().definitions:
        kinds = {rule.kind for rule in definition.conformance.rules}
        assert "order" in kinds, definition.process
        assert definition.conformance.rule_count >= 3, definition.process
