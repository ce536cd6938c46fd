"""A reach as a database of its own: views of the same names, each showing only what the reach allows.

Whoever reads there can't forget the limit, since no query has to name it. On a server of its own a read-only user is
granted that database alone; its views read the whole store with the rights of who made them.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from metrics.access.model import Reach
from metrics.store.client import StoreClient
from metrics.store.sqltext import quoted, quoted_name

PREFIX: Final = "_reach_"

OPEN: Final = "1"
CLOSED: Final = "0"
PROCESS: Final = "{process}"
PLACE: Final = "{process} AND {facility}"
CASE: Final = "(process, case_id) IN ({cases})"
EVENT: Final = "event_id IN (SELECT event_id FROM {store}.v_case_events WHERE (process, case_id) IN ({cases}))"
TRACE: Final = "trace_id IN (SELECT trace_id FROM {store}.v_trace_cases WHERE (process, case_id) IN ({cases}))"
OBJECT: Final = (
    "(object_type, object_id) IN (SELECT object_type, object_id FROM {store}.v_links"
    " WHERE (process, case_id) IN ({cases}))"
)
SUBJECT: Final = OBJECT.replace("(object_type, object_id) IN", "(subject_type, subject_id) IN", 1)
JUDGED: Final = f"kind != 'guard' AND {SUBJECT}"  # whose guard it is a case says: v_guard_violations
ALERT: Final = (
    "alert_id IN (SELECT alert_id FROM {store}.v_alert_cases GROUP BY alert_id"
    " HAVING min((process, case_id) IN ({cases})))"
)
FINDING: Final = f"finding_id IN (SELECT finding_id FROM {{store}}.v_quality_findings WHERE {JUDGED})"

#: What of each view a limited reach sees. CLOSED: what belongs to no case, or carries what a source sent.
RULES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("v_cases", "v_clocks", "v_expectations", "v_milestones", "v_deviations", "v_conformance"), PLACE),
    **dict.fromkeys(
        (
            "v_case_event_records", "v_case_events", "v_case_trace_records", "v_expectation_transitions",
            "v_late_events", "v_links", "v_restatements", "v_deviation_changes", "v_trace_cases",
            "v_trace_cases_direct", "v_transitions", "v_alert_cases", "v_guard_violations",
        ),
        CASE,
    ),
    **dict.fromkeys(("v_events", "v_event_records", "v_event_arrivals", "v_duplicates"), EVENT),
    **dict.fromkeys(("v_spans", "v_span_records", "v_span_refs", "v_call_records", "v_trace_objects"), TRACE),
    "v_objects": OBJECT,
    "v_quality_findings": JUDGED,
    "v_quality_hops": SUBJECT,
    "v_quality_history": FINDING,
    **dict.fromkeys(("v_alerts", "v_alert_log", "v_alert_actions"), ALERT),
    **dict.fromkeys(("v_ledger", "v_published_figures", "v_figure_restatements"), PLACE),
    **dict.fromkeys(
        (
            "v_feeds", "v_markers", "v_checkpoints", "v_incarnations", "v_definitions", "v_source_pauses",
            "v_quality_latency", "v_quality_counts", "v_alert_leases", "v_alert_silences",
            "v_feed_intervals", "v_feed_standings", "v_feed_batches",
        ),
        OPEN,
    ),
    **dict.fromkeys(
        (
            "v_unlinked", "v_dead_letters", "v_dead_letter_originals", "v_dead_letter_replays",
            "v_dead_letter_states", "v_files", "v_file_events", "v_file_exceptions", "v_contract_breaches",
            "v_contract_breach_records", "v_quality_facts", "v_alert_messages", "v_ledger_derived",
            "v_ledger_documents", "v_ledger_places", "v_ledger_receipts", "v_ledger_settled", "v_figure_changes",
            "v_figure_parts",
        ),
        CLOSED,
    ),
}  # fmt: skip


def database_of(reach: Reach, store: str) -> str:
    """The database in which a reach is read; `store`, the whole one, when it is everything.

    Its name holds a hash of all its views: other views make another database.
    """
    if reach.is_everything:
        return store
    text = "\n".join(f"{view} {condition}" for view, condition in _conditions(reach, store))
    return f"{store}{PREFIX}{sha256(text.encode()).hexdigest()[:16]}"


def statements(reach: Reach, store: str) -> Iterator[str]:
    """What creates the database of a limited reach and its views; may be repeated."""
    name = quoted_name(database_of(reach, store))
    yield f"CREATE DATABASE IF NOT EXISTS {name}"
    for view, condition in _conditions(reach, store):
        yield (
            f"CREATE VIEW IF NOT EXISTS {name}.{view} AS SELECT * FROM {quoted_name(store)}.{view} WHERE {condition}"
        )


def provide(client: StoreClient, reach: Reach) -> str:
    """Make sure that the reach's database is there; its name. Raises the errors of the store."""
    name = database_of(reach, client.database)
    if name != client.database and not _is_whole(client, name):
        for statement in statements(reach, client.database):
            client.command(statement, in_database=False)
    return name


def _is_whole(client: StoreClient, database: str) -> bool:
    sql = "SELECT count() AS views FROM system.tables WHERE database = %(database)s"
    return int(next(client.rows(sql, {"database": database}))["views"]) == len(RULES)


def _conditions(reach: Reach, store: str) -> Iterator[tuple[str, str]]:
    process, facility = _one_of("process", reach.processes), _one_of("facility", reach.facilities)
    whole = quoted_name(store)
    cases = f"SELECT process, case_id FROM {whole}.v_cases WHERE {process} AND {facility}"
    for view, rule in RULES.items():
        yield view, rule.format(process=process, facility=facility, cases=cases, store=whole)


def _one_of(column: str, names: frozenset[str] | None) -> str:
    if names is None:
        return "1"
    return f"{column} IN ({', '.join(quoted(name) for name in sorted(names))})" if names else "0"
