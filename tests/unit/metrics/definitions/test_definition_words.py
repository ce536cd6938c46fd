"""The vocabulary, the published schemas, YAML as people mean it, and the command."""

import json
from pathlib import Path

import pytest
import typer
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from metrics.definitions.command import validate
from metrics.definitions.json_schema import SCHEMAS, schema_text
from metrics.definitions.load import SHIPPED
from metrics.definitions.yaml_text import parse
from metrics.vocabulary import load_vocabulary
from tests.unit.metrics.definitions.written import SMALL, VOCABULARY, spoilt, write

PUBLISHED = Path(__file__).parents[4] / "docs" / "schema"


def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(validate)
    return app


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command(), list(words))
    return result.exit_code, result.output


def test_every_event_type_is_named_object_verb_version() -> None:
    for name, event in VOCABULARY.events.items():
        _, verb, version = name.split(".")
        assert VOCABULARY.is_event_type(name), name
        assert (bool(verb), version, bool(event.title)) == (True, "v1", True), name
        assert event.meaning.endswith("."), name


def test_span_attributes_cover_every_object_type_and_the_mapped_names() -> None:
    assert VOCABULARY.span_attributes["flowglass.purchase_order.id"] == "purchase_order"
    assert VOCABULARY.span_attributes["po.number"] == "purchase_order"


@pytest.mark.parametrize("activity", ["Create Purchase Requisition", "A_SUBMITTED", "pay.", "record", "SRM: Created"])
def test_a_logs_activity_is_not_taken_for_an_event_type(activity: str) -> None:
    assert not VOCABULARY.is_event_type(activity)


def test_a_vocabulary_that_uses_an_undefined_type_is_refused(tmp_path: Path) -> None:
    text = "objects: {a: {title: A}}\nevents: {}\ntechnical: {}\nspan_keys: {x: b}\ncarriers: []\n"
    with pytest.raises(ValueError, match="used but not defined: b"):
        load_vocabulary(write(tmp_path, text))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_in_step(name: str) -> None:
    assert (PUBLISHED / name).read_text(encoding="utf-8") == schema_text(name), (
        "run flowglass validate --schema-dir docs/schema"
    )


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.name)
def test_the_published_schema_accepts_the_shipped_files(file: Path) -> None:
    name = file.stem if file.stem in ("calendars", "facilities") else "process"
    schema = json.loads((PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(parse(file.read_text(encoding="utf-8")).data)) == []


def test_the_published_schema_refuses_an_unknown_word() -> None:
    schema = json.loads(schema_text())
    assert list(
        Draft202012Validator(schema).iter_errors(parse(spoilt("owner: procurement\ncase", "ownr: x\ncase")).data)
    )


def test_words_that_old_yaml_takes_for_booleans_and_dates_stay_words() -> None:
    read = parse("{on: off, day: 2026-01-05, at: 10:30, code: 0123, n: 3, share: 0.5, yes: true, none: null}").data
    assert read == {
        "on": "off", "day": "2026-01-05", "at": "10:30", "code": "0123", "n": 3, "share": 0.5, "yes": True, "none": None
    }  # fmt: skip


def test_a_deep_nest_is_a_mistake_and_no_crash() -> None:
    assert parse("[" * 5000 + "]" * 5000).findings


def test_validate_lists_what_is_right() -> None:
    code, output = run()
    assert code == 0
    assert "requisition_to_pay version 1" in output
    assert output.endswith("9 definitions, no mistakes.\n")


def test_validate_explains_a_mistake_with_its_line(tmp_path: Path) -> None:
    code, output = run(str(write(tmp_path, spoilt("enter: [agreed]", "enter: [agreeed]"))))
    assert code == 1
    assert output == (
        "small.yaml:19  states[1].enter\n"
        "    unknown milestone 'agreeed'; did you mean 'agreed'?\n"
        "      19 |   - {name: buying, enter: [agreeed]}\n"
        "1 mistake in 1 file.\n"
    )


def test_validate_prints_json_for_machines(tmp_path: Path) -> None:
    code, output = run(str(write(tmp_path, spoilt("version: 3", "version: 0"))), "--json")
    assert code == 1
    assert json.loads(output)["mistakes"] == [
        {"file": "small.yaml", "line": 2, "path": "version", "message": "must be greater than or equal to 1"}
    ]
    code, output = run(str(write(tmp_path, SMALL)), "--json")
    assert (code, json.loads(output)["valid"], json.loads(output)["definitions"][0]["process"]) == (0, True, "small")


def test_validate_says_when_there_is_nothing_to_read(tmp_path: Path) -> None:
    code, output = run(str(tmp_path))
    assert code == 2
    assert "there is no process definition" in output


def test_validate_prints_and_writes_the_schema(tmp_path: Path) -> None:
    assert run("--schema") == (0, schema_text())
    code, _ = run("--schema-dir", str(tmp_path / "schemas"))
    assert code == 0
    assert sorted(file.name for file in (tmp_path / "schemas").iterdir()) == sorted(SCHEMAS)
