"""Rows about the way into the store, the intake over HTTP, and the telling of alerts."""

from metrics.grafana.fragments import PLAIN, quantile
from metrics.grafana.model import Field, Link, Panel, Prom, Row, Step

_SLOW = (Step(None, "good"), Step(3, "watch"), Step(10, "bad"))
"""Seconds of a flush. After 10 a worker says of itself that it is not ready."""

STORING = Row(
    "Flushes and the store",
    (
        Panel(
            "A flush takes",
            "Median and 99th percentile, retries included. Seconds mean that the store is slow or away.",
            "timeseries",
            (
                Prom(
                    quantile(0.5, "flowglass_flush_seconds"),
                    "median",
                ),
                Prom(
                    quantile(0.99, "flowglass_flush_seconds"),
                    "99 %",
                ),
            ),
            unit="s",
            steps=_SLOW,
            width=8,
            height=8,
        ),
        Panel(
            "Flushes",
            "Flushes brought to rest, by worker. None while records wait: the store does not take them.",
            "timeseries",
            Prom(
                "sum by (program, instance) (rate(flowglass_flushes_total[$__rate_interval]))",
                "{{program}} {{instance}}",
            ),
            unit="ops",
            width=8,
            height=8,
        ),
        Panel(
            "Rows stored",
            "By table.",
            "timeseries",
            Prom("sum by (table) (rate(flowglass_store_rows_total[$__rate_interval]))", "{{table}}"),
            unit="wps",
            stacked=True,
            width=8,
            height=8,
        ),
        Panel(
            "Dead letters, by reason",
            "Messages that nobody could read.",
            "timeseries",
            Prom(
                "sum by (topic, reason) (rate(flowglass_dead_letters_total[$__rate_interval]))",
                "{{topic}} · {{reason}}",
            ),
            unit="cps",
            stacked=True,
            width=8,
            height=8,
        ),
        Panel(
            "Open cases in memory",
            "By process. What a worker must hold; closed cases leave it after a while.",
            "timeseries",
            Prom("sum by (process) (flowglass_open_cases)", "{{process}}"),
            stacked=True,
            width=8,
            height=8,
        ),
        Panel(
            "Findings of data quality",
            "Open findings as the judge knows them, by domain and kind.",
            "timeseries",
            Prom("sum by (domain, kind) (flowglass_quality_open_findings)", "{{domain}} · {{kind}}"),
            stacked=True,
            width=8,
            height=8,
            links=(Link("Data quality", "/data-quality"),),
        ),
    ),
)

TELLING = Row(
    "Intake and alerting",
    (
        Panel(
            "Bytes under way in the gateway",
            "Bodies that were read and are not acknowledged yet. Growing: the broker is slow.",
            "timeseries",
            Prom("sum by (instance) (flowglass_gateway_held_bytes)", "{{instance}}"),
            unit="bytes",
            width=8,
            height=8,
        ),
        Panel(
            "Messages about alerts",
            "By receiver and outcome: delivered, failed (tried again), refused.",
            "timeseries",
            Prom(
                "sum by (receiver, outcome) (increase(flowglass_alert_messages_total[$__rate_interval]))",
                "{{receiver}} · {{outcome}}",
            ),
            bars=True,
            stacked=True,
            width=8,
            height=8,
        ),
        Panel(
            "Alerts, by kind",
            "What Flowglass itself fires about the business.",
            "timeseries",
            Prom('sum by (kind) (flowglass_alerts{status="firing", kind!="deadman"})', "{{kind}}"),
            stacked=True,
            width=8,
            height=8,
            links=(Link("Alerts", "/alerts"),),
        ),
        Panel(
            "Alerts of Prometheus",
            "Rules about the pipeline that fire; docs/grafana.md says what to do about each.",
            "table",
            Prom('ALERTS{alertstate="firing", alertname=~"Flowglass.+"}', instant=True),
            steps=PLAIN,
            fields=(Field("Value", hidden=True), Field("__name__", hidden=True), Field("alertstate", hidden=True)),
            width=24,
            height=7,
        ),
    ),
)
