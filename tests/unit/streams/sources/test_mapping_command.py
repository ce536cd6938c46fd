"""`flowglass mapping`: what it prints and how it ends."""

import json
from pathlib import Path

import pytest

from metrics.cli import run
from streams.sources.command import mapping
from tests.unit.streams.sources.written import small

GOOD = '{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z"}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(small(), encoding="utf-8")
    (tmp_path / "good.json").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.json").write_text('{"nr": "1"}', encoding="utf-8")
    return tmp_path


def test_try_shows_the_event_and_the_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("mapping", mapping, ["try", str(folder / "small.yaml"), str(folder / "good.json")]) == 0
    said = capsys.readouterr().out
    assert "purchase_order.created.v1  by rule order.created" in said
    assert "purchase_order/1" in said


def test_try_says_what_to_do_about_a_dead_letter(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("mapping", mapping, ["try", str(folder / "small.yaml"), str(folder / "bad.json")]) == 1
    assert "DEAD LETTER no_identity: small: order.created, identity" in capsys.readouterr().out


def test_a_dead_letter_leads_to_the_line_of_its_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("mapping", mapping, ["try", str(folder / "small.yaml"), str(folder / "bad.json")])
    line = (folder / "small.yaml").read_text(encoding="utf-8").splitlines().index("    identity: id") + 1
    assert f"see small.yaml:{line} messages.order.identity" in capsys.readouterr().out


def test_many_events_are_summed_up_unless_all_are_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "many.json").write_text(f"[{', '.join([GOOD] * 30)}]", encoding="utf-8")
    arguments = ["try", str(folder / "small.yaml"), str(folder / "many.json")]
    assert run("mapping", mapping, arguments) == 0
    said = capsys.readouterr().out
    assert said.count("by rule order.created") == 20
    assert "30 × order.created" in said
    run("mapping", mapping, [*arguments, "--all"])
    assert capsys.readouterr().out.count("by rule order.created") == 30


def test_try_names_the_rules_that_nothing_fired(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = {
        "created": {"type": "purchase_order.created.v1", "evidence": "inferred"},
        "closed": {"type": "purchase_order.closed.v1", "evidence": "inferred", "when": "closed"},
    }
    (folder / "small.yaml").write_text(small(messages__order__rules=rules), encoding="utf-8")
    run("mapping", mapping, ["try", str(folder / "small.yaml"), str(folder / "good.json")])
    assert "rules that did not fire: order.closed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["try", "coupa", "."], "is a directory"),
        (["try", "coupa", "good.json", "--received", "soon"], "--received"),
        (["try", "nope.yaml", "good.json"], "there is no file nope.yaml"),
        (["test", "coupo", "--cases", "cases"], "there are no golden cases of 'coupo'"),
        (["test"], "--cases names another directory"),
    ],
    ids=["directory", "no time", "no file", "no cases", "nowhere"],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: list[str],
    said: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    assert run("mapping", mapping, arguments) == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_a_case_that_is_written_wrongly_ends_the_test_with_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = folder / "cases" / "small" / "one"
    case.mkdir(parents=True)
    (case / "1.json").write_text(GOOD, encoding="utf-8")
    (case / "case.yaml").write_text("headders: {}", encoding="utf-8")
    assert run("mapping", mapping, ["test", "--cases", str(folder / "cases"), "--mappings", str(folder)]) == 2
    assert "case.yaml" in capsys.readouterr().err


def test_try_prints_json_for_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("mapping", mapping, ["try", str(folder / "small.yaml"), str(folder / "good.json"), "--json"])
    (only,) = json.loads(capsys.readouterr().out)
    assert only["events"][0]["rule"] == "order.created"


def test_check_names_file_and_line_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "small.yaml").write_text(small(messages__order__actor="$by"), encoding="utf-8")
    assert run("mapping", mapping, ["check", str(folder / "small.yaml")]) == 2
    assert "small.yaml:" in capsys.readouterr().out


def test_an_unknown_system_gets_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("mapping", mapping, ["show", "coupo"]) == 2
    assert "did you mean 'coupa'" in capsys.readouterr().err


def test_test_writes_what_is_missing_and_then_holds_to_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = folder / "cases" / "small" / "one"
    case.mkdir(parents=True)
    (case / "1.json").write_text(GOOD, encoding="utf-8")
    arguments = ["test", "--cases", str(folder / "cases"), "--mappings", str(folder)]
    assert run("mapping", mapping, arguments) == 1
    assert run("mapping", mapping, [*arguments, "--write"]) == 0
    assert run("mapping", mapping, arguments) == 0
    (case / "1.json").write_text(GOOD.replace('"1"', '"2"'), encoding="utf-8")
    assert run("mapping", mapping, arguments) == 1
    assert "FAIL small/one: [0].events[0].id" in capsys.readouterr().out


def test_one_broken_mapping_does_not_hide_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "coupa.yaml").write_text("mapping: coupa\nmessages: [\n", encoding="utf-8")
    for system in ("small", "coupa"):
        case = folder / "cases" / system / "one"
        case.mkdir(parents=True)
        (case / "1.json").write_text(GOOD, encoding="utf-8")
        (case / "expected.yaml").write_text("[]", encoding="utf-8")
    arguments = ["--mappings", str(folder)]
    assert run("mapping", mapping, ["test", "--cases", str(folder / "cases"), *arguments]) == 2
    said = capsys.readouterr()
    assert "FAIL coupa/one: the mapping has mistakes" in said.out
    assert "FAIL small/one: " in said.out
    assert "coupa.yaml:3" in said.err
    assert run("mapping", mapping, ["coverage", "--json", *arguments]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["purchase_order.created.v1"]["small"] == "Ni"
    assert "coupa.yaml:3" in said.err


def test_a_case_names_its_mapping_as_seen_from_its_own_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = folder / "cases" / "other" / "one"
    case.mkdir(parents=True)
    (case / "1.json").write_text(GOOD, encoding="utf-8")
    (case / "case.yaml").write_text("mapping: ../../../small.yaml", encoding="utf-8")
    assert run("mapping", mapping, ["test", "--cases", str(folder / "cases"), "--write"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["all", "1", "1", "1"]


def test_coverage_of_one_system_is_that_of_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("mapping", mapping, ["coverage", "small", "--mappings", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "purchase_order.created.v1  small Ni" in said
    assert "coupa" not in said


def test_coverage_says_who_feeds_a_type_and_how(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("mapping", mapping, ["coverage", "--mappings", str(folder), "--json"])
    cells = json.loads(capsys.readouterr().out)
    assert cells["purchase_order.created.v1"]["small"] == "Ni"
    assert cells["purchase_order.created.v1"]["s4hana"] == "Nd"
    assert cells["purchase_order.created.v1"]["coupa"] == "Si"
