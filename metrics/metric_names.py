"""Every metric that Flowglass exposes about itself: name, kind, labels and meaning, once.

Names follow Prometheus: `flowglass_` first, the unit last, `_total` for counters. A label takes few values: never a
case, an object or a person.
"""

from typing import Literal, NamedTuple

Kind = Literal["counter", "gauge", "histogram"]


class Metric(NamedTuple):
    """`buckets` are upper bounds in the metric's unit, for histograms."""

    name: str
    kind: Kind
    about: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)

# Reading: how much came in, and how far behind the log's end a worker is.
RECORDS_READ = Metric("flowglass_records_read_total", "counter", "Records read from a topic.", ("topic",))
RECORDS_LAG = Metric(
    "flowglass_lag_records", "gauge", "Records from the last commit to the end.", ("topic", "partition")
)
BACKLOG_RECORDS = Metric("flowglass_backlog_records", "gauge", "Records still to read in all partitions of a worker.")
BACKLOG_AGE = Metric(
    "flowglass_backlog_age_seconds", "gauge", "Age of the oldest record that is still to read, to a batch; 0: none."
)
BACKLOG_LEFT = Metric(
    "flowglass_backlog_left_seconds", "gauge", "Until the backlog is read, at its pace; -1: it does not get shorter."
)
WATERMARK = Metric("flowglass_watermark_seconds", "gauge", "A feed's newest event time, Unix seconds.", ("feed",))

# Refusing: nothing is dropped silently, so each way out of the main path is counted.
DEAD_LETTERS = Metric("flowglass_dead_letters_total", "counter", "Messages nobody could read.", ("topic", "reason"))
PRIVACY_DROPPED = Metric(
    "flowglass_privacy_dropped_total", "counter", "Attributes that privacy's rules keep out.", ("type",)
)
PRIVACY_UNKNOWN = Metric(
    "flowglass_privacy_unknown_words_total", "counter", "Different words that became tokens.", ("attribute",)
)

# Data quality: what was observed of objects, and what is wrong with them now.
QUALITY_FACTS = Metric("flowglass_quality_facts_total", "counter", "New facts about objects.", ("kind",))
QUALITY_OPEN = Metric("flowglass_quality_open_findings", "gauge", "Exceptions that are open.", ("domain", "kind"))

# Cases: what a worker holds in memory.
OPEN_CASES = Metric("flowglass_open_cases", "gauge", "Open cases in this worker's memory.", ("process",))

# Flushing: facts, messages, state, commit.
FLUSHES = Metric("flowglass_flushes_total", "counter", "Flushes that were committed.")
FLUSH_UNDER_WAY = Metric("flowglass_flush_under_way_seconds", "gauge", "Age of the flush under way; 0: none.")
FLUSH_SECONDS = Metric("flowglass_flush_seconds", "histogram", "Duration of a flush, retries included.", (), _SECONDS)

# The store, as its writer sees it.
STORE_ROWS = Metric("flowglass_store_rows_total", "counter", "Rows sent to the store.", ("table",))

# The gateway: what comes over HTTP. `path` is a declared one, `sender` one of the file of senders.
GATEWAY_REQUESTS = Metric(
    "flowglass_gateway_requests_total", "counter", "Requests answered.", ("path", "sender", "status")
)
GATEWAY_MESSAGES = Metric(
    "flowglass_gateway_messages_total",
    "counter",
    "Messages that the broker acknowledged (taken), or that nobody could read (refused).",
    ("path", "sender", "outcome"),
)
GATEWAY_SECONDS = Metric(
    "flowglass_gateway_seconds", "histogram", "One request, acknowledgement included.", ("path",), _SECONDS
)
GATEWAY_HELD_BYTES = Metric("flowglass_gateway_held_bytes", "gauge", "Bodies read and not acknowledged yet.")

# Alerting: what fires, and what becomes of messages. `receiver` is one of the alerts file.
ALERTS = Metric("flowglass_alerts", "gauge", "Alerts by kind and status.", ("kind", "status"))
ALERT_OWNER = Metric("flowglass_alert_owner", "gauge", "1 while this program is the one that tells alerts.")
ALERT_ROUND_SECONDS = Metric("flowglass_alert_round_seconds", "histogram", "One look at all conditions.", (), _SECONDS)
ALERT_ROUND_TIME = Metric("flowglass_alert_round_timestamp_seconds", "gauge", "When it last ended, Unix seconds.")
ALERT_CONDITION_FAILURES = Metric(
    "flowglass_alert_condition_failures_total", "counter", "Looks at a condition that failed.", ("kind",)
)
ALERT_MESSAGES = Metric(
    "flowglass_alert_messages_total",
    "counter",
    "Messages delivered or refused, and messages whose first attempt failed.",
    ("receiver", "outcome"),
)
ALERT_QUEUE = Metric("flowglass_alert_queue_messages", "gauge", "Messages that wait for their receiver.", ("receiver",))

# Objectives, as alerting sees them. Process and SLA are names of definitions.
OBJECTIVE_ATTAINMENT = Metric(
    "flowglass_objective_attainment_ratio", "gauge", "Cases met of those decided.", ("process", "sla", "simulated")
)
OBJECTIVE_TARGET = Metric(
    "flowglass_objective_target_ratio", "gauge", "The share that is asked for.", ("process", "sla", "simulated")
)
OBJECTIVE_BUDGET = Metric(
    "flowglass_objective_budget_left_cases", "gauge", "Cases that may still miss.", ("process", "sla", "simulated")
)

ALL: tuple[Metric, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Metric))
