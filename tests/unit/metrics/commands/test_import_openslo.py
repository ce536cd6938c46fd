"""`flowglass import openslo` and `flowglass export openslo`."""

import shutil
from pathlib import Path

import pytest
import yaml
from typer import Typer
from typer.testing import CliRunner

from metrics.commands.export import export
from metrics.commands.import_openslo import import_
from metrics.definitions.load import SHIPPED, load

PROCESS = "supplier_onboarding"


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    return Path(shutil.copy(SHIPPED / f"{PROCESS}.yaml", tmp_path))


@pytest.fixture
def app() -> Typer:
    app = Typer()
    app.command("export")(export)
    app.command("import")(import_)
    return app


@pytest.fixture
def exported(app: Typer, tmp_path: Path) -> Path:
    """The objectives of the process, the first one tightened."""
    file = tmp_path / "slos.yaml"
    result = CliRunner().invoke(app, ["export", "openslo", "--process", PROCESS, "--out", str(file)])
    assert result.exit_code == 0, result.output
    found = list(yaml.safe_load_all(file.read_text()))
    first = next(one for one in found if one["kind"] == "SLO")
    first["spec"]["objectives"][0]["target"] = 0.975
    first["spec"]["timeWindow"][0]["duration"] = "8w"
    file.write_text(yaml.safe_dump_all(found))
    return file


def test_objectives_change_in_their_places_and_nothing_else_does(app: Typer, exported: Path, definition: Path) -> None:
    before = definition.read_text().splitlines()
    result = CliRunner().invoke(app, ["import", "openslo", str(exported), "--into", str(definition)])
    assert result.exit_code == 0, result.output
    assert "alertPolicies[0].spec.conditions[0].spec.condition.lookbackWindow" in result.output, "it follows the window"
    after = definition.read_text().splitlines()
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    first = load(definition).definitions[0].slas[0]
    assert (first.objective, first.window_days) == (0.975, 56)
    assert not list(definition.parent.glob("*.part"))


def test_without_into_it_only_shows(app: Typer, exported: Path, definition: Path) -> None:
    text = definition.read_text()
    result = CliRunner().invoke(app, ["import", "openslo", str(exported), "--definitions", str(definition), "--json"])
    assert result.exit_code == 0
    assert '"change": "was ' in result.output
    assert definition.read_text() == text


def test_slos_of_other_processes_are_left_and_the_exit_code_says_so(app: Typer, exported: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(SHIPPED / "invoice_exception.yaml", tmp_path))
    text = other.read_text()
    result = CliRunner().invoke(app, ["import", "openslo", str(exported), "--into", str(other)])
    assert result.exit_code == 1
    assert "unknown process" in result.output
    assert other.read_text() == text


def test_wrong_usage_is_told(app: Typer, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.yaml")
    assert CliRunner().invoke(app, ["import", "openslo", missing]).exit_code == 2
    assert CliRunner().invoke(app, ["import", "sloth", missing]).exit_code == 2
    assert CliRunner().invoke(app, ["export", "openslo", "--since", "2026-01-01"]).exit_code == 2
    assert CliRunner().invoke(app, ["export", "openslo", "--process", "unheard_of"]).exit_code == 1
