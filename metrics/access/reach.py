"""A reach as a database of its own: views of the same names, each showing only what the reach allows.

Whoever reads there can't forget the limit, since no query has to name it. On a server of its own a read-only user is
granted that database alone; its views read the whole store with the rights of who made them (SQL SECURITY DEFINER).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from metrics.access.cohorts import grouped
from metrics.access.masks import fingerprint, narrowed, shown
from metrics.access.model import Reach
from metrics.store.client import StoreClient
from metrics.store.errors import StoreMismatch
from metrics.store.sqltext import quoted, quoted_name

PREFIX: Final = "_reach_"

RIGHTS: Final = "DEFINER = CURRENT_USER SQL SECURITY DEFINER"
"""Whoever reads such a view needs a grant on it alone; without this, one on the store's tables too."""

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
            "v_case_event_records", "v_case_events", "v_case_paths", "v_case_trace_records", "v_case_versions",
            "v_expectation_transitions",
            "v_late_events", "v_links", "v_restatements", "v_deviation_changes", "v_trace_cases",
            "v_trace_cases_direct", "v_transitions", "v_alert_cases", "v_guard_violations",
        ),
        CASE,
    ),
    **dict.fromkeys(("v_events", "v_event_records", "v_event_arrivals", "v_duplicates"), EVENT),
    **dict.fromkeys(
        ("v_spans", "v_span_records", "v_span_arrivals", "v_span_refs", "v_call_records", "v_trace_objects"), TRACE
    ),
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
            "v_ledger_documents", "v_ledger_places", "v_ledger_receipts", "v_ledger_settled",
            "v_ledger_order_documents", "v_ledger_billed", "v_ledger_accrued", "v_figure_changes",
            "v_figure_parts", "v_health_hours", "v_health_judged", "v_event_days", "v_event_stamps", "v_event_times",
            "v_unlinked_records", "v_day_standings", "v_unlinked_listed", "v_unlisted_since",
        ),
        CLOSED,
    ),
}  # fmt: skip


def database_of(reach: Reach, store: str) -> str:
    """The database in which a reach is read; `store`, the whole one, when it is everything.

    Its name holds a hash of what all its views show: other conditions make another database.
    """
    if reach.is_everything:
        return store
    masked = [fingerprint(reach.hidden)] if reach.hidden else []
    masked += [grouped(view, "", reach, store) for view in RULES] if reach.least else []
    text = "\n".join((RIGHTS, *masked, *(f"{view} {condition}" for view, condition in _conditions(reach, store))))
    return f"{store}{PREFIX}{sha256(text.encode()).hexdigest()[:16]}"


def statements(reach: Reach, store: str, shown: Mapping[str, str] | None = None) -> Iterator[str]:
    """What creates the database of a limited reach and its views; may be repeated.

    `shown`: the select list of each view, where fields are masked.

    A view keeps the columns that it was made with: repeated, it gets those that the store's view has now.
    """
    name = quoted_name(database_of(reach, store))
    yield f"CREATE DATABASE IF NOT EXISTS {name}"
    for view, condition in _conditions(reach, store):
        rows = grouped(view, f"SELECT * FROM {quoted_name(store)}.{view} WHERE {condition}", reach, store)
        if shown:  # outside, so that the condition asks for what is not masked
            rows = f"SELECT {shown[view]} FROM ({rows})"
        yield f"CREATE OR REPLACE VIEW {name}.{view} {RIGHTS} AS {rows}"


def provide(client: StoreClient, reach: Reach) -> str:
    """Make sure that the reach's database is there and in step with the store's views; its name.

    Raises the errors of the store.
    """
    name = database_of(reach, client.database)
    if name != client.database and not _is_whole(client, name):
        for statement in statements(reach, client.database, _shown(client, reach)):
            client.command(statement, in_database=False)
    return name


def _shown(client: StoreClient, reach: Reach) -> Mapping[str, str] | None:
    if not reach.hidden:
        return None
    sql = "SELECT toString(uuid) AS secret FROM system.databases WHERE name = %(database)s"
    secret = str(next(client.rows(sql, {"database": client.database}))["secret"])
    if not secret.strip("0-"):
        raise StoreMismatch(f"{client.database} is of an engine without ids (Ordinary), so no fields can be masked")
    return {
        view: "*" if RULES.get(view) == CLOSED else shown(view, columns, reach.hidden, secret)
        for view, columns in _columns(client, client.database).items()
    }


def _is_whole(client: StoreClient, database: str) -> bool:
    """Whether all views are there, with the columns of the store's. Who may not see those only needs the views."""
    own, store = _columns(client, database), _columns(client, client.database)
    return own.keys() == RULES.keys() and all(own[view] == columns for view, columns in store.items() if view in own)


def _columns(client: StoreClient, database: str) -> Mapping[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    sql = "SELECT table, name, type FROM system.columns WHERE database = %(database)s AND startsWith(table, 'v_')"
    for row in client.rows(sql, {"database": database}):
        found[row["table"]].add((row["name"], row["type"]))
    return found


def _conditions(reach: Reach, store: str) -> Iterator[tuple[str, str]]:
    process, facility = _one_of("process", reach.processes), _one_of("facility", reach.facilities)
    whole, all_cases = quoted_name(store), reach.processes is None and reach.facilities is None
    cases = f"SELECT process, case_id FROM {whole}.v_cases WHERE {process} AND {facility}"
    for view, rule in RULES.items():
        if all_cases and rule != CLOSED:  # only fields are limited: nothing to ask of the cases
            rule = OPEN
        condition = rule.format(process=process, facility=facility, cases=cases, store=whole)
        yield view, narrowed(view, condition, reach.hidden)


def _one_of(column: str, names: frozenset[str] | None) -> str:
    if names is None:
        return "1"
    return f"{column} IN ({', '.join(quoted(name) for name in sorted(names))})" if names else "0"
