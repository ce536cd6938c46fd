"""What several dashboards share: filters, lists above them, thresholds, links to cases."""

from metrics.grafana.model import Choice, Field, Link, Options, Panel, Sql, Step

PROCESS = Choice(
    "process", "Process", Sql("SELECT DISTINCT toString(process) AS process FROM v_cases ORDER BY process")
)
FACILITY = Choice(
    "facility",
    "Facility",
    Sql("SELECT DISTINCT toString(facility) AS facility FROM v_cases WHERE facility != '' ORDER BY facility"),
)
SIMULATED = Options("simulated", "Data", (("Everything", "all"), ("Real", "0"), ("Simulated", "1")))

MARKED = "has(['all', toString(simulated)], ${simulated:singlequote})"
"""Keeps to real or simulated rows, in any view with a column `simulated`."""

CASES = f"""$__conditionalAll(process IN (${{process:singlequote}}), $process)
  AND $__conditionalAll(facility IN (${{facility:singlequote}}), $facility)
  AND {MARKED}"""
"""The lists Process, Facility and Data, in v_cases, v_clocks and v_milestones."""

OVERDUE = "status = 'breached' AND case_status = 'open' AND stopped IS NULL"
"""In v_clocks: the SLA is missed and the case still waits."""

DECIDED = "ifNull(coalesce(if(status = 'breached', deadline, stopped), stopped), toDateTime64(0, 6, 'UTC'))"
"""In v_clocks: when it was decided whether the SLA was met. A breach is decided at its deadline."""

ANY = (Step(None, "good"), Step(1, "bad"))
"""One is too many."""

FEW = (Step(None, "good"), Step(1, "watch"))
"""One is worth a look."""

PLAIN = (Step(None, "plain"),)
ATTAINMENT = (Step(None, "bad"), Step(0.8, "watch"), Step(0.9, "good"))
"""Shares that met their SLA. Objectives of definitions lie between 80 and 95 %; the page SLA knows each one."""

ERRORS = (Step(None, "good"), Step(0.01, "watch"), Step(0.05, "bad"))
"""Shares of calls that failed; from 5 % on Flowglass marks a lane amber and red."""

LEFT = (Step(None, "bad"), Step(0, "watch"), Step(14_400, "good"))
"""Seconds until a deadline; four hours are half a working day."""

CASE = Link(
    "Open the case", "/case?process=${__data.fields.process:percentencode}&id=${__data.fields.case_id:percentencode}"
)
CASE_FIELD = Field("case_id", "Case", link=CASE)


def simulated_panel(source: str = f"v_cases WHERE {CASES}") -> Panel:
    """Says whether what is shown is real: simulated data is marked wherever it is. `source`: what is shown."""
    return Panel(
        "Kind of data",
        "Whether simulated data is among what is shown. `flowglass purge --simulated` removes it.",
        "stat",
        Sql(f"SELECT if(count() = 0, NULL, max(simulated)) AS marked FROM {source}"),
        steps=(Step(None, "good"), Step(1, "watch")),
        words=(("0", "✓ real"), ("1", "⚠ simulated")),
        nothing="nothing yet",
    )


def quantile(share: float, histogram: str, *labels: str) -> str:
    """PromQL for a quantile (0 to 1) of a histogram, one series for each value of the labels."""
    by = ", ".join((*labels, "le"))
    return f"histogram_quantile({share}, sum by ({by}) (rate({histogram}_bucket[$__rate_interval])))"
