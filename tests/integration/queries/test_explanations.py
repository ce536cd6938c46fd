"""What explains a figure, read from a real store: versions in force, and numbers that are fixed at an instant."""

import pytest

from metrics.queries.explain_rows import CaseVersion
from metrics.queries.rows import AttainmentTotals, CaseCounts
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from tests.integration.queries.conftest import ANCHOR

pytestmark = pytest.mark.store
DAY = 86_400_000_000
FIXED_AT = ANCHOR - 10 * DAY
PROBE = "fixed_links"


def attained(client: StoreClient) -> tuple[int, int]:
    """Clocks met and breached, of all SLAs and places."""
    asked = {"process": PROBE, "as_of": FIXED_AT, "days": 28, "sla_names": [], "sla_days": []}
    rows = Queries(client).rows("attainment_totals", AttainmentTotals, **asked)
    everywhere = [row for row in rows if (row.of_facility, row.of_department) == ("", "")]
    return sum(row.met for row in everywhere), sum(row.breached for row in everywhere)


def copied(client: StoreClient, name: str, decided_at: int | None = None) -> None:
    """Cases of another process once more under a name of their own; with `decided_at` one, its clocks decided then."""
    at = f"arrayMap(t -> toDateTime64({decided_at or 0} / 1000000, 6, 'UTC'), "
    moved = f", {at}clock.stopped) AS `clock.stopped`, {at}clock.deadline) AS `clock.deadline`" if decided_at else ""
    decided = "AND hasAny(clock.status, ['met', 'breached']) ORDER BY case_id LIMIT 1" if decided_at else ""
    client.command(
        f"INSERT INTO cases SELECT * REPLACE ('{PROBE}' AS process, concat('{name}', case_id) AS case_id{moved})"
        f" FROM (SELECT * FROM cases FINAL WHERE process = 'requisition_to_pay' {decided})"
    )


def test_a_fixed_number_stays_while_events_come_and_moves_with_late_ones_alone(seeded: StoreClient) -> None:
    copied(seeded, "F-")
    before = attained(seeded)
    assert before[0] > 0
    copied(seeded, "G-", FIXED_AT + DAY)
    assert attained(seeded) == before
    copied(seeded, "H-", FIXED_AT - DAY)
    assert sum(attained(seeded)) > sum(before)


def test_the_versions_in_force_add_up_to_the_cases_of_the_period(seeded: StoreClient) -> None:
    queries, everywhere = Queries(seeded), {"process": "requisition_to_pay", "facility": "", "department": ""}
    found = queries.rows("explain_versions", CaseVersion, **everywhere, since=ANCHOR - 4000 * DAY, as_of=ANCHOR + DAY)
    counts = next(
        row
        for row in queries.rows("case_counts", CaseCounts, process="requisition_to_pay", as_of=ANCHOR)
        if (row.of_facility, row.of_department) == ("", "")
    )
    assert sum(one.cases for one in found) == counts.cases
    assert sum(one.open for one in found) == counts.open
    assert [one.version for one in found] == sorted((one.version for one in found), reverse=True)
