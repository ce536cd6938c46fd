"""The rules: every attribute is decided on, mistakes are told with file, line and the nearest word."""

from pathlib import Path

import pytest

from metrics.contracts.model import load_contracts
from metrics.definitions.mistakes import DefinitionsError
from metrics.privacy.policy import load_policy
from tests.unit.metrics.privacy.ring import POLICY


def written(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(f"version: 1\n{text}")
    return path


def test_every_attribute_of_a_contract_is_decided_on() -> None:
    contracts = load_contracts()
    declared = set(contracts.attributes) | {one.name for event in contracts.events.values() for one in event.attributes}
    assert declared <= set(POLICY.everywhere)


def test_what_tells_of_a_person_passes_only_where_it_is_listed() -> None:
    contracts = load_contracts()
    telling = {name for name, one in contracts.attributes.items() if one.sensitivity in ("person", "free_text")}
    listed = {name for name in telling if POLICY.everywhere[name] != "drop"}
    compared = {"national_id", "email", "supplier_name"}
    assert listed == {
        "worker_class",
        "worker_type",
        "job",
        "hr_service",
        "reason",
        "manager",
        "approver",
        "last_day",
        *compared,
    }
    assert {POLICY.everywhere[name] for name in compared} == {"value", "text", "name"}
    assert POLICY.everywhere["reason"] == "code"
    assert POLICY.everywhere["hours"] == "drop"
    assert POLICY.of("timesheet.submitted.v1")["hours"] == "kind"


def test_attributes_of_a_kind_pass_as_their_kind() -> None:
    assert POLICY.everywhere["bill_rate"] == "kind"
    assert POLICY.everywhere["delivery"] == "kind"


def test_a_file_of_ones_own_comes_before_the_shipped_one_word_by_word(tmp_path: Path) -> None:
    own = written(tmp_path, "attributes: {reason: drop}\nobjects: {ticket: token}\nown: {ward: words}\n"
                            "events: {timesheet.submitted.v1: {hours: drop}}\n")  # fmt: skip
    policy = load_policy(own)
    assert policy.everywhere["reason"] == "drop"
    assert policy.everywhere["ward"] == "words"
    assert policy.everywhere["facility"] == POLICY.everywhere["facility"]
    assert policy.objects["ticket"] == "token"
    assert policy.of("timesheet.submitted.v1")["hours"] == "drop"
    assert policy.of("timesheet.submitted.v1")["regular_hours"] == "kind"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("attributes: {facilty: words}", "own.yaml:2: attributes.facilty: unknown attribute 'facilty'; did you mean"),
        ("objects: {wrker: token}", "own.yaml:2: objects.wrker: unknown object type 'wrker'; did you mean 'worker'?"),
        ("events: {worker.hird.v1: {job: drop}}", "unknown event type 'worker.hird.v1'; did you mean 'worker.hired"),
        ("events: {worker.hired.v1: {jb: drop}}", "unknown attribute 'jb'; did you mean 'job'?"),
        ("sensitivities: {persons: drop}", "unknown sensitivity 'persons'; did you mean 'person'?"),
        ("attribute: {}", "own.yaml:2: attribute: unknown word 'attribute'; did you mean 'attributes'?"),
        ("attributes: {reason: pass}", "attributes.reason: 'pass' must be"),
        ("attributes: [", "own.yaml"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_the_nearest_word(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DefinitionsError) as caught:
        load_policy(written(tmp_path, text))
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionsError, match="can't be read"):
        load_policy(tmp_path / "none.yaml")
