"""Integrations: which interface fails or slows down, what could not be read, and which changes do not arrive."""

from metrics.grafana.arrivals import ARRIVING, REFUSED
from metrics.grafana.fragments import ANY, ERRORS, FEW, MARKED, PLAIN, SIMULATED, simulated_panel
from metrics.grafana.model import Dashboard, Field, Link, Panel, Row, Sql

_TELLER = "transform(toString(kind), ['client', 'producer', 'internal'], [1, 2, 3], 9)"
_CALLS = f"""FROM (
  SELECT interface, service, start, status, duration_ns, {_TELLER} AS teller
  FROM v_call_records WHERE $__timeFilter(start)
  ORDER BY origin, position LIMIT 1 BY trace_id, span_id
)
WHERE (interface, teller) IN (
  SELECT interface, min({_TELLER}) FROM v_call_records WHERE $__timeFilter(start) GROUP BY interface
)"""
"""Calls once each, told by who knows best: a caller before a producer before a hub, as the page counts them."""


def _over_time(value: str) -> Sql:
    return Sql(
        f"""SELECT $__timeInterval(start) AS time, toString(interface) AS interface,
       {value}
{_CALLS}
GROUP BY time, interface ORDER BY time, interface""",
        series=True,
    )


_SUMMARY = Row(
    "In this period",
    (
        Panel(
            "All calls",
            "Calls between systems, redelivered spans counted once.",
            "stat",
            Sql(f"SELECT count() AS calls\n{_CALLS}"),
            steps=PLAIN,
            links=(Link("Integrations", "/integrations"),),
        ),
        Panel(
            "Failed",
            "Share of the calls that failed.",
            "stat",
            Sql(f"SELECT if(count() = 0, NULL, countIf(status = 'error') / count()) AS failed\n{_CALLS}"),
            unit="percentunit",
            steps=ERRORS,
            decimals=1,
            nothing="no calls",
        ),
        Panel(
            "Interfaces that fail",
            "Interfaces of which one call in twenty or more failed.",
            "stat",
            Sql(f"""SELECT countIf(failed >= 0.05) AS interfaces
FROM (SELECT interface, countIf(status = 'error') / count() AS failed
{_CALLS}
GROUP BY interface)"""),
            steps=ANY,
            links=(Link("Integrations", "/integrations"),),
        ),
        Panel(
            "Dead letters that wait",
            "Messages that nobody could read and nobody has brought back, whenever they came. None is lost.",
            "stat",
            Sql(
                f"SELECT uniqExact(message) AS letters FROM v_dead_letter_states WHERE state != 'replayed' AND {MARKED}"
            ),
            steps=FEW,
            links=(Link("Dead letters", "/dead-letters"),),
        ),
        Panel(
            "Sources kept away",
            "Sources that are paused, by a limit or by a person, until `flowglass source resume`.",
            "stat",
            Sql("SELECT countIf(paused = 1) AS paused FROM v_source_pauses"),
            steps=ANY,
            links=(Link("Dead letters", "/dead-letters"),),
        ),
        Panel(
            "Broken contracts",
            "Events that could be read and do not keep what their type promises.",
            "stat",
            Sql(f"SELECT count() AS events FROM v_contract_breach_records WHERE $__timeFilter(noted) AND {MARKED}"),
            steps=FEW,
            links=(Link("Contract breaches", "/data-quality?fault=contract"),),
        ),
        simulated_panel(f"v_feeds WHERE {MARKED}"),
    ),
)

_FLOW = Row(
    "Interfaces",
    (
        Panel(
            "Calls, by interface",
            "Throughput by interface. One that stops is as bad as one that fails.",
            "timeseries",
            _over_time("count() / $__interval_s AS calls"),
            unit="reqps",
            width=8,
            height=9,
            least="1m",
        ),
        Panel(
            "Failed, by interface",
            "Share of calls that failed.",
            "timeseries",
            _over_time("countIf(status = 'error') / count() AS failed"),
            unit="percentunit",
            steps=ERRORS,
            width=8,
            height=9,
            least="5m",
        ),
        Panel(
            "Latency, by interface",
            "95th percentile of the time a call took.",
            "timeseries",
            _over_time("quantileExact(0.95)(duration_ns) / 1e9 AS p95"),
            unit="s",
            width=8,
            height=9,
            least="5m",
        ),
        Panel(
            "All interfaces",
            "The worst first. A click leads to its systems, its failures and the cases and money behind it.",
            "table",
            Sql(f"""SELECT toString(interface) AS interface, count() AS calls, countIf(status = 'error') AS errors,
       errors / calls AS failed, quantileExact(0.5)(duration_ns) / 1e9 AS median,
       quantileExact(0.95)(duration_ns) / 1e9 AS p95, max(start) AS last
{_CALLS}
GROUP BY interface ORDER BY failed DESC, calls DESC LIMIT 200"""),
            fields=(
                Field(
                    "interface",
                    "Interface",
                    link=Link("Open the interface", "/integrations?interface=${__data.fields.interface:percentencode}"),
                ),
                Field("calls", "Calls"),
                Field("errors", "Errors"),
                Field("failed", "Failed", unit="percentunit", steps=ERRORS),
                Field("median", "Median", unit="s"),
                Field("p95", "95 %", unit="s"),
                Field("last", "Last call"),
            ),
            width=24,
            height=9,
        ),
    ),
)

INTEGRATIONS = Dashboard(
    "flowglass-integrations",
    "Flowglass · Integrations",
    "Which interface fails or slows down, what could not be read, and which changes do not arrive.",
    Link("Flowglass: Integrations", "/integrations"),
    (_SUMMARY, _FLOW, REFUSED, ARRIVING),
    (SIMULATED,),
)
