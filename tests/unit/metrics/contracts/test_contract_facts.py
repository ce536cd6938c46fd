"""The facts of the contracts agree with the vocabulary."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from metrics.contracts.kinds import KINDS
from metrics.contracts.model import CONTRACTS_FILE, load_contracts

CONTRACTS = load_contracts()


def test_every_attribute_that_a_process_may_ask_about_is_described() -> None:
    asked = {name for event in CONTRACTS.vocabulary.events.values() for name in event.attributes}
    assert asked - CONTRACTS.attributes.keys() == set()


def test_every_object_type_belongs_to_a_domain() -> None:
    assert CONTRACTS.vocabulary.objects.keys() == CONTRACTS.domain_of_object.keys()


def test_every_type_of_the_vocabulary_has_a_contract_with_an_owner_and_a_major_version() -> None:
    assert CONTRACTS.events.keys() == CONTRACTS.vocabulary.events.keys()
    for contract in CONTRACTS.events.values():
        assert contract.domain in CONTRACTS.domain_titles
        assert contract.major >= 1


def test_what_a_type_requires_is_among_what_the_vocabulary_says_it_names() -> None:
    for contract in CONTRACTS.events.values():
        assert set(contract.required_objects) <= set(contract.event.others), contract.name
        assert set(contract.required_attributes) <= set(contract.event.attributes), contract.name


def test_an_unknown_type_belongs_to_the_owner_of_the_object_in_its_name() -> None:
    assert CONTRACTS.owner("purchase_order.shredded.v1") == "financial"
    assert CONTRACTS.owner("com.example.happened") == "integration"


def test_the_allow_list_of_a_type_holds_its_own_attributes_and_those_of_provenance() -> None:
    assert {"facility", "delivery", "native_status"} <= CONTRACTS.allowed["goods_receipt.posted.v1"]
    assert "patient_name" not in CONTRACTS.allowed["goods_receipt.posted.v1"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"requires": {"goods_receipt.eaten.v1": {}}}, "event types used but not defined: goods_receipt.eaten.v1"),
        ({"requires": {"goods_receipt.posted.v1": {"objects": ["truck"]}}}, "object types used but not defined: truck"),
        (
            {"requires": {"access.granted.v1": {"attributes": ["wings"]}}},
            "access.granted.v1 used but not defined: wings",
        ),
        ({"deprecated": ["worker.flown.v1"]}, "worker.flown.v1"),
        ({"attributes": {"rows": {"kind": "many", "meaning": "x"}}}, r"kinds \(rows\) used but not defined: many"),
        (
            {"attributes": {"rows": {"kind": "whole", "meaning": "x", "sensitivity": "secret"}}},
            r"sensitivities \(rows\) used but not defined: secret",
        ),
    ],
)
def test_a_word_that_nobody_defines_is_refused(tmp_path: Path, change: dict[str, object], told: str) -> None:
    text = {**yaml.safe_load(CONTRACTS_FILE.read_text(encoding="utf-8")), **change}
    file = tmp_path / "contracts.yaml"
    file.write_text(yaml.safe_dump(text), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        load_contracts(file)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["", "7"], [7, None, True, ["a"]]),
        ("label", ["A-1", 7, 7.0], [7.5, True, None]),
        ("whole", ["12", "-3", 12, 12.0], ["12.0", "", "twelve", 1.5, True, "12\n"]),
        ("decimal", ["12.50", "-3", 12, 1.5], ["1,5", "", ".5", True, "1.\n"]),
        ("flag", [True, "false"], [1, 0, "yes", None]),
        ("date", ["2026-01-31"], ["2026-13-01", "31.01.2026", 20260131, "2026-01-31\n"]),
        ("any", ["", None, [1]], []),
    ],
)
def test_a_kind_takes_what_it_says(kind: str, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not KINDS[kind].test(value)] == []
    assert [value for value in bad if KINDS[kind].test(value)] == []


SAMPLES: list[object] = [
    "", "north", "7", "-7", "7.5", "1.", "true", "no", "2026-01-31", "2026-13-01", "partial", "done", "pending",
    7, -7, 7.0, 7.5, True, False, None, {}, {"a": "b"}, [],
    ["north"], ["north", 7], [7], [["north"]], [None], ["2026-01-31"],
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(CONTRACTS.attributes))
def test_an_attributes_schema_and_its_test_say_the_same(name: str) -> None:
    attribute = CONTRACTS.attributes[name]
    schema = Draft202012Validator(attribute.schema)
    assert [value for value in SAMPLES if schema.is_valid(value) != attribute.test(value)] == []
