"""The shipped catalogue, and a catalogue's look-ups."""

from pathlib import Path
from shutil import copyfile, copytree

import pytest
import typer
from typer.testing import CliRunner

from metrics.definitions.beside import READERS, checked
from metrics.definitions.command import validate
from metrics.definitions.load import DOMAINS_FILE, OF_OTHERS, SHIPPED, load, load_process
from metrics.words import Event, ObjectRef
from tests.unit.metrics.definitions.written import SMALL, VOCABULARY, mistakes, spoilt, write

PROCESSES = (
    "batch_reconciliation", "contingent_labour", "employee_change", "employee_offboarding", "employee_onboarding",
    "invoice_exception", "master_data_propagation", "requisition_to_pay", "supplier_onboarding",
)  # fmt: skip
BY_CASE_OBJECT = {
    "batch": ["batch_reconciliation"],
    "data_change": ["master_data_propagation"],
    "invoice": ["invoice_exception"],
    "staffing_request": ["contingent_labour"],
    "worker": ["employee_change", "employee_offboarding", "employee_onboarding"],
}


def test_the_shipped_catalogue_has_no_mistakes() -> None:
    assert mistakes(SHIPPED) == []


def test_every_file_that_goes_with_definitions_may_lie_beside_them(tmp_path: Path) -> None:
    copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    for name in (DOMAINS_FILE, *OF_OTHERS):
        (file,) = SHIPPED.parents[1].glob(f"*/{name}")
        copyfile(file, tmp_path / name)
    assert [one.hash for one in load(tmp_path).definitions] == [one.hash for one in load().definitions]
    assert checked(tmp_path) == ()


@pytest.mark.parametrize("name", READERS)
def test_a_file_beside_definitions_that_is_no_text_is_a_mistake_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe: [")
    found = [mistake.file for path in (tmp_path, tmp_path / name) for mistake in checked(path)]
    assert set(found) == {name}


def test_validate_reads_the_files_beside_the_definitions(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "version: 1\nzone: Mars/North\ngrace: 1h\npatience: 1d\ncorrections: []\n", "figures.yaml")
    app = typer.Typer()
    app.command()(validate)
    told = CliRunner().invoke(app, [str(tmp_path)])
    assert told.exit_code == 1
    assert "figures.yaml:2" in told.stdout
    assert "Mars/North" in told.stdout


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
    found = {kind: [definition.process for definition in load().for_type(kind)] for kind in BY_CASE_OBJECT}
    assert found == BY_CASE_OBJECT
    assert load().for_type("goods_receipt") == ()


def occurred(kind: str, *objects: ObjectRef, **attributes: str) -> Event:
    return Event(
        id="e", type=kind, activity=kind, time=0, source="/s", origin="o", position=0, objects=objects,
        attributes=attributes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "begun"),
    [
        ("worker.hired.v1", {"employee_onboarding"}),
        ("worker.transferred.v1", {"employee_change"}),
        ("worker.terminated.v1", {"employee_offboarding"}),
        ("worker.changed.v1", set()),
        ("access.granted.v1", set()),
    ],
)
def test_a_worker_s_event_opens_the_case_of_one_process_at_most(kind: str, begun: set[str]) -> None:
    event = occurred(kind, ObjectRef("worker", "W-1"))
    assert {one.process for one in load().for_type("worker") if one.begun_by(event)} == begun


def test_an_invoice_that_matches_is_no_exception() -> None:
    handling = load().by_name("invoice_exception")
    invoice = ObjectRef("invoice", "I-1")
    assert not handling.begun_by(occurred("invoice.received.v1", invoice))
    assert handling.begun_by(occurred("invoice.exception.v1", invoice))


def test_what_a_worker_learns_or_orders_is_no_step_of_leaving() -> None:
    assert load().by_name("employee_offboarding").ignores >= {"training.assigned.v1", "requisition.created.v1"}


def test_link_rules_of_all_processes_are_merged() -> None:
    links = load().links
    assert list(links) == sorted({rule for definition in load().definitions for rule in definition.links})


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
