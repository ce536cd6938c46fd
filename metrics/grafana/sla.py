"""SLA: which share of cases meets what was agreed, where it misses, and whether it is getting better."""

from metrics.grafana.fragments import (
    ANY,
    ATTAINMENT,
    CASE_FIELD,
    CASES,
    DECIDED,
    FACILITY,
    FEW,
    OVERDUE,
    PLAIN,
    PROCESS,
    SIMULATED,
    simulated_panel,
)
from metrics.grafana.model import Dashboard, Field, Link, Panel, Row, Sql

_CLOCKS = f"""SELECT toString(process) AS process, toString(sla) AS sla, toString(facility) AS facility,
         toString(department) AS department, toString(owner) AS owner, status = 'met' AS is_met, net_us / 1e6 AS net,
         target_us / 1e6 AS target, {DECIDED} AS decided
  FROM v_clocks WHERE status IN ('met', 'breached') AND {CASES}"""
"""Clocks with an outcome; `decided` says since when."""

_PERIOD = f"FROM (\n  {_CLOCKS}\n)\nWHERE $__timeFilter(decided)"

_SUMMARY = Row(
    "In this period",
    (
        Panel(
            "Attainment",
            "Share of the SLAs decided in this period that were met. Objectives and error budgets are on the page SLA.",
            "stat",
            Sql(f"SELECT if(count() = 0, NULL, countIf(is_met) / count()) AS attainment\n{_PERIOD}"),
            unit="percentunit",
            steps=ATTAINMENT,
            decimals=1,
            nothing="none decided",
            links=(Link("Objectives and budgets", "/sla"),),
        ),
        Panel(
            "Decided",
            "SLAs that were met or missed in this period. With a handful of them, a share says little.",
            "stat",
            Sql(f"SELECT count() AS outcomes\n{_PERIOD}"),
            steps=PLAIN,
        ),
        Panel(
            "Missed",
            "SLAs whose deadline passed in this period, those of cases that still wait among them.",
            "stat",
            Sql(f"SELECT countIf(NOT is_met) AS missed\n{_PERIOD}"),
            steps=ANY,
            links=(Link("Breached cases", "/cases?list=breached"),),
        ),
        Panel(
            "Overdue now",
            "SLAs that are missed while the case still waits, however long ago they ran out.",
            "stat",
            Sql(f"SELECT count() AS overdue FROM v_clocks WHERE {OVERDUE} AND {CASES}"),
            steps=ANY,
            links=(Link("Breached cases", "/cases?list=breached"),),
        ),
        Panel(
            "At risk now",
            "SLAs of open cases that run out soon: those that can still be saved.",
            "stat",
            Sql(
                f"SELECT count() AS at_risk FROM v_clocks WHERE status = 'at_risk' AND case_status = 'open' AND {CASES}"
            ),
            steps=FEW,
            links=(Link("Cases at risk", "/cases?list=at_risk"),),
        ),
        simulated_panel(),
    ),
)

_TREND = Row(
    "Is it getting better?",
    (
        Panel(
            "Attainment by SLA",
            "Share met of the SLAs decided in each step of time.",
            "timeseries",
            Sql(
                f"""SELECT $__timeInterval(decided) AS time, concat(process, ' · ', sla) AS sla,
       countIf(is_met) / count() AS attainment
{_PERIOD}
GROUP BY time, sla ORDER BY time, sla""",
                series=True,
            ),
            unit="percentunit",
            steps=ATTAINMENT,
            width=12,
            height=9,
            least="1d",
        ),
        Panel(
            "Time taken",
            "Median and 90th percentile of the net time (on the calendar, pauses excluded) of what was decided.",
            "timeseries",
            Sql(
                f"""SELECT $__timeInterval(decided) AS time, concat(process, ' · ', sla) AS sla,
       quantileExact(0.5)(net) AS median, quantileExact(0.9)(net) AS p90
{_PERIOD}
GROUP BY time, sla ORDER BY time, sla""",
                series=True,
            ),
            unit="s",
            width=12,
            height=9,
            least="1d",
        ),
        Panel(
            "Met and missed",
            "How many were decided: a share of few swings for no reason.",
            "timeseries",
            Sql(
                f"""SELECT $__timeInterval(decided) AS time, if(is_met, 'met', 'missed') AS outcome, count() AS slas
{_PERIOD}
GROUP BY time, outcome ORDER BY time, outcome""",
                series=True,
            ),
            bars=True,
            stacked=True,
            width=12,
            height=8,
            least="1d",
        ),
        Panel(
            "Share of the target used",
            "How near to their limit the cases were decided. A hill just below 100 % is one holiday away from missing.",
            "barchart",
            Sql(f"""SELECT multiIf(used < 0.25, '0–25 %', used < 0.5, '25–50 %', used < 0.75, '50–75 %',
               used < 1, '75–100 %', used < 1.5, '100–150 %', 'over 150 %') AS used_of_target, count() AS slas
FROM (SELECT net / target AS used
{_PERIOD} AND target > 0)
GROUP BY used_of_target ORDER BY min(used)"""),
            width=12,
            height=8,
        ),
    ),
)

_CONTRAST = Row(
    "Where and why",
    (
        Panel(
            "SLAs",
            "Attainment counts overdue cases as missed, however long ago they ran out, as `flowglass sla` does.",
            "table",
            Sql(f"""SELECT process, sla, countIf(is_met AND inside) AS met, countIf(is_missed AND inside) AS missed,
       countIf(is_overdue) AS overdue, met / (met + missed + overdue) AS attainment,
       quantileExactIf(0.5)(net, inside AND NOT is_overdue) AS median,
       quantileExactIf(0.9)(net, inside AND NOT is_overdue) AS p90, any(target) AS target
FROM (
  SELECT toString(process) AS process, toString(sla) AS sla, net_us / 1e6 AS net, target_us / 1e6 AS target,
         status = 'met' AS is_met, {OVERDUE} AS is_overdue, status = 'breached' AND NOT is_overdue AS is_missed,
         {DECIDED} AS decided, decided >= $__fromTime AND decided <= $__toTime AS inside
  FROM v_clocks WHERE status IN ('met', 'breached') AND {CASES}
)
GROUP BY process, sla
HAVING met + missed + overdue > 0
ORDER BY attainment, process, sla LIMIT 200"""),
            fields=(
                Field(
                    "process", "Process", link=Link("Page SLA", "/sla?process=${__data.fields.process:percentencode}")
                ),
                Field("sla", "SLA"),
                Field("met", "Met"),
                Field("missed", "Missed"),
                Field("overdue", "Overdue", steps=ANY),
                Field("attainment", "Attainment", unit="percentunit", steps=ATTAINMENT),
                Field("median", "Median", unit="s"),
                Field("p90", "90 %", unit="s"),
                Field("target", "Target", unit="s"),
            ),
            width=12,
            height=10,
        ),
        Panel(
            "Facilities and departments",
            "Where SLAs are missed most. Compare shares, not counts: a large facility misses more.",
            "table",
            Sql(f"""SELECT facility, department, owner, count() AS outcomes, countIf(NOT is_met) AS missed,
       countIf(is_met) / count() AS attainment
{_PERIOD}
GROUP BY facility, department, owner ORDER BY missed DESC, facility, department, owner LIMIT 100"""),
            fields=(
                Field("facility", "Facility"),
                Field("department", "Department"),
                Field("owner", "Owner"),
                Field("outcomes", "Decided"),
                Field("missed", "Missed"),
                Field("attainment", "Attainment", unit="percentunit", steps=ATTAINMENT),
            ),
            width=12,
            height=10,
        ),
        Panel(
            "Longest overdue",
            "Cases that missed an SLA and still wait, the oldest first.",
            "table",
            Sql(f"""SELECT toString(process) AS process, case_id, toString(sla) AS sla, toString(state) AS state,
       toString(owner) AS owner, toString(facility) AS facility, dateDiff('second', deadline, now64(6, 'UTC')) AS over,
       amount, toString(currency) AS currency
FROM v_clocks
WHERE {OVERDUE} AND deadline IS NOT NULL AND {CASES}
ORDER BY deadline, process, case_id LIMIT 50"""),
            fields=(
                Field("process", "Process"),
                CASE_FIELD,
                Field("sla", "SLA"),
                Field("state", "Waits in"),
                Field("owner", "Owner"),
                Field("facility", "Facility"),
                Field("over", "Over by", unit="s"),
                Field("amount", "Amount"),
                Field("currency", "Currency"),
            ),
            width=14,
            height=9,
        ),
        Panel(
            "Numbers that changed",
            "Outcomes that were told and then changed, and why: a late event or a new definition.",
            "table",
            Sql("""SELECT noticed, toString(process) AS process, case_id, toString(clock) AS sla,
       toString(cause) AS cause, toString(old_status) AS was, toString(new_status) AS became
FROM v_restatements
WHERE $__timeFilter(noticed) AND $__conditionalAll(process IN (${process:singlequote}), $process)
ORDER BY noticed DESC, process, case_id LIMIT 100"""),
            fields=(
                Field("noticed", "Noticed"),
                Field("process", "Process"),
                CASE_FIELD,
                Field("sla", "SLA"),
                Field("cause", "Cause"),
                Field("was", "Was"),
                Field("became", "Became"),
            ),
            links=(Link("Restated cases", "/exceptions?kind=restated"),),
            width=10,
            height=9,
        ),
    ),
)

SLA = Dashboard(
    "flowglass-sla",
    "Flowglass · SLA",
    "Attainment, cycle times, where SLAs are missed, and which numbers changed afterwards.",
    Link("Flowglass: SLA", "/sla"),
    (_SUMMARY, _TREND, _CONTRAST),
    (PROCESS, FACILITY, SIMULATED),
    since="now-30d",
    refresh="5m",
)
