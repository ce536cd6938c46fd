"""Grafana's own alert rules: what can be seen from outside when Flowglass cannot tell any more.

Flowglass tells the business's alerts, Prometheus the pipeline's. These read the store directly and so still work when
no worker, no evaluator and no Prometheus does. All end in the one Alertmanager, which groups and silences.
"""

from dataclasses import dataclass
from typing import Any, Literal

from metrics.alerts.words import RUNBOOKS
from metrics.grafana.model import Panel, Prom, Query, Sql
from metrics.grafana.pipeline import PIPELINE
from metrics.grafana.provisioning import FOLDER
from metrics.grafana.render import panel_id, source_of, target

Json = dict[str, Any]

CONTACT = "flowglass-alertmanager"
ALERTMANAGER = "http://alertmanager:9093"
_LOOKED_BACK = 600
"""Seconds of the past that a rule's query is given."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires for each row of the answer that is above `limit` for `hold`. `empty`: what no answer means."""

    uid: str
    title: str
    summary: str
    query: Query
    limit: float
    hold: str
    severity: Literal["warning", "critical"]
    panel: str
    empty: Literal["OK", "Alerting"] = "OK"


RULES = (
    Rule(
        "flowglass-store-away",
        "Flowglass's store does not answer",
        "Grafana cannot read the store. Pages and dashboards are empty, workers wait and lose nothing.",
        Sql("SELECT 0 AS answers"),
        0,
        "2m",
        "critical",
        "Last stored",
        "Alerting",
    ),
    Rule(
        "flowglass-nothing-stored",
        "A Flowglass worker stores nothing",
        "The worker {{ .Labels.worker }} has stored nothing for {{ .Values.B.Value }} s: what is shown is old.",
        Sql("""SELECT toString(worker) AS worker,
       toFloat64(dateDiff('second', max(flushed_at), now64(6, 'UTC'))) AS silent
FROM v_checkpoints
WHERE incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
  AND (worker = 'cases' OR high_water > committed)
  AND (SELECT countIf(phase IN ('live', 'backfill')) FROM v_feeds) > 0
GROUP BY worker"""),
        300,
        "1m",
        "critical",
        "Workers",
    ),
    Rule(
        "flowglass-nobody-tells",
        "Flowglass tells no alerts",
        "No evaluator has renewed its lease for {{ .Values.B.Value }} s: breaches are counted and nobody is told.",
        Sql(
            "SELECT toFloat64(dateDiff('second', max(seen), now64(6, 'UTC'))) AS silent\n"
            "FROM v_alert_leases HAVING count() > 0"
        ),
        180,
        "1m",
        "critical",
        "Alerting",
    ),
    Rule(
        "flowglass-log-lost",
        "The broker lost unread records",
        "The broker came back with an empty log while {{ .Values.B.Value }} records of the old one were unread.",
        Sql(
            "SELECT toFloat64(sum(unread)) AS unread FROM v_incarnations\n"
            "WHERE seen_at > now64(6, 'UTC') - INTERVAL 1 HOUR HAVING count() > 0"
        ),
        0,
        "0s",
        "critical",
        "Logs lost",
    ),
    Rule(
        "flowglass-metrics-missing",
        "Prometheus sees no Flowglass worker",
        "Prometheus reaches no program of Flowglass, so none of its rules about them can fire.",
        Prom('1 - clamp_max(sum(up{job="flowglass"}) or vector(0), 1)', instant=True),
        0,
        "5m",
        "critical",
        "Programs up",
        "Alerting",
    ),
)


def rules() -> Json:
    """The rules as one group that is looked at every minute."""
    group = {
        "orgId": 1,
        "name": "flowglass",
        "folder": FOLDER,
        "interval": "1m",
        "rules": [_rule(rule) for rule in RULES],
    }
    return {"apiVersion": 1, "groups": [group]}


def contact_points() -> Json:
    """Where Grafana's alerts go: to Alertmanager, as Prometheus's and Flowglass's own do."""
    receiver = {"uid": CONTACT, "type": "prometheus-alertmanager", "settings": {"url": ALERTMANAGER}}
    return {"apiVersion": 1, "contactPoints": [{"orgId": 1, "name": CONTACT, "receivers": [receiver]}]}


def policies() -> Json:
    """Everything to the one contact point. This replaces the whole tree of policies of a Grafana that had one."""
    policy = {
        "orgId": 1,
        "receiver": CONTACT,
        "group_by": ["grafana_folder", "alertname"],
        "group_wait": "30s",
        "group_interval": "1m",
        "repeat_interval": "4m",
    }
    return {"apiVersion": 1, "policies": [policy]}


def _rule(rule: Rule) -> Json:
    return {
        "uid": rule.uid,
        "title": rule.title,
        "condition": "C",
        "data": [_asked(rule), _expression("B", "reduce", "A", reducer="last"), _limit(rule)],
        "dashboardUid": PIPELINE.uid,
        "panelId": panel_id(PIPELINE, _panel(rule.panel)),
        "noDataState": rule.empty,
        "execErrState": "Alerting" if rule.empty == "Alerting" else "KeepLast",  # one alert tells that it is away
        "for": rule.hold,
        "labels": {"severity": rule.severity, "service": "flowglass"},
        "annotations": {"summary": rule.summary, "runbook_url": f"{RUNBOOKS}/{rule.uid}.md"},
    }


def _panel(title: str) -> Panel:
    return next(panel for panel in PIPELINE.panels if panel.title == title)


def _asked(rule: Rule) -> Json:
    return {
        "refId": "A",
        "datasourceUid": source_of(rule.query)["uid"],
        "relativeTimeRange": {"from": _LOOKED_BACK, "to": 0},
        "model": target(rule.query),
    }


def _limit(rule: Rule) -> Json:
    over = {"evaluator": {"type": "gt", "params": [rule.limit]}}
    return _expression("C", "threshold", "B", conditions=[over])


def _expression(name: str, kind: str, of: str, **more: Any) -> Json:
    model = {"refId": name, "type": kind, "datasource": {"type": "__expr__", "uid": "__expr__"}, "expression": of}
    return {
        "refId": name,
        "datasourceUid": "__expr__",
        "relativeTimeRange": {"from": _LOOKED_BACK, "to": 0},
        "model": model | more,
    }
