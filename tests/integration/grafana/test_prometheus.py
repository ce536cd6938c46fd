"""Metrics, rules and PromQL as Prometheus's own checker sees them."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from metrics import metric_names
from metrics.exposition import Exposition
from metrics.grafana.alerting import RULES
from metrics.grafana.build import ALL
from metrics.grafana.model import Prom
from metrics.metric_names import ALL as METRICS
from metrics.metric_names import Metric
from tests.integration.grafana import macros

ROOT = Path(__file__).resolve().parents[3]
RULE_FILES = sorted((ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))
TESTS = Path(__file__).with_name("rules.test.yml")
ASKED = [
    query.expression
    for dashboard in ALL
    for panel in dashboard.panels
    for query in panel.queries
    if isinstance(query, Prom)
]
ASKED += [rule.query.expression for rule in RULES if isinstance(rule.query, Prom)]
OUTER_LABELS = {"instance", "job", "le", "program"}
"""What Prometheus, its scrape configuration and the form of histograms add to a metric's own labels."""


def promtool(*arguments: str, text: str = "") -> None:
    """Runs promtool; what it finds wrong is the failure."""
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not here: it comes with the Debian package prometheus")
    done = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not text or not done.stdout + done.stderr, "a warning of the linter"


def rules() -> list[dict[str, Any]]:
    return [
        rule for path in RULE_FILES for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]
    ]


def alerts() -> list[str]:
    return [rule["alert"] for rule in rules() if "alert" in rule]


def exposed() -> str:
    """Every metric that any program has, each with a value."""
    exposition = Exposition()
    for metric in METRICS:
        values = [f"some {label}" for label in metric.labels]
        if metric.kind == "counter":
            counter = exposition.counter(metric)
            (counter.labels(*values) if values else counter).inc()
        elif metric.kind == "gauge":
            gauge = exposition.gauge(metric)
            (gauge.labels(*values) if values else gauge).set(3)
        else:
            histogram = exposition.histogram(metric)
            (histogram.labels(*values) if values else histogram).observe(0.2)
    return exposition.text().decode()


def metric_of(name: str) -> Metric | None:
    """The metric behind a name in an expression, `_bucket` and the like taken off."""
    bare = re.sub(r"_(bucket|sum|count|created)$", "", name)
    return next((one for one in METRICS if one.name in (name, bare, f"{bare}_total")), None)


def test_the_names_of_all_metrics_keep_to_the_conventions() -> None:
    text = exposed()
    assert all(metric.name in text for metric in METRICS)
    promtool("check", "metrics", text=text)


def test_the_rules_are_read_by_prometheus() -> None:
    promtool("check", "rules", *map(str, RULE_FILES))


def test_each_alert_fires_when_it_should_and_only_then() -> None:
    promtool("test", "rules", str(TESTS))


def test_every_expression_of_a_panel_is_read_by_prometheus(tmp_path: Path) -> None:
    assert len(ASKED) > 20
    recorded = [{"record": f"asked:{at}", "expr": macros.promql(one)} for at, one in enumerate(ASKED)]
    file = tmp_path / "asked.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": recorded}]}))
    promtool("check", "rules", str(file))


def test_every_alert_has_a_test_and_names_its_page() -> None:
    tested = TESTS.read_text()
    found = alerts()
    assert len(found) == len(set(found)) > 10
    for rule in rules():
        if "alert" in rule:
            assert rule["alert"] in tested
            assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{rule['alert']}.md"
            assert rule["labels"]["severity"] in ("none", "warning", "critical")


def test_expressions_ask_only_for_metrics_that_a_program_really_sets() -> None:
    sources = [path for package in ("streams", "metrics") for path in (ROOT / package).rglob("*.py")]
    constants = set(re.findall(r"\b(?:metric_)?names\.([A-Z_]+)\b", "".join(path.read_text() for path in sources)))
    set_somewhere = {getattr(metric_names, name).name for name in constants if hasattr(metric_names, name)}
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for expression in [*ASKED, *(rule["expr"] for rule in rules())]:
        for name in re.findall(r"(?<![\w:])flowglass_\w+(?![\w:])", expression):
            metric = metric_of(name)
            assert metric is not None, f"{name} is no metric"
            assert metric.name in set_somewhere, f"nothing sets {name}"
        for name in re.findall(r"\b\w+:flowglass_\w+:\w+", expression):
            assert name in recorded, f"{name} is not recorded"


def test_expressions_group_by_labels_that_their_metrics_have() -> None:
    for expression in [*ASKED, *(rule["expr"] for rule in rules())]:
        known = set(OUTER_LABELS)
        for name in re.findall(r"flowglass_\w+", expression):
            metric = metric_of(name)
            known |= set(metric.labels) if metric else set(re.findall(r"[a-z]+", expression.split(":")[0]))
        for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression):
            assert {label.strip() for label in labels.split(",")} <= known, expression
