"""`flowglass contracts` as people run it."""

import json
from pathlib import Path

import pytest

from metrics.cli import run
from streams.contracts.command import contracts


def test_a_build_is_clean_against_itself_and_refuses_to_lose_a_promise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--dir", str(tmp_path)]
    assert run("contracts", contracts, ["build", *place]) == 0
    assert run("contracts", contracts, ["check", *place]) == 0
    assert "0 breaking, 0 compatible" in capsys.readouterr().out

    file = tmp_path / "events" / "goods_receipt.posted.v1.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["properties"]["data"]["properties"]["attributes"]["properties"]["dock"] = {"type": "string"}
    file.write_text(json.dumps(schema), encoding="utf-8")
    assert run("contracts", contracts, ["check", "--against", str(tmp_path / "events")]) == 1
    said = capsys.readouterr().out
    assert "BREAKS" in said
    assert "goods_receipt.posted.v1: data.attributes.dock: the member is removed" in said
    assert "add goods_receipt.posted.v2" in said
    assert run("contracts", contracts, ["build", *place]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert run("contracts", contracts, ["build", *place, "--anyway"]) == 0
    assert run("contracts", contracts, ["check", *place, "--json"]) == 0


def test_a_check_without_published_contracts_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("contracts", contracts, ["check", "--dir", str(tmp_path)]) == 2
    assert "flowglass contracts build" in capsys.readouterr().err


def test_a_type_is_shown_with_its_promises(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("contracts", contracts, ["show", "goods_receipt.posted.v1"]) == 0
    said = capsys.readouterr().out
    assert "purchase_order (required)" in said
    assert "owner       Financial" in said


def test_a_types_schema_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("contracts", contracts, ["show", "goods_receipt.posted.v1", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["allOf"] == [{"$ref": "#/$defs/event"}]
    assert "specversion" in schema["$defs"]["event"]["required"]


def test_a_misspelt_type_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("contracts", contracts, ["show", "goods_recept.posted.v1"]) == 2
    assert "did you mean 'goods_receipt.posted.v1'?" in capsys.readouterr().err
