"""What opens a case: the words that say so, and the mistakes one can make with them."""

from pathlib import Path
from typing import Any

import pytest

from metrics.definitions.load import load
from metrics.definitions.model import Definition
from metrics.words import Event, ObjectRef
from tests.unit.metrics.definitions.written import SMALL, mistakes, small, spoilt, write


def begins(words: str) -> str:
    return spoilt("milestones:\n", f"begins: {words}\nmilestones:\n")


def definition(folder: Path, text: str) -> Definition:
    return small(folder, text).by_name("small")


def event(activity: str, **attributes: Any) -> Event:
    return Event(
        id="e", type=activity, activity=activity, time=0, source="/s", origin="o", position=0,
        objects=(ObjectRef("requisition", "R-1"),), attributes=attributes,
    )  # fmt: skip


def test_without_the_word_any_event_opens_a_case(tmp_path: Path) -> None:
    compiled = definition(tmp_path, SMALL)
    assert compiled.begins == {}
    assert compiled.begun_by(event("requisition.changed.v1"))


def test_a_milestone_stands_for_each_of_its_events(tmp_path: Path) -> None:
    compiled = definition(tmp_path, begins("[asked, ordered]"))
    assert all(
        map(compiled.begun_by, map(event, ("requisition.created.v1", "purchase_order.created.v1", "Create order")))
    )
    assert not compiled.begun_by(event("requisition.approved.v1"))


def test_a_milestone_s_condition_holds_for_the_beginning_too(tmp_path: Path) -> None:
    compiled = definition(tmp_path, begins("urgent"))
    assert compiled.begun_by(event("purchase_order.created.v1", priority=1))
    assert not compiled.begun_by(event("purchase_order.created.v1", priority="low"))


def test_one_of_two_conditions_is_enough(tmp_path: Path) -> None:
    compiled = definition(tmp_path, begins("[urgent, purchase_order.created.v1]"))
    assert compiled.begun_by(event("purchase_order.created.v1", priority="low"))


def test_an_event_that_is_no_step_may_open_a_case_and_then_belongs_to_it(tmp_path: Path) -> None:
    assert "commitment.posted.v1" in definition(tmp_path, SMALL).ignores
    compiled = definition(tmp_path, begins("commitment.posted.v1"))
    assert compiled.begun_by(event("commitment.posted.v1"))
    assert "commitment.posted.v1" not in compiled.ignores


def test_the_beginning_is_part_of_the_hash(tmp_path: Path) -> None:
    assert definition(tmp_path, begins("asked")).hash != definition(tmp_path, SMALL).hash


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("askd", "unknown milestone or event type 'askd'; did you mean 'asked'?"),
        ("requisition.creatd.v1", "unknown event type 'requisition.creatd.v1'; did you mean 'requisition.created.v1'?"),
        ("[asked, asked]", "'asked' is written twice"),
        ("log.step.v1", "'log.step.v1' is technical: write the log's own activity name instead"),
        (
            "closed",
            "no case can begin with 'purchase_order.closed.v1': it names purchase_order, not 'requisition'",
        ),
        (
            "invoice.paid.v1",
            "no case can begin with 'invoice.paid.v1': it names invoice, payment, not 'requisition'",
        ),
        ("[1]", "must be text, not the number 1"),
    ],
)
def test_a_beginning_that_cannot_be_is_explained(tmp_path: Path, words: str, told: str) -> None:
    found = mistakes(write(tmp_path, begins(words)))
    assert len(found) == 1, found
    assert found[0].startswith("small.yaml:8: begins")
    assert found[0].endswith(f": {told}")


def test_a_misspelt_case_object_is_told_once(tmp_path: Path) -> None:
    text = spoilt("case: {object: requisition}", "case: {object: requisiton}", begins("asked"))
    assert not any(": begins" in one for one in mistakes(write(tmp_path, text)))


@pytest.mark.parametrize(
    ("process", "opening", "waiting"),
    [
        (
            "employee_onboarding",
            {"worker.hired.v1", "worker.rehired.v1"},
            {"worker.transferred.v1", "user_account.created.v1"},
        ),
        ("supplier_onboarding", {"supplier.requested.v1", "supplier.document_requested.v1"}, {"supplier.blocked.v1"}),
    ],
)
def test_somebody_who_is_long_on_board_is_no_onboarding(process: str, opening: set[str], waiting: set[str]) -> None:
    compiled = load().by_name(process)
    assert set(compiled.begins) == opening
    assert not opening & compiled.ignores
    assert not any(compiled.begun_by(event(one)) for one in waiting)


def test_whatever_names_a_requisition_opens_its_case_since_a_feed_may_start_in_the_middle() -> None:
    assert load().by_name("requisition_to_pay").begins == {}
