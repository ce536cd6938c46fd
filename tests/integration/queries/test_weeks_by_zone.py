"""Weeks of the heat map begin on Monday where the reader is, and hold every decided clock once in each zone."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metrics.queries.rows import SlaWeek
from metrics.store.client import StoreClient
from metrics.store.queries import Queries

pytestmark = pytest.mark.store
ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu")
DECIDED = """
SELECT coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided FROM v_clocks
WHERE process = 'requisition_to_pay' AND status IN ('met', 'breached')"""


def weeks(client: StoreClient, zone: str, as_of: int) -> Counter[str]:
    """Decided clocks by the date of their week's Monday."""
    found: Counter[str] = Counter()
    asked = {"process": "requisition_to_pay", "facility": "", "department": "", "sla": "", "days": 36_500}
    for row in Queries(client).rows("sla_weeks", SlaWeek, **asked, as_of=as_of, zone=zone):
        found[datetime.fromtimestamp(row.week_us / 1e6, ZoneInfo("UTC")).date().isoformat()] += row.met + row.breached
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_each_clock_is_in_the_week_that_it_was_decided_in_where_the_reader_is(seeded: StoreClient, zone: str) -> None:
    decided: list[datetime] = [row["decided"] for row in seeded.rows(DECIDED)]
    assert len(decided) > 50
    newest = max(decided)
    local = [at.astimezone(ZoneInfo(zone)) for at in decided if at <= newest]
    expected = Counter((at - timedelta(days=at.weekday())).date().isoformat() for at in local)
    assert weeks(seeded, zone, int(newest.timestamp() * 1e6) + 1) == expected


def test_zones_differ(seeded: StoreClient) -> None:
    newest = max(row["decided"] for row in seeded.rows(DECIDED))
    found = [weeks(seeded, zone, int(newest.timestamp() * 1e6) + 1) for zone in ZONES]
    assert len({tuple(sorted(one.items())) for one in found}) > 1
