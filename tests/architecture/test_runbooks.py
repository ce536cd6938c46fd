"""Every alert that can be raised has its page, every page its alert, and what pages name is there."""

import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from metrics.alerts.condition import conditions
from metrics.alerts.standby import IDENTITY
from metrics.alerts.words import RUNBOOKS
from metrics.cli import GROUP
from metrics.grafana.alerting import rules

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / RUNBOOKS
PAGES = {path.stem: path.read_text() for path in FOLDER.glob("*.md") if path.stem != "README"}
PARTS = ["What it means", "How to see it", "What to do", "How to know that it is over"]
PROMETHEUS = [
    rule
    for path in sorted((ROOT / "deploy/prometheus/rules").glob("*.yml"))
    for group in yaml.safe_load(path.read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
]
GRAFANA = [rule for group in rules()["groups"] for rule in group["rules"]]


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    raised = {*conditions(), IDENTITY.kind, *(rule["alert"] for rule in PROMETHEUS), *(rule["uid"] for rule in GRAFANA)}
    assert set(PAGES) == raised
    assert len(raised) > 40


@pytest.mark.parametrize("rule", [*PROMETHEUS, *GRAFANA], ids=lambda rule: str(rule.get("alert") or rule.get("uid")))
def test_a_rule_points_to_its_page(rule: dict[str, Any]) -> None:
    assert rule["annotations"]["runbook_url"] == f"{RUNBOOKS}/{rule.get('alert') or rule['uid']}.md"
    assert (ROOT / rule["annotations"]["runbook_url"]).is_file()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_says_what_it_means_how_to_see_it_what_to_do_and_when_it_is_over(name: str) -> None:
    page = PAGES[name]
    assert page.startswith(f"# {name}\n\nRaised by ")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == PARTS
    assert all(part.strip() for part in re.split(r"^## .*$", page, flags=re.MULTILINE))
    for link in re.findall(r"\]\(([^)#]+)", page):
        assert (FOLDER / link).is_file(), link
    for path in re.findall(r"\b(docs/[\w./-]+\.md)", page):
        assert (ROOT / path).is_file(), path


def test_the_list_names_every_page() -> None:
    listed = re.findall(r"^- \[([\w-]+)\]\(\1\.md\)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(PAGES)


def test_every_command_of_a_page_is_one_that_there_is() -> None:
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    for name, page in PAGES.items():
        for called in re.findall(r"`flowglass ([a-z][^`]*)`", page):
            command, *rest = called.split()
            assert command in known, (name, called)
            target = known[command].load()
            if isinstance(target, typer.Typer) and rest and re.fullmatch("[a-z]+", rest[0]):
                group: Any = typer.main.get_command(target)
                assert rest[0] in group.commands or command in ("case", "report"), (name, called)
