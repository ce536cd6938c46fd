"""In what order tables are read, so that a backup under load is a state that a crash could have left.

Workers write facts, then cases, then objects, then how far they have read (`streams.engine.flush`). A backup reads the
other way round: what is read later holds at least what was read earlier relies on. Records between the positions of the
backup and its rows are read again after `flowglass rewind`, and recognised.
"""

from collections.abc import Iterable

FIRST = (
    "checkpoints",
    "source_states",
    "feeds",
    "figure_marks",
    "health_judged",
    "quality_tides",
    "quality_wakes",
    "quality_transitions",
    "quality_hops",
    "quality_findings",
    "quality_facts",
    "objects",
    "cases",
)
"""What says how far something has come, before what it speaks of. An object knows cases, so it comes before them."""

LAST = (
    "ledger_postings",
    "case_events",
    "markers",
    "events",
    "span_refs",
    "spans",
    "contract_breaches",
    "dead_letters",
    "alert_leases",
    "epochs",
)
"""Facts, on which all else relies; epochs stand above every version that was read."""


def reading_order(tables: Iterable[str]) -> list[str]:
    """The tables in the order in which a backup reads them; those without a place stand between state and facts."""
    found = set(tables)
    placed = [*FIRST, *LAST]
    between = sorted(found - set(placed))
    return [table for table in (*FIRST, *between, *LAST) if table in found]
