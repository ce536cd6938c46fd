"""The reports that hold: none where their files have mistakes, and alerts go on."""

from pathlib import Path

import msgspec
import pytest

from metrics.alerts.plan import Plan
from metrics.alerts.reading import read_plan
from metrics.definitions.mistakes import DefinitionsError
from metrics.reports.declared import reports_of, reports_or_none
from metrics.settings import SettingError, Settings

ALERTS = """
hosts: [{name: mail.example, port: 587}]
receivers:
  mail: {email: {host: mail.example, from: flowglass@example.org, to: [ap@example.org]}}
routes: []
"""
REPORTS = """
version: 1
reports:
  board: {weekly: {on: friday, at: "06:00"}, by: mail, to: [cfo@example.org], role: executive}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    file = tmp_path / "alerts.yaml"
    file.write_text(ALERTS)
    return read_plan(file)


def settings(folder: Path, privacy: str = "on") -> Settings:
    return msgspec.structs.replace(Settings(), definitions=folder, privacy=privacy)


def test_a_mistake_in_the_reports_is_told_and_leaves_none(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "reports.yaml").write_text(REPORTS.replace("weekly", "weekli"))
    told: list[str] = []
    assert reports_or_none(settings(tmp_path), plan, told.append) == {}
    assert "weekli" in told[0]
    with pytest.raises(DefinitionsError):
        reports_of(settings(tmp_path), plan)


def test_reports_of_roles_whose_people_cannot_be_masked_are_told_and_left_out(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "reports.yaml").write_text(REPORTS)
    told: list[str] = []
    assert list(reports_or_none(settings(tmp_path), plan, told.append)) == ["board"]
    assert reports_or_none(settings(tmp_path, "off"), plan, told.append) == {}
    assert "FLOWGLASS_PRIVACY" in told[0]
    with pytest.raises(SettingError):
        reports_of(settings(tmp_path, "off"), plan)


def test_without_reports_a_mistake_in_the_roles_is_no_affair_of_theirs(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "roles.yaml").write_text("version: 1\nrols: {}\n")
    assert reports_of(settings(tmp_path), plan) == {}
