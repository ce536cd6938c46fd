"""What is generated is committed as it would be generated now."""

import json
from pathlib import Path

import jsonschema
import pytest

from metrics.contracts.model import load_contracts
from streams.contracts.build import FOLDER, Stale, compare, texts, write

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    return texts()


def test_the_committed_files_are_up_to_date(wanted: dict[str, str]) -> None:
    stale = compare(ROOT / FOLDER, wanted)
    assert not stale, f"run `flowglass contracts build`; {stale}"


def test_every_schema_is_a_schema(wanted: dict[str, str]) -> None:
    files = [name for name in wanted if name.endswith(".json")]
    assert len(files) == len(load_contracts().events) + 1
    for name in files:
        jsonschema.Draft202012Validator.check_schema(json.loads(wanted[name]))


def test_writing_brings_a_folder_up_to_date_and_removes_what_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "old.v1.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "other.schema.json").write_text("{}", encoding="utf-8")
    pieces = {"asyncapi.yaml": "a: 1\n", "events/new.v1.schema.json": "{}\n"}
    assert write(tmp_path, pieces) == Stale(tuple(sorted(pieces)), (), ("events/old.v1.schema.json",))
    assert not compare(tmp_path, pieces)
    assert (tmp_path / "other.schema.json").is_file()
    (tmp_path / "asyncapi.yaml").write_text("a: 2\n", encoding="utf-8")
    assert str(compare(tmp_path, pieces)) == "out of date: asyncapi.yaml"


def test_the_page_says_who_emits_a_type_and_which_milestones_use_it(wanted: dict[str, str]) -> None:
    (row,) = [
        line for line in wanted["events/README.md"].splitlines() if line.startswith("| [`goods_receipt.posted.v1`]")
    ]
    assert "**purchase_order**" in row
    assert "coupa " in row
    assert "requisition_to_pay.received" in row
