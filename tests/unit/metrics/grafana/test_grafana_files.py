"""The files of Grafana are what the builder makes, and say what Grafana needs."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from dashboards.address import parse
from dashboards.page import discovered
from metrics.cli import run
from metrics.grafana.alerting import RULES
from metrics.grafana.build import ALL, files
from metrics.grafana.command import grafana
from metrics.grafana.fragments import PROCESS
from metrics.grafana.model import GRID, Dashboard, Panel, Prom, Row, Sql
from metrics.grafana.render import panel_id, render

ROOT = Path(__file__).resolve().parents[4]
PLACE = ROOT / "grafana"


def rendered() -> list[dict[str, Any]]:
    return [json.loads(text) for name, text in files().items() if name.startswith("dashboards/")]


def test_the_committed_files_are_exactly_what_the_builder_makes() -> None:
    made = files()
    committed = {str(path.relative_to(PLACE)): path.read_text() for path in PLACE.rglob("*") if path.is_file()}
    assert sorted(committed) == sorted(made)
    assert [name for name, text in made.items() if committed[name] != text] == []


def test_there_are_the_four_dashboards_with_their_own_names() -> None:
    assert [one.uid for one in ALL] == [
        "flowglass-operations",
        "flowglass-sla",
        "flowglass-integrations",
        "flowglass-pipeline",
    ]
    assert len({one.title for one in ALL}) == len(ALL)


def test_every_panel_keeps_its_id_when_the_order_changes() -> None:
    panel = Panel("One", "What it is.", "stat", Sql("SELECT 1"))
    other = Panel("Two", "What it is.", "stat", Sql("SELECT 2"))
    page = ALL[0].page
    first = Dashboard("d", "D", "", page, (Row("R", (panel, other)),))
    second = Dashboard("d", "D", "", page, (Row("R", (other, panel)),))
    assert panel_id(first, panel) == panel_id(second, panel)
    for dashboard in rendered():
        ids = [one["id"] for one in dashboard["panels"]]
        assert len(ids) == len(set(ids)), dashboard["uid"]


def test_panels_lie_side_by_side_and_never_on_each_other() -> None:
    for dashboard in rendered():
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert at["x"] + at["w"] <= GRID
            assert not cells & taken, (dashboard["uid"], panel["title"])
            taken |= cells


def test_every_panel_says_what_it_is_and_asks_in_the_form_that_it_shows() -> None:
    for dashboard in ALL:
        for panel in dashboard.panels:
            assert panel.about.endswith("."), f"{panel.title}: a description is a sentence"
            for query in panel.queries:
                if isinstance(query, Sql):
                    assert query.series == (panel.kind == "timeseries"), panel.title
                else:
                    assert query.instant == (panel.kind in ("stat", "table")), panel.title


def test_queries_use_only_the_lists_above_their_dashboard() -> None:
    for dashboard in ALL:
        known = {choice.name for choice in dashboard.choices}
        for panel in dashboard.panels:
            for query in panel.queries:
                text = query.text if isinstance(query, Sql) else query.expression
                used = {a or b for a, b in re.findall(r"\$\{(\w+)|\$(?!__)(\w+)", text)}
                assert used <= known, panel.title


def test_every_link_leads_to_a_page_that_understands_it() -> None:
    pages = {page.path for page in discovered()}
    found = re.findall(r'"\$\{flowglass\}([^"]*)"', "".join(files().values()))
    assert len(found) > 30
    for link in set(found):
        path, _, query = link.partition("?")
        assert path in pages, link
        for name, value in (pair.split("=") for pair in query.split("&") if pair):
            known = parse(f"{name}=0123456789abcdef" if value.startswith("${") else f"{name}={value}")
            assert name in known.model_dump(exclude_defaults=True), link


def test_links_can_lead_elsewhere() -> None:
    texts = [text for name, text in files("https://flowglass.example/").items() if name.startswith("dashboards/")]
    for text in texts:
        assert '"query": "https://flowglass.example"' in text
        assert "localhost" not in text


def test_every_dashboard_says_whether_its_data_is_simulated() -> None:
    for one in ALL:
        assert "Kind of data" in {panel.title for panel in one.panels}, one.uid
        assert "simulated" in {choice.name for choice in one.choices}, one.uid


def test_a_list_above_a_dashboard_stands_on_all_at_first() -> None:
    dashboard = Dashboard("d", "D", "", ALL[0].page, (), (PROCESS,))
    variable = render(dashboard, "http://pages")["templating"]["list"][1]
    assert variable["current"] == {"text": "All", "value": "$__all"}
    assert variable["query"] == variable["definition"]


def test_provisioning_takes_nothing_but_the_password_from_the_environment() -> None:
    texts = {name: text for name, text in files().items() if name.startswith("provisioning/")}
    assert re.findall(r"\$\S*", "".join(texts.values())) == ["${FLOWGLASS_READER_PASSWORD}"]
    sources = yaml.safe_load(texts["provisioning/datasources/flowglass.yaml"])["datasources"]
    store = sources[0]["jsonData"]
    assert (store["host"], store["port"], store["protocol"]) == ("clickhouse", 8123, "http")
    assert [one["uid"] for one in sources] == ["flowglass-clickhouse", "flowglass-prometheus"]


def test_every_alert_of_grafana_is_about_a_panel_and_goes_to_alertmanager() -> None:
    made = files()
    (group,) = yaml.safe_load(made["provisioning/alerting/rules.yaml"])["groups"]
    ids = {panel["id"] for one in rendered() for panel in one["panels"]}
    assert [rule["uid"] for rule in group["rules"]] == [rule.uid for rule in RULES]
    for rule in group["rules"]:
        assert rule["panelId"] in ids
        assert [step["refId"] for step in rule["data"]] == ["A", "B", "C"]
    (point,) = yaml.safe_load(made["provisioning/alerting/contact-points.yaml"])["contactPoints"]
    (policy,) = yaml.safe_load(made["provisioning/alerting/policies.yaml"])["policies"]
    assert policy["receiver"] == point["name"]


def test_every_dashboard_and_every_alert_of_grafana_is_documented() -> None:
    page = (ROOT / "docs" / "grafana.md").read_text()
    for name in (*(one.title for one in ALL), *(f"(runbooks/{rule.uid}.md)" for rule in RULES)):
        assert name in page, name


def test_the_command_writes_the_files_and_notices_a_changed_one(tmp_path: Path, capsys: Any) -> None:
    assert run("grafana", grafana, [str(tmp_path), "--check"]) == 1
    assert run("grafana", grafana, [str(tmp_path)]) == 0
    assert run("grafana", grafana, [str(tmp_path), "--check"]) == 0
    capsys.readouterr()
    (tmp_path / "dashboards" / "flowglass-sla.json").write_text("{}")
    assert run("grafana", grafana, [str(tmp_path), "--check"]) == 1
    assert "flowglass-sla.json is not what" in capsys.readouterr().out
    assert run("grafana", grafana, [str(tmp_path), "--link", "ftp://x"]) == 2


def test_metrics_of_panels_are_asked_with_their_own_kind() -> None:
    for dashboard in ALL:
        for panel in dashboard.panels:
            for query in panel.queries:
                if isinstance(query, Prom):
                    for counter in re.findall(r"flowglass_\w+_total", query.expression):
                        assert re.search(rf"(rate|increase)\({counter}", query.expression), panel.title
