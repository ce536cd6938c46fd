"""The shipped catalogue, and a catalogue's look-ups."""

from pathlib import Path

import pytest

from metrics.definitions.load import SHIPPED, load, load_process
from tests.unit.metrics.definitions.written import SMALL, VOCABULARY, mistakes, spoilt, write

PROCESSES = ("employee_onboarding", "requisition_to_pay", "supplier_onboarding")


def test_the_shipped_catalogue_has_no_mistakes() -> None:
    assert mistakes(SHIPPED) == []


def test_the_shipped_processes_are_these() -> None:
    assert tuple(definition.process for definition in load().definitions) == PROCESSES


def test_every_file_of_the_catalogue_names_its_process() -> None:
    assert [one.file for one in load().loaded] == [f"{name}.yaml" for name in PROCESSES]


@pytest.mark.parametrize("process", PROCESSES)
def test_every_shipped_target_says_where_it_comes_from(process: str) -> None:
    for rule in load().by_name(process).slas:
        said = rule.source.lower()
        assert any(word in said for word in ("house starter value", "cfr", "sam.gov")), rule.name


@pytest.mark.parametrize("process", PROCESSES)
def test_every_shipped_process_knows_its_facility_and_has_a_whole_clock(process: str) -> None:
    definition = load().by_name(process)
    assert "facility" in definition.attributes
    assert definition.slas[-1].name == "whole"


@pytest.mark.parametrize("process", PROCESSES)
def test_every_milestone_and_state_of_the_catalogue_has_a_title(process: str) -> None:
    definition = load().by_name(process)
    assert not set(definition.titles) & set(definition.milestones)
    assert not set(definition.state_titles.values()) & set(definition.states)


def test_orders_of_a_supplier_are_no_steps_of_its_onboarding() -> None:
    assert "purchase_order.issued.v1" in load().by_name("supplier_onboarding").ignores


def test_definitions_are_found_by_case_object() -> None:
    assert [definition.process for definition in load().for_type("worker")] == ["employee_onboarding"]
    assert load().for_type("goods_receipt") == ()


def test_link_rules_of_all_processes_are_merged() -> None:
    links = load().links
    assert len(links) == len(set(links)) == sum(len(definition.links) for definition in load().definitions)


def test_the_highest_version_is_in_force_and_older_ones_stay_at_hand(tmp_path: Path) -> None:
    write(tmp_path, SMALL, "small.yaml")
    write(tmp_path, spoilt("version: 3", "version: 10"), "a_newer_small.yaml")
    catalogue = load(tmp_path, VOCABULARY)
    assert catalogue.by_name("small").version == 10
    assert catalogue.by_name("small", 3).version == 3
    assert catalogue.versions("small") == (3, 10)
    assert [definition.version for definition in catalogue.definitions] == [10]


def test_an_unknown_process_is_answered_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'requisition_to_pay'"):
        load().by_name("requisition_to_pai")


def test_an_unknown_version_is_answered_with_those_at_hand() -> None:
    with pytest.raises(KeyError, match=r"no version 7; known: \[1\]"):
        load().by_name("requisition_to_pay", 7)


def test_the_text_of_a_definition_stays_at_hand() -> None:
    found = load().find("requisition_to_pay")
    assert found.text == (SHIPPED / found.file).read_text(encoding="utf-8")


def test_a_process_is_named_or_given_as_a_file(tmp_path: Path) -> None:
    assert load_process("requisition_to_pay").definition.process == "requisition_to_pay"
    assert load_process(str(write(tmp_path))).definition.process == "small"
    with pytest.raises(KeyError, match="unknown process 'smal'"):
        load_process("smal", tmp_path)
