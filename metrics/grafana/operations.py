"""Operations: what is stuck, whom it hurts, and what fires. For the engineer on duty and the process owner."""

from metrics.grafana.fragments import (
    ANY,
    CASE_FIELD,
    CASES,
    FACILITY,
    FEW,
    LEFT,
    MARKED,
    OVERDUE,
    PLAIN,
    PROCESS,
    SIMULATED,
    simulated_panel,
)
from metrics.grafana.model import Dashboard, Field, Link, Panel, Row, Sql, Step

_NOW = Row(
    "Now",
    (
        Panel(
            "Open cases",
            "Cases that have begun and not ended.",
            "stat",
            Sql(f"SELECT count() AS open FROM v_cases WHERE status = 'open' AND {CASES}"),
            steps=PLAIN,
            links=(Link("Open cases", "/cases?list=open"),),
            width=3,
        ),
        Panel(
            "At risk",
            "Open cases with an SLA that runs out soon. Still time to act: the list is below.",
            "stat",
            Sql(
                "SELECT uniqExact(process, case_id) AS at_risk FROM v_clocks\n"
                f"WHERE status = 'at_risk' AND case_status = 'open' AND {CASES}"
            ),
            steps=FEW,
            links=(Link("Cases at risk", "/cases?list=at_risk"),),
            width=3,
        ),
        Panel(
            "Overdue",
            "Open cases that have missed an SLA and still wait.",
            "stat",
            Sql(f"SELECT uniqExact(process, case_id) AS overdue FROM v_clocks\nWHERE {OVERDUE} AND {CASES}"),
            steps=ANY,
            links=(Link("Breached cases", "/cases?list=breached"),),
            width=3,
        ),
        Panel(
            "Money in overdue cases",
            "Amounts of the overdue cases, by currency. Documents that several cases share count in each.",
            "stat",
            Sql(f"""SELECT toString(currency) AS currency, toFloat64(sum(toDecimal128OrZero(amount, 4))) AS money
FROM (SELECT DISTINCT process, case_id, amount, currency FROM v_clocks WHERE {OVERDUE} AND amount != '' AND {CASES})
GROUP BY currency ORDER BY currency"""),
            steps=PLAIN,
            each=True,
            decimals=0,
            nothing="none",
        ),
        Panel(
            "Alerts that fire",
            "Alerts by cause: one broken interface is one alert, however many cases it holds up.",
            "stat",
            Sql(f"SELECT count() AS alerts FROM v_alerts WHERE status = 'firing' AND kind != 'deadman' AND {MARKED}"),
            steps=ANY,
            links=(Link("Alerts", "/alerts"),),
            width=3,
        ),
        Panel(
            "Exceptions",
            "Faults of data quality that nobody has resolved, each with an owner.",
            "stat",
            Sql(
                f"SELECT count() AS open FROM v_quality_findings\nWHERE status IN ('open', 'acknowledged') AND {MARKED}"
            ),
            steps=FEW,
            links=(Link("Data quality", "/data-quality"),),
            width=3,
        ),
        Panel(
            "Newest event",
            "Age of the newest event of any live feed. When it grows, the numbers around it are old, and a quiet "
            "dashboard means nothing: see Pipeline health.",
            "stat",
            Sql(
                "SELECT if(count() = 0, NULL, dateDiff('second', max(watermark), now64(6, 'UTC'))) AS age\n"
                f"FROM v_feeds WHERE phase = 'live' AND {MARKED}"
            ),
            unit="s",
            steps=(Step(None, "good"), Step(300, "watch"), Step(900, "bad")),
            nothing="no live feed",
            width=3,
        ),
        simulated_panel(),
    ),
)

_FLOW = Row(
    "Flow",
    (
        Panel(
            "Cases opened and closed",
            "When more open than close for long, work piles up.",
            "timeseries",
            Sql(
                f"""SELECT $__timeInterval(at) AS time, what, count() AS cases
FROM (
  SELECT first_time AS at, 'opened' AS what FROM v_cases WHERE {CASES}
  UNION ALL
  SELECT last_time AS at, 'closed' AS what FROM v_cases WHERE status = 'closed' AND {CASES}
)
WHERE $__timeFilter(at)
GROUP BY time, what ORDER BY time, what""",
                series=True,
            ),
            bars=True,
            width=12,
            height=8,
            least="5m",
        ),
        Panel(
            "SLAs breached",
            "Breaches by SLA at the time of their deadline, whether or not the case has gone on since.",
            "timeseries",
            Sql(
                f"""SELECT $__timeInterval(deadline) AS time, concat(process, ' · ', sla) AS sla, count() AS breaches
FROM v_clocks
WHERE status = 'breached' AND $__timeFilter(deadline) AND {CASES}
GROUP BY time, sla ORDER BY time, sla""",
                series=True,
            ),
            bars=True,
            stacked=True,
            width=12,
            height=8,
            least="5m",
        ),
    ),
)

_WAITING = Row(
    "Where cases wait",
    (
        Panel(
            "Stages",
            "Open cases by the state in which they wait; one in several branches counts in each. A log without a "
            "definition has no states.",
            "table",
            Sql(f"""SELECT process, stage, count() AS cases, countIf(has(`clock.status`, 'breached')) AS breached,
       countIf(has(`clock.status`, 'at_risk') AND NOT has(`clock.status`, 'breached')) AS at_risk,
       quantileExact(0.5)(greatest(dateDiff('second', state_since, now64(6, 'UTC')), 0)) AS median_wait
FROM (
  SELECT toString(process) AS process, arrayJoin(splitByString(' + ', toString(state))) AS stage,
         state_since, `clock.status`
  FROM v_cases WHERE status = 'open' AND {CASES}
)
GROUP BY process, stage ORDER BY breached DESC, at_risk DESC, cases DESC LIMIT 100"""),
            fields=(
                Field("process", "Process"),
                Field(
                    "stage",
                    "Stage",
                    link=Link(
                        "Cases in this stage",
                        "/cases?list=open&process=${__data.fields.process:percentencode}"
                        "&state=${__data.fields.stage:percentencode}",
                    ),
                ),
                Field("cases", "Cases"),
                Field("breached", "Breached", steps=ANY),
                Field("at_risk", "At risk", steps=FEW),
                Field("median_wait", "Median wait", unit="s"),
            ),
            width=12,
            height=10,
        ),
        Panel(
            "Runs out next",
            "SLAs of open cases by the time left. Negative: overdue. Act from the top.",
            "table",
            Sql(f"""SELECT toString(process) AS process, case_id, toString(sla) AS sla, toString(owner) AS owner,
       toString(facility) AS facility, dateDiff('second', now64(6, 'UTC'), deadline) AS time_left
FROM v_clocks
WHERE case_status = 'open' AND stopped IS NULL AND deadline > now64(6, 'UTC') - INTERVAL 7 DAY
  AND status IN ('running', 'at_risk', 'breached') AND {CASES}
ORDER BY deadline, process, case_id LIMIT 50"""),
            fields=(
                Field("process", "Process"),
                CASE_FIELD,
                Field("sla", "SLA"),
                Field("owner", "Owner"),
                Field("facility", "Facility"),
                Field("time_left", "Time left", unit="s", steps=LEFT),
            ),
            width=12,
            height=10,
        ),
    ),
)

_TOLD = Row(
    "Alerts and feeds",
    (
        Panel(
            "Firing, by cause",
            "What fires and who answers for it. A click opens the alert with its cases and whether it was told.",
            "table",
            Sql(f"""SELECT transform(toString(severity), ['critical', 'warning'], ['✗ critical', '⚠ warning']) AS level,
       toString(kind) AS kind, cause, toString(process) AS process, toString(owner) AS owner,
       count AS cases, detail, assumeNotNull(fired) AS since, alert_id
FROM v_alerts
WHERE status = 'firing' AND kind != 'deadman' AND fired IS NOT NULL AND {MARKED}
ORDER BY transform(toString(severity), ['critical', 'warning'], [1, 2], 3), fired, alert_id LIMIT 100"""),
            fields=(
                Field("level", "Severity"),
                Field("kind", "Kind", link=Link("Open the alert", "/alerts?alert=${__data.fields.alert_id}")),
                Field("cause", "Cause"),
                Field("process", "Process"),
                Field("owner", "Owner"),
                Field("cases", "Count"),
                Field("detail", "What is wrong"),
                Field("since", "Since"),
                Field("alert_id", hidden=True),
            ),
            width=15,
            height=9,
        ),
        Panel(
            "Feeds",
            "When each stream was last heard of, and how far its events have come. A silent feed makes `0` worthless.",
            "table",
            Sql(f"""SELECT feed, toString(phase) AS phase, watermark,
       dateDiff('second', last_seen, now64(6, 'UTC')) AS silent
FROM v_feeds WHERE {MARKED} ORDER BY silent, feed LIMIT 100"""),
            fields=(
                Field("feed", "Feed"),
                Field("phase", "Phase"),
                Field("watermark", "Newest event"),
                Field(
                    "silent", "Silent for", unit="s", steps=(Step(None, "good"), Step(300, "watch"), Step(900, "bad"))
                ),
            ),
            width=9,
            height=9,
        ),
    ),
)

OPERATIONS = Dashboard(
    "flowglass-operations",
    "Flowglass · Operations",
    "What is stuck, where, whom it hurts, and what fires.",
    Link("Flowglass: Operations", "/"),
    (_NOW, _FLOW, _WAITING, _TOLD),
    (PROCESS, FACILITY, SIMULATED),
)
