"""Rows about what could not be read, and about changes that do not arrive where they should."""

from metrics.grafana.fragments import ANY, FEW, MARKED, quantile
from metrics.grafana.model import Field, Link, Panel, Prom, Row, Sql, Step

REFUSED = Row(
    "What could not be read",
    (
        Panel(
            "Dead letters",
            "Messages that could not be read, by reason and time of receipt.",
            "timeseries",
            Sql(
                f"""SELECT $__timeInterval(ingested) AS time, toString(reason) AS reason, count() AS letters
FROM v_dead_letter_states
WHERE $__timeFilter(ingested) AND {MARKED}
GROUP BY time, reason ORDER BY time, reason""",
                series=True,
            ),
            bars=True,
            stacked=True,
            width=10,
            height=8,
            least="5m",
        ),
        Panel(
            "Waiting, by source",
            "Who has to repair what. After the mapping is repaired, `flowglass dlq replay` brings them back.",
            "table",
            Sql(f"""SELECT source_name AS source, toString(owner) AS owner, toString(reason) AS reason,
       uniqExact(message) AS letters, max(ingested) AS newest
FROM v_dead_letter_states
WHERE state != 'replayed' AND {MARKED}
GROUP BY source, owner, reason ORDER BY letters DESC, source, reason LIMIT 100"""),
            fields=(
                Field(
                    "source",
                    "Source",
                    link=Link("Letters of this source", "/dead-letters?source=${__data.fields.source:percentencode}"),
                ),
                Field("owner", "Owner"),
                Field("reason", "Reason"),
                Field("letters", "Letters", steps=FEW),
                Field("newest", "Newest"),
            ),
            width=14,
            height=8,
        ),
        Panel(
            "Contract breaches",
            "Which source breaks which contract, in this period.",
            "table",
            Sql(f"""SELECT toString(source) AS source, toString(type) AS type, toString(domain) AS domain,
       count() AS events, max(noted) AS newest
FROM v_contract_breach_records
WHERE $__timeFilter(noted) AND {MARKED}
GROUP BY source, type, domain ORDER BY events DESC, source, type LIMIT 100"""),
            fields=(
                Field("source", "Source"),
                Field("type", "Type", link=Link("Contract breaches", "/data-quality?fault=contract")),
                Field("domain", "Domain"),
                Field("events", "Events", steps=FEW),
                Field("newest", "Newest"),
            ),
            width=10,
            height=8,
        ),
        Panel(
            "Nightly files",
            "Files that were refused, are not complete, or whose totals do not add up from source to store.",
            "table",
            Sql(f"""SELECT seen, toString(system) AS system, name, toString(state) AS state,
       toString(`check`) AS totals, reason, rows, rows_declared AS declared, rows_dead AS dead
FROM v_file_exceptions WHERE {MARKED} ORDER BY seen DESC, system, name LIMIT 100"""),
            fields=(
                Field("seen", "Seen"),
                Field("system", "System"),
                Field("name", "File", link=Link("Nightly files", "/data-quality?fault=file")),
                Field("state", "State"),
                Field("totals", "Totals"),
                Field("reason", "Why"),
                Field("rows", "Rows"),
                Field("declared", "Declared"),
                Field("dead", "Dead"),
            ),
            width=14,
            height=8,
        ),
    ),
)

ARRIVING = Row(
    "What does not arrive",
    (
        Panel(
            "Propagation",
            "How fast changes in a system of record are seen in each target, against what its domain accepts.",
            "table",
            Sql(f"""SELECT toString(domain) AS domain, toString(field_group) AS change, toString(system) AS system,
       toString(target) AS target, changes, pending, late, missing, share_within,
       median_us / 1e6 AS median, p90_us / 1e6 AS p90, accepted_us / 1e6 AS accepted
FROM v_quality_latency
WHERE {MARKED}
ORDER BY share_within, missing DESC, domain, change, target LIMIT 200"""),
            fields=(
                Field("domain", "Domain", link=Link("Propagation", "/data-quality?fault=propagation")),
                Field("change", "What changes"),
                Field("system", "System of record"),
                Field("target", "Target"),
                Field("changes", "Changes"),
                Field("pending", "Pending"),
                Field("late", "Late", steps=FEW),
                Field("missing", "Missing", steps=ANY),
                Field("share_within", "In time", unit="percentunit", steps=(Step(None, "bad"), Step(0.95, "good"))),
                Field("median", "Median", unit="s"),
                Field("p90", "90 %", unit="s"),
                Field("accepted", "Accepted", unit="s"),
            ),
            width=14,
            height=9,
        ),
        Panel(
            "Exceptions, by domain",
            "Contradictions, duplicates, unmapped and missing records that nobody has resolved.",
            "table",
            Sql(f"""SELECT toString(domain) AS domain, toString(kind) AS kind, sum(findings) AS open,
       min(oldest) AS oldest
FROM v_quality_counts
WHERE status IN ('open', 'acknowledged') AND {MARKED}
GROUP BY domain, kind ORDER BY open DESC, domain, kind LIMIT 100"""),
            fields=(
                Field(
                    "domain",
                    "Domain",
                    link=Link("Exceptions", "/data-quality?domain=${__data.fields.domain:percentencode}"),
                ),
                Field("kind", "Kind"),
                Field("open", "Open", steps=FEW),
                Field("oldest", "Oldest"),
            ),
            width=10,
            height=9,
        ),
        Panel(
            "HTTP intake",
            "Requests answered, by status. 401 and 403: a sender's secret is wrong; 503: the broker is away.",
            "timeseries",
            Prom("sum by (status) (rate(flowglass_gateway_requests_total[$__rate_interval]))", "{{status}}"),
            unit="reqps",
            stacked=True,
            width=12,
            height=8,
        ),
        Panel(
            "HTTP intake: how long a sender waits",
            "99th percentile of a request, acknowledgement of the broker included.",
            "timeseries",
            Prom(
                quantile(0.99, "flowglass_gateway_seconds", "path"),
                "{{path}}",
            ),
            unit="s",
            steps=(Step(None, "good"), Step(1, "watch"), Step(5, "bad")),
            width=12,
            height=8,
        ),
    ),
)
