"""A role that does not see people or money reads views in which they are masked, whatever it asks."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import clickhouse_connect
import pytest

from dashboards.connection import StoreReader
from metrics.access.cohorts import label
from metrics.access.load import load_roles
from metrics.access.masks import HIDDEN, MONEY_VIEWS, TOKEN, shown
from metrics.access.model import FIELDS, Reach
from metrics.access.reach import CLOSED, RULES, database_of, provide
from metrics.queries.rows import CaseHeader, Found
from metrics.store.client import StoreClient, StoreUrl, connect_url
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
NO_PEOPLE, NO_MONEY = Reach(fields=frozenset({"money"})), Reach(fields=frozenset({"people"}))
ANNA, OTTO = "k1~mfrggzdfmztwq2lk", "k1~nfrggzdfmztwq2lk"
PROCESS = "employee_onboarding"
TOLD = f'{{"approver": "{ANNA}", "note": "by {OTTO}", "bill_rate": "81.50", "rate_unit": "hour", "grade": 7}}'


@pytest.fixture(scope="module")
def filled(store_front: StoreFront) -> Iterator[StoreClient]:
    """The seeded store, and a case of Anna in it that names her wherever a person may stand."""
    where = StoreUrl.parse(store_front.url)
    client = connect_url(store_front.url)
    seeding = clickhouse_connect.get_client(host=where.host, port=where.port, database=client.database)
    seed_store(seeding, cases=60)
    seeding.close()
    (case,) = next(iter(values(client, f"SELECT min(case_id) FROM v_cases WHERE process = '{PROCESS}'")))
    own = f"process = '{PROCESS}' AND case_id = '{case}'"
    events = f"event_id IN (SELECT event_id FROM case_events WHERE {own})"
    told = f"'{TOLD}' AS attributes, '12.50' AS amount, 'USD' AS currency"
    other_id, everywhere = "concat('a', substring(event_id, 2)) AS event_id", f"arrayMap(one -> '{ANNA}', "
    for table, condition, instead in (
        ("events", events, f"{other_id}, {told}, 'worker/{ANNA}' AS subject, {everywhere}object_ids) AS object_ids"),
        ("case_events", own, f"{other_id}, '{ANNA}' AS case_id"),
        ("cases", own, f"{told}, '{ANNA}' AS case_id, '{OTTO}' AS owner"),
        ("objects", f"object_type = 'worker' AND object_id = '{case}'",
         f"'{ANNA}' AS object_id, {everywhere}`link.case_id`) AS `link.case_id`"),
    ):  # fmt: skip
        client.command(
            f"INSERT INTO {table} SELECT * REPLACE ({instead}) FROM (SELECT * FROM {table} WHERE {condition})"
        )
    post_labour(client)
    yield client
    client.close()


def post_labour(client: StoreClient) -> None:
    """Eight workers in three wards, one of them alone in hers."""
    workers = [("icu", one) for one in "abcd"] + [("er", "e")] + [("lab", one) for one in "fgh"]
    for number, (ward, worker) in enumerate(workers):
        client.command(
            "INSERT INTO ledger (stage, document_type, document_id, line, version, labour, facility, department,"
            " cost_center, supplier, named_types, named_ids, currency, amount, hours) VALUES ('worked', 'timesheet',"
            f" 'T-{number}', '', 1, 1, 'north', '{ward}', 'CC-{ward}', 'SUP-1', ['supplier', 'contingent'],"
            f" ['SUP-1', '{worker}'], 'USD', '10', '8')"
        )


def limited(filled: StoreClient, store_front: StoreFront, reach: Reach) -> StoreClient:
    return connect_url(store_front.url, provide(filled, reach))


def values(client: StoreClient, sql: str) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in client.rows(sql)}


def with_tokens(client: StoreClient) -> set[str]:
    """The open views in which the token of a person can be read in some column."""
    found = "SELECT countIf(match(toString(tuple(*)), '{token}')) > 0 AS found FROM {view}"
    pattern = TOKEN.replace("\\", "\\\\")
    views = (view for view, rule in RULES.items() if rule != CLOSED)
    return {view for view in views if next(client.rows(found.format(token=pattern, view=view)))["found"]}


def test_no_token_of_a_person_is_left_in_any_view(filled: StoreClient, store_front: StoreFront) -> None:
    assert {"v_cases", "v_case_events", "v_events", "v_objects", "v_links", "v_milestones"} <= with_tokens(filled)
    assert with_tokens(limited(filled, store_front, NO_PEOPLE)) == set()


def test_what_people_did_is_told_without_them(filled: StoreClient, store_front: StoreFront) -> None:
    client = limited(filled, store_front, NO_PEOPLE)
    assert len(values(filled, "SELECT DISTINCT actor FROM v_events")) > 2
    assert values(client, "SELECT DISTINCT actor FROM v_events") <= {("",), (HIDDEN,)}
    told = TOLD.replace(ANNA, HIDDEN).replace(OTTO, HIDDEN)
    assert values(client, "SELECT DISTINCT attributes FROM v_cases WHERE attributes LIKE '%bill_rate%'") == {(told,)}


def test_a_stand_in_leads_from_a_list_to_its_case_and_its_events(filled: StoreClient, store_front: StoreFront) -> None:
    client = limited(filled, store_front, NO_PEOPLE)
    ((name,),) = values(client, f"SELECT case_id FROM v_cases WHERE startsWith(case_id, '{HIDDEN}')")
    reader = StoreReader(store_front.url, client.database)
    (header,) = reader.rows("case_header", CaseHeader, process=PROCESS, case_id=name)
    assert header.owner.startswith(HIDDEN)
    events = "SELECT count() FROM v_case_events WHERE case_id = '{}'"
    assert values(client, events.format(name)) == values(filled, events.format(ANNA)) != {(0,)}
    links = "SELECT count() FROM v_links WHERE object_id = '{}'"
    assert values(client, links.format(name)) == values(filled, links.format(ANNA)) != {(0,)}


def test_a_search_does_not_tell_whether_somebody_is_there(filled: StoreClient, store_front: StoreFront) -> None:
    everything = StoreReader(store_front.url, filled.database)
    client = limited(filled, store_front, NO_PEOPLE)
    masked = StoreReader(store_front.url, client.database)
    for name in (ANNA, OTTO, ANNA.upper(), f"worker/{ANNA}"):
        assert masked.rows("find", Found, text=name, trace=name.lower()) == []
    assert everything.rows("find", Found, text=ANNA, trace=ANNA) != []
    assert values(client, f"SELECT count() FROM v_cases WHERE case_id = '{ANNA}' OR owner = '{OTTO}'") == {(0,)}


def test_money_is_masked_and_its_sums_are_closed(filled: StoreClient, store_front: StoreFront) -> None:
    client = limited(filled, store_front, NO_MONEY)
    for view in ("v_cases", "v_events", "v_clocks", "v_expectations"):
        assert values(filled, f"SELECT countIf(amount != '') > 0 FROM {view}") == {(1,)} or view == "v_expectations"
        assert values(client, f"SELECT DISTINCT amount, currency FROM {view}") <= {("", HIDDEN)}, view
    told = TOLD.replace(': "81.50"', f':"{HIDDEN}"').replace(': "hour"', f':"{HIDDEN}"')
    assert values(client, "SELECT DISTINCT attributes FROM v_cases WHERE attributes LIKE '%bill_rate%'") == {(told,)}
    assert values(filled, "SELECT count() FROM v_ledger") != {(0,)}
    assert values(client, "SELECT count() FROM v_ledger") == {(0,)}
    for view in MONEY_VIEWS[1:]:
        assert values(client, f"SELECT count() FROM {view} WHERE currency != ''") == {(0,)}
    assert values(client, "SELECT countIf(match(detail, '[0-9] ?[A-Z]{3}')) FROM v_alerts") == {(0,)}
    assert values(client, "SELECT DISTINCT amounts FROM v_alerts") <= {("{}",)}


def test_other_masks_are_another_database_and_all_fields_need_none(filled: StoreClient) -> None:
    names = {database_of(reach, "flowglass") for reach in (Reach(), NO_PEOPLE, NO_MONEY, Reach(fields=frozenset()))}
    assert len(names) == 4
    assert Reach(fields=frozenset(FIELDS)).is_everything
    assert provide(filled, NO_PEOPLE) == provide(filled, NO_PEOPLE)


def merged(sizes: dict[Any, int], least: int) -> set[Any]:
    """The groups that are told as one, worked out the slow way."""
    small = {name for name, size in sizes.items() if size < least}
    if 0 < sum(sizes[name] for name in small) < least and len(small) < len(sizes):
        small.add(min((size, name) for name, size in sizes.items() if name not in small)[1])
    return small


def test_small_groups_are_one_and_totals_stay(filled: StoreClient, store_front: StoreFront) -> None:
    least = 3
    client = limited(filled, store_front, Reach(least=least, about_people=frozenset({PROCESS})))
    wards = Counter(
        (row["facility"], row["department"])
        for row in filled.rows(f"SELECT facility, department FROM v_cases WHERE process = '{PROCESS}'")
    )
    places: Counter[str] = Counter()
    for (place, _), size in wards.items():
        places[place] += size
    one, few = label(least), merged(dict(places), least)
    told: Counter[tuple[str, str]] = Counter()
    for place in places:
        own = {ward: size for (other, ward), size in wards.items() if other == place}
        small = set(own) if place in few else merged(own, least)
        for ward, size in own.items():
            told[one if place in few else place, one if ward in small else ward] += size
    shown_now = Counter(
        (row["facility"], row["department"])
        for row in client.rows(f"SELECT facility, department FROM v_cases WHERE process = '{PROCESS}'")
    )
    assert shown_now == told
    assert shown_now != wards
    assert sum(shown_now.values()) == sum(wards.values())
    assert min(shown_now.values()) >= least
    for view in ("v_clocks", "v_milestones"):
        cut = f"SELECT DISTINCT facility, department FROM {view} WHERE process = '{PROCESS}'"
        assert values(client, cut) <= set(told), view
    others = "SELECT process, facility, department, count() AS n FROM v_cases WHERE process != '{}' GROUP BY ALL"
    assert values(client, others.format(PROCESS)) == values(filled, others.format(PROCESS))


def test_labour_of_few_people_is_told_with_that_of_others(filled: StoreClient, store_front: StoreFront) -> None:
    client = limited(filled, store_front, Reach(least=3, about_people=frozenset({PROCESS})))
    cut = "SELECT facility, department, cost_center, supplier, count() AS n, sum(amount) AS money FROM v_ledger"
    told = {
        (row["department"], row["cost_center"], row["n"], int(row["money"]))
        for row in client.rows(
            f"{cut} WHERE document_type = 'timesheet' AND startsWith(document_id, 'T-') GROUP BY ALL"
        )
    }
    one = label(3)
    assert told == {("icu", "CC-icu", 4, 40), (one, one, 4, 40)}


def test_a_process_of_few_people_is_not_told_of_at_all(filled: StoreClient, store_front: StoreFront) -> None:
    client = limited(filled, store_front, Reach(least=1000, about_people=frozenset({PROCESS})))
    assert values(client, f"SELECT count() FROM v_cases WHERE process = '{PROCESS}'") == {(0,)}
    assert values(client, f"SELECT count() FROM v_clocks WHERE process = '{PROCESS}'") == {(0,)}
    assert values(client, "SELECT count() > 0 FROM v_cases") == {(1,)}


def test_a_text_in_an_unknown_form_is_refused_and_not_shown() -> None:
    with pytest.raises(ValueError, match="nobody knows how to mask"):
        shown("v_new", [("notes", "Map(String, String)")], frozenset({"people"}), "secret")
    assert "`whatever`" in shown("v_new", [("whatever", "String")], frozenset({"people"}), "secret")


def test_the_shipped_roles_show_no_more_than_they_need() -> None:
    roles = load_roles()
    assert roles["hr"].reach.hidden == {"money"}
    assert roles["executive"].reach.hidden == {"people"}
    assert roles["admin"].reach.is_everything
