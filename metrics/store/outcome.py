"""What a replay must reproduce, and what only tells how it was reached: the one list of both.

Outcome is the same bit for bit after the final watermark, however events were ordered, doubled, batched or
interrupted. History has invariants of its own. A table or column that is new must be put on one of the two sides:
a test holds this list against the schema.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from metrics.store.sqltext import quoted_name
from metrics.store.tables import TABLES


class OutcomeTable(NamedTuple):
    """A table whose rows are outcome.

    `key`: one row of it is what counts. `history`: columns that tell how the row came about. `first_by`: of several
    records of one key, the smallest by these counts. `unless`: rows where this column is 1 do not count. `unordered`:
    groups of columns (`parent` for `parent.type`, `parent.id` …) whose entries have no order.
    """

    key: tuple[str, ...]
    history: frozenset[str]
    first_by: tuple[str, ...] = ()
    unless: str = ""
    unordered: tuple[str, ...] = ()


_READ = frozenset({"origin", "position", "ingested"})
"""Where and when a record was read: a redelivery or a file read again has others."""

OUTCOME: Mapping[str, OutcomeTable] = {
    "events": OutcomeTable(("event_id",), _READ, first_by=("origin", "position")),
    "spans": OutcomeTable(("trace_id", "span_id"), _READ, first_by=("origin", "position")),
    "span_refs": OutcomeTable(
        ("object_type", "object_id", "trace_id", "span_id", "carrier", "key"), frozenset({"ingested"})
    ),
    "case_events": OutcomeTable(
        ("process", "case_id", "event_id"), frozenset({"version", "withdrawn"}), unless="withdrawn"
    ),
    # Milestones, clocks, deviations and expectations stand in a case's row. `revision` counts the foldings; what comes
    # after it is the worker's own.
    "cases": OutcomeTable(("process", "case_id"), frozenset({"version", "revision", "checkpoint", "next_due"})),
    "objects": OutcomeTable(
        ("object_type", "object_id"), frozenset({"version"}), unordered=("parent", "child", "link")
    ),
    "ledger_postings": OutcomeTable(
        ("document_type", "document_id", "stage", "line", "event_id"), _READ, first_by=("origin", "position")
    ),
    "source_states": OutcomeTable(("state_key",), frozenset({"version"})),
    "quality_facts": OutcomeTable(
        ("subject_type", "subject_id", "kind", "field", "system", "event_id", "value"), frozenset({"version"})
    ),
    "quality_findings": OutcomeTable(("finding_id",), frozenset({"version", "withdrawn"}), unless="withdrawn"),
    "quality_hops": OutcomeTable(
        ("subject_type", "subject_id", "field_group", "target", "event_id"),
        frozenset({"version", "withdrawn"}),
        unless="withdrawn",
    ),
}

HISTORY: Mapping[str, str] = {
    "ledger": "the ledger as last settled; what it says follows from its postings, which are outcome",
    "feed_intervals": "what was expected of feeds, as last judged; it follows from the events, which are outcome",
    "feed_standings": "how far each feed was complete when it was last looked at",
    "feed_batches": "what was expected of batches, as last judged; it follows from events, files and markers",
    "case_paths": "the paths of cases as last written down; they follow from case_events, which are outcome",
    "event_days": "how many events of each day were linked when last counted; it follows from the facts",
    "unlinked_events": "which events no case claimed when their day was last counted; it follows from the facts",
    "late_events": "which events came after later ones of their case",
    "figure_parts": "what each case and document adds to figures, as last looked at",
    "figure_changes": "what changed in closed intervals, and why",
    "published_figures": "the figures of closed intervals; which were published when depends on when they closed",
    "figure_restatements": "which published figures changed, from what to what, and why",
    "figure_marks": "up to which interval figures are published",
    "health_hours": "how calls, events and changes went by hour, as last judged; it follows from the facts",
    "health_judged": "which hours of health are judged, and of which facts",
    "restatements": "which decided clocks changed, and why",
    "transitions": "when each change of a clock's status was noticed, and by what",
    "deviation_changes": "when each deviation of a case was seen, changed or taken back",
    "expectation_transitions": "when each change of an expectation's status was noticed, and by what",
    "contract_breaches": "which events broke their contracts, as those stood then",
    "alerts": "what fired when; it depends on when somebody looked",
    "alert_cases": "which cases each alert was about",
    "alert_log": "why each alert went out or did not",
    "alert_actions": "what people did about alerts",
    "alert_silences": "what was not to be told, from when to when",
    "alert_messages": "what was told to whom, and whether it arrived",
    "alert_leases": "who evaluated when",
    "dead_letters": "what could not be read, and why",
    "dead_letter_replays": "what people sent again",
    "source_pauses": "which sources were kept away, by whom, why",
    "files": "which files watched folders brought, and what became of each",
    "file_events": "which events each file holds",
    "quality_transitions": "when each change of a finding was noticed",
    "quality_actions": "what people did with findings",
    "quality_wakes": "when objects are looked at again although nothing arrives",
    "quality_tides": "how far each feed was when deadlines of targets were judged",
    "markers": "what feeds said about themselves, with the place of each word in the log",
    "feeds": "how far each feed was at the last flush",
    "checkpoints": "how far each worker had read at its last flush",
    "epochs": "who took over when",
    "incarnations": "which logs there were",
    "definitions": "which texts were loaded when; the version that decided a case stands in its row",
}


def outcome_columns(table: str) -> tuple[str, ...]:
    """The columns of an outcome table that must be reproduced, in the table's order."""
    return tuple(name for name in TABLES[table].names if name not in OUTCOME[table].history)


def outcome_rows(table: str, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows that count, by key, with nothing but what must be reproduced; unordered groups as sorted tuples.

    `rows` are deduplicated as the table's engine does it (FINAL).
    """
    rule = OUTCOME[table]
    counted = [row for row in rows if not (rule.unless and row[rule.unless])]
    counted.sort(key=lambda row: tuple(row[name] for name in rule.first_by), reverse=True)
    return {tuple(row[name] for name in rule.key): _row(table, row) for row in counted}


def outcome_query(table: str) -> str:
    """A SELECT of the same from the store, ordered by key."""
    rule = OUTCOME[table]
    groups = {f"arraySort(arrayZip({_quoted(names)})) AS {group}": names for group, names in _groups(table).items()}
    grouped = {name for names in groups.values() for name in names}
    columns = [quoted_name(name) for name in outcome_columns(table) if name not in grouped]
    where = f" WHERE {rule.unless} = 0" if rule.unless else ""
    chosen, order, key = ", ".join([*columns, *groups]), _quoted((*rule.key, *rule.first_by)), _quoted(rule.key)
    return f"SELECT {chosen} FROM {table} FINAL{where} ORDER BY {order} LIMIT 1 BY {key}"


def _row(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    groups = _groups(table)
    grouped = {name for names in groups.values() for name in names}
    plain = {name: row[name] for name in outcome_columns(table) if name not in grouped}
    return plain | {group: sorted(zip(*(row[name] for name in names), strict=True)) for group, names in groups.items()}


def _groups(table: str) -> dict[str, tuple[str, ...]]:
    columns = outcome_columns(table)
    return {
        group: tuple(name for name in columns if name.startswith(f"{group}.")) for group in OUTCOME[table].unordered
    }


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(quoted_name, names))
