"""What changed since yesterday, read from a seeded store: each number is the length of its list."""

import pytest

from metrics.queries.rows import ListedCase
from metrics.queries.since_yesterday_rows import DayNews, PlaceDay
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from tests.integration.queries.conftest import ANCHOR

pytestmark = pytest.mark.store
DAY = 86_400_000_000
R2P = "requisition_to_pay"


def places(client: StoreClient, as_of: int = ANCHOR) -> list[PlaceDay]:
    return Queries(client).rows("since_yesterday_cases", PlaceDay, process=R2P, as_of=as_of)


def listed(client: StoreClient, which: str, as_of: int = ANCHOR) -> int:
    unset = dict.fromkeys(("facility", "department", "state", "sla", "clock", "deviation", "sort", "interface"), "")
    found = Queries(client).rows(
        "case_list", ListedCase, process=R2P, as_of=as_of, interface_days=1, list=which, **unset, since=0, by_ids=0,
        id_processes=[], ids=[], offset=0, limit=1,
    )  # fmt: skip
    return found[0].total if found else 0


@pytest.mark.parametrize("name", ["breached", "at_risk", "recovered", "closed"])
def test_each_number_is_the_length_of_its_list(seeded: StoreClient, name: str) -> None:
    lengths = []
    for days_back in range(4):
        as_of = ANCHOR - days_back * DAY
        length = listed(seeded, f"{name}_today", as_of)
        assert sum(getattr(row, name) for row in places(seeded, as_of=as_of)) == length
        lengths.append(length)
    assert any(lengths)


def test_what_is_breached_now_was_so_yesterday_or_is_newly_so(seeded: StoreClient) -> None:
    found = places(seeded)
    now, then, fresh = (
        sum(getattr(row, name) for row in found) for name in ("is_breached", "was_breached", "breached")
    )
    assert now == listed(seeded, "breached") > 0
    assert then > 0
    assert now <= then + fresh


def test_what_came_up_beside_the_cases_is_one_row(seeded: StoreClient) -> None:
    asked = {"as_of": ANCHOR, "process": R2P, "facility": ""}
    news = Queries(seeded).rows("since_yesterday_news", DayNews, **asked)
    assert len(news) == 1
    assert news[0].alerts >= news[0].firing > 0
    assert news[0].findings > 0
