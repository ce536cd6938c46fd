"""Pipeline health: whether what the other dashboards show is complete and fresh. For whoever runs Flowglass."""

from metrics.grafana.fragments import ANY, FEW, MARKED, SIMULATED, simulated_panel
from metrics.grafana.model import Dashboard, Field, Link, Panel, Prom, Row, Sql, Step
from metrics.grafana.storing import STORING, TELLING

_FRESH = (Step(None, "good"), Step(90, "watch"), Step(300, "bad"))
"""Seconds since something was stored; after 90 Flowglass fires `pipeline_stale`."""

_LAG = (Step(None, "good"), Step(10_000, "watch"), Step(100_000, "bad"))
"""Records behind the log's end: some seconds, and more than half a minute, of what a core reads."""

_NOW = Row(
    "Now",
    (
        Panel(
            "Programs up",
            "Programs of Flowglass that Prometheus reaches, of those it knows.",
            "stat",
            Prom('sum(up{job="flowglass"})', instant=True),
            steps=(Step(None, "bad"), Step(1, "good")),
            nothing="none known",
            width=3,
        ),
        Panel(
            "Programs down",
            "Programs that Prometheus knows and does not reach.",
            "stat",
            Prom('count(up{job="flowglass"} == 0) or vector(0)', instant=True),
            steps=ANY,
            width=3,
        ),
        Panel(
            "Behind",
            "Records between what is committed and the end of the log, over all workers, as of their last flush.",
            "stat",
            Prom("sum(flowglass_lag_records)", instant=True),
            steps=_LAG,
            nothing="no worker",
            width=3,
        ),
        Panel(
            "Last stored",
            "How long ago any worker last brought a flush to rest, as the store knows it.",
            "stat",
            Sql(
                "SELECT if(count() = 0, NULL, dateDiff('second', max(flushed_at), now64(6, 'UTC'))) AS age\n"
                "FROM v_checkpoints"
            ),
            unit="s",
            steps=_FRESH,
            nothing="never",
            width=3,
        ),
        Panel(
            "Dead letters",
            "Messages that nobody could read, in this period.",
            "stat",
            Prom("sum(increase(flowglass_dead_letters_total[$__range])) or vector(0)", instant=True),
            steps=FEW,
            decimals=0,
            links=(Link("Dead letters", "/dead-letters"),),
            width=3,
        ),
        Panel(
            "Alerting",
            "Seconds since all conditions were last looked at. When it grows, nobody is told anything.",
            "stat",
            Prom("time() - max(flowglass_alert_round_timestamp_seconds)", instant=True),
            unit="s",
            steps=(Step(None, "good"), Step(60, "watch"), Step(180, "bad")),
            nothing="no evaluator",
            links=(Link("Alerts", "/alerts"),),
            width=3,
        ),
        Panel(
            "Messages that wait",
            "Messages about alerts whose receiver has not taken them yet. They wait and none is lost.",
            "stat",
            Prom("sum(flowglass_alert_queue_messages) or vector(0)", instant=True),
            steps=FEW,
            width=3,
        ),
        Panel(
            "Logs lost",
            "Times that the broker came back with an empty log while records of the old one were unread.",
            "stat",
            Sql("SELECT countIf(unread > 0) AS lost FROM v_incarnations WHERE $__timeFilter(seen_at)"),
            steps=ANY,
            width=3,
        ),
        simulated_panel(f"v_feeds WHERE {MARKED}"),
    ),
)

_FRESHNESS = Row(
    "Lag and freshness",
    (
        Panel(
            "Records behind",
            "By topic and worker. Growing for long: this worker is slower than its sources.",
            "timeseries",
            Prom("sum by (topic, program, instance) (flowglass_lag_records)", "{{topic}} · {{program}} {{instance}}"),
            steps=_LAG,
            width=8,
            height=8,
        ),
        Panel(
            "Records read",
            "By topic. Nothing read and nothing behind: the sources are silent.",
            "timeseries",
            Prom("sum by (topic) (rate(flowglass_records_read_total[$__rate_interval]))", "{{topic}}"),
            unit="cps",
            width=8,
            height=8,
        ),
        Panel(
            "Age of the newest event",
            "By feed: the wall clock less the feed's watermark. History that was loaded from files is as old as it is.",
            "timeseries",
            Prom("time() - max by (feed) (flowglass_watermark_seconds)", "{{feed}}"),
            unit="s",
            width=8,
            height=8,
        ),
        Panel(
            "Workers",
            "What each class of worker last committed. Unread records and nothing stored: it stands still.",
            "table",
            Sql("""SELECT toString(worker) AS worker, toString(topic) AS topic, count() AS partitions,
       max(flushed_at) AS stored, dateDiff('second', max(flushed_at), now64(6, 'UTC')) AS silent,
       sum(high_water - least(committed, high_water)) AS unread,
       max(watermark) AS newest
FROM v_checkpoints
WHERE incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
GROUP BY worker, topic ORDER BY worker, topic"""),
            fields=(
                Field("worker", "Worker"),
                Field("topic", "Topic"),
                Field("partitions", "Partitions"),
                Field("stored", "Last stored"),
                Field("silent", "Silent for", unit="s", steps=_FRESH),
                Field("unread", "Unread", steps=_LAG),
                Field("newest", "Newest event"),
            ),
            width=14,
            height=8,
        ),
        Panel(
            "Late events",
            "Events that came after a later one of their case. Each is folded in where it belongs and may change a "
            "number that was told; a rise says that a source hangs behind.",
            "timeseries",
            Sql(
                """SELECT $__timeInterval(noticed) AS time, toString(process) AS process, count() AS late
FROM v_late_events WHERE $__timeFilter(noticed) GROUP BY time, process ORDER BY time, process""",
                series=True,
            ),
            bars=True,
            stacked=True,
            width=10,
            height=8,
            least="5m",
            links=(Link("Late events", "/exceptions?kind=late"),),
        ),
    ),
)

PIPELINE = Dashboard(
    "flowglass-pipeline",
    "Flowglass · Pipeline health",
    "Whether what the other dashboards show is complete and fresh.",
    Link("Flowglass: Exceptions", "/exceptions"),
    (_NOW, _FRESHNESS, STORING, TELLING),
    (SIMULATED,),
    since="now-6h",
    refresh="30s",
)
