"""Data quality as pages read it: counts equal the lists behind them, filters narrow, and what people did counts."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.domains import read_domains
from dashboards.quality_detail import ANY
from metrics.queries.data_quality_rows import (
    ProofEvent,
    QualityChoices,
    QualityFile,
    QualityRow,
    QualityTotal,
    TouchedCase,
)
from metrics.queries.quality_rows import FindingEntry, ListedFinding
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate
from metrics.store.queries import Queries
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
ANCHOR = 1_795_190_400_000_000
DOMAINS = read_domains()


@pytest.fixture(scope="module")
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    """A seeded database of its own."""
    client = connect_url(store_front.url, "stewards")
    client.command("DROP DATABASE IF EXISTS stewards", in_database=False)
    migrate(client)
    seed_store(client._client, cases=250)
    yield client
    client.command("DROP DATABASE IF EXISTS stewards", in_database=False)
    client.close()


def listed(client: StoreClient, limit: int = 500, **filters: str) -> list[QualityRow]:
    asked: dict[str, Any] = {**dict.fromkeys(("kind", "domain", "owner", "system", "state"), ""), **filters}
    words = {**DOMAINS.owner_parameters, **DOMAINS.object_parameters, **DOMAINS.source_parameters}
    return Queries(client).rows("data_quality_list", QualityRow, as_of=ANCHOR, **asked, **words, limit=limit, offset=0)


def totals(client: StoreClient) -> list[QualityTotal]:
    return Queries(client).rows("data_quality_totals", QualityTotal, as_of=ANCHOR, **DOMAINS.owner_parameters)


def test_every_count_equals_the_list_behind_it(client: StoreClient) -> None:
    found = [one for one in totals(client) if one.open]
    assert {one.kind for one in found} >= {"contradiction", "duplicate", "unmapped", "propagation", "contract", "file"}
    for one in found:
        rows = listed(client, kind=one.kind, domain=one.domain, owner=one.owner)
        narrowed = [row for row in rows if (row.domain, row.owner) == (one.domain, one.owner)]
        assert len(narrowed) == one.open, one


def test_all_kinds_together_are_what_needs_work_but_late_and_unlinked_events_only_when_asked_for(
    client: StoreClient,
) -> None:
    assert len(listed(client)) == sum(one.open for one in totals(client))
    assert not {"late", "unlinked"} & {row.kind for row in listed(client, state="all")}
    assert {row.kind for row in listed(client, kind="late")} == {"late"}
    assert {row.kind for row in listed(client, kind="unlinked")} == {"unlinked"}


def test_a_page_of_the_list_knows_how_many_there_are(client: StoreClient) -> None:
    assert [row.total for row in listed(client, limit=3)] == [len(listed(client))] * 3


def test_filters_by_system_and_state_narrow_the_list(client: StoreClient) -> None:
    rows = listed(client, system="ukg", state="all")
    assert rows
    assert all("ukg" in row.systems for row in rows)
    assert {row.kind for row in rows} == {"contradiction", "contract"}  # the source /ukg/prod is the system ukg
    assert {row.status for row in listed(client, state="acknowledged")} == {"acknowledged"}
    assert {row.status for row in listed(client, state="healed")} == {"healed"}
    assert {row.status for row in listed(client)} == {"open", "acknowledged"}


def test_a_breach_not_seen_for_a_week_is_quiet(client: StoreClient) -> None:
    assert [row.subject_id for row in listed(client, state="quiet")] == ["supplier.approved.v1"]


def test_filters_offer_what_there_is(client: StoreClient) -> None:
    asked = {**DOMAINS.owner_parameters, **DOMAINS.source_parameters}
    offered = Queries(client).one("data_quality_choices", QualityChoices, **asked)
    assert {"ukg", "s4hana", "legacy-gl"} <= set(offered.systems)
    assert "HR operations" in offered.owners


def test_a_finding_tells_who_says_what_its_proof_its_history_and_its_cases(client: StoreClient) -> None:
    row = listed(client, kind="contradiction", state="acknowledged")[0]
    key = row.id.removeprefix("finding:")
    queries = Queries(client)
    found = queries.one("quality_list", ListedFinding, **ANY, ids=[key])
    assert found.said_systems[:2] == ["workday", "ukg"]
    assert found.said_values[:2] == ["icu", "emergency"]
    assert all(at < found.opened_us for at in found.said_times)
    steps = queries.rows("quality_history", FindingEntry, finding=key)
    assert [step.what for step in steps][:1] == ["open"]
    assert steps[-1].actor in ("", "steward")
    assert queries.one("data_quality_proof", ProofEvent, events=[found.proof]).origin
    cases = queries.rows("data_quality_cases", TouchedCase, types=[found.subject_type], ids=[found.subject_id])
    assert [case.case_id for case in cases] == [found.subject_id]


def test_files_that_do_not_add_up_stand_first(client: StoreClient) -> None:
    files = Queries(client).rows("data_quality_files", QualityFile, system="", content="")
    assert [file.faulty for file in files] == [1, 1, 0, 0, 0, 0]
    one = Queries(client).one("data_quality_files", QualityFile, system="", content=files[1].content)
    assert one.name == files[1].name
