"""Whatever filters are put together, a sum of labour that may be told is of enough people, and so is any difference."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import clickhouse_connect
import pyarrow as pa
import pytest

from metrics.access.cohorts import label
from metrics.access.labour_cohorts import CUTS
from metrics.access.model import Reach
from metrics.access.reach import provide
from metrics.store.client import StoreClient, StoreUrl, connect_url
from metrics.store.tables import TABLES
from tests.integration.store.front_process import StoreFront
from tests.security.figures import Record

pytestmark = pytest.mark.store
LEAST = 5
COLUMNS = ("stage", "document_id", *CUTS)
EVERYBODY = Reach(least=LEAST)
Cuts = tuple[str, ...]


class Posting(NamedTuple):
    """A row of labour: where it stands, whom it names, and its money."""

    stage: str
    document_id: str
    facility: str
    legal_entity: str
    process: str
    department: str
    cost_center: str
    supplier: str
    category: str
    people: tuple[str, ...]
    amount: int


def drawn(seed: int) -> list[Posting]:
    """Timesheets of people who mostly work in one ward for one agency, some in several; demands name nobody."""
    chance = random.Random(seed)
    wards = [("north", "icu"), ("north", "er"), ("north", "lab"), ("south", "icu"), ("south", "er"), ("west", "er")]
    found = []
    for number in range(260):
        person = f"P{chance.randrange(48)}"
        home = random.Random(f"{seed}{person}")
        place, ward = chance.choice(wards) if chance.random() < 0.1 else home.choices(wards, (9, 5, 2, 7, 1, 1))[0]
        agency = f"S{home.choices((1, 2, 3), (6, 3, 1))[0]}"
        role = home.choices(("RN", "tech"), (5, 1))[0]
        stage, people = ("worked", (person,)) if number % 9 else ("demand", ())
        if number % 23 == 0:
            stage, people = "vacant", (f"V{number}",)
        found.append(Posting(
            stage, f"V{number}" if stage == "vacant" else f"T{number}", place, f"LE-{place}", "contingent_labour", ward,
            f"CC-{place}-{ward}", agency if stage == "worked" else "", role, people, 1 << (number % 40),
        ))  # fmt: skip
    return found


@pytest.fixture(scope="module")
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    opened = connect_url(store_front.url)
    yield opened
    opened.close()


def post(client: StoreClient, store_front: StoreFront, postings: list[Posting]) -> None:
    """The ledger is these and nothing else."""
    client.command("TRUNCATE TABLE ledger")
    empty: dict[str, Any] = {
        field.name: [] if pa.types.is_list(field.type) else "" if field.type in (pa.string(), pa.utf8()) else 0
        for field in TABLES["ledger"]
    }
    rows = [
        {
            **empty, "document_type": "timesheet", "version": 1, "labour": 1, "currency": "USD",
            **{name: getattr(one, name) for name in COLUMNS}, "amount": str(one.amount),
            "named_types": ["contingent"] * len(one.people) if one.stage != "vacant" else [],
            "named_ids": list(one.people) if one.stage != "vacant" else [],
        }
        for one in postings
    ]  # fmt: skip
    if rows:
        where = StoreUrl.parse(store_front.url)
        sending = clickhouse_connect.get_client(host=where.host, port=where.port, database=client.database)
        sending.insert_arrow("ledger", pa.Table.from_pylist(rows, schema=TABLES["ledger"]))
        sending.close()


def told(client: StoreClient, store_front: StoreFront, reach: Reach) -> dict[str, Cuts]:
    """By document what its cuts are told as."""
    limited = connect_url(store_front.url, provide(client, reach))
    try:
        rows = list(limited.rows(f"SELECT document_id, {', '.join(CUTS)} FROM v_ledger WHERE labour"))
    finally:
        limited.close()
    return {row["document_id"]: tuple(row[cut] for cut in CUTS) for row in rows}


def people_of(postings: list[Posting], shown: dict[str, Cuts]) -> dict[tuple[bool, Cuts], set[str]]:
    """Who stands behind each cohort, open positions apart."""
    found: dict[tuple[bool, Cuts], set[str]] = defaultdict(set)
    for one in postings:
        if one.document_id in shown:
            found[one.stage == "vacant", shown[one.document_id]] |= set(one.people)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_each_cohort_is_of_enough_people_or_of_nobody(
    seed: int, client: StoreClient, store_front: StoreFront, record: Record
) -> None:
    postings = drawn(seed)
    post(client, store_front, postings)
    shown = told(client, store_front, EVERYBODY)
    cohorts = people_of(postings, shown)
    small = {cohort: people for cohort, people in cohorts.items() if 0 < len(people) < LEAST}
    assert small == {}
    assert len([people for people in cohorts.values() if people]) > 5
    assert shown.keys() == {one.document_id for one in postings}
    assert any(label(LEAST) in cuts for cuts in shown.values())
    assert any(label(LEAST) not in cuts for cuts in shown.values())
    record(4, "cohorts of labour drawn at random, people behind each", len(cohorts), len(small))


@pytest.mark.parametrize("seed", [1, 2])
def test_two_filters_and_their_differences_tell_of_no_small_group(
    seed: int, client: StoreClient, store_front: StoreFront, record: Record
) -> None:
    postings = [one for one in drawn(seed) if one.stage == "worked"]
    post(client, store_front, postings)
    shown = told(client, store_front, EVERYBODY)
    whose = {one.document_id: set(one.people) for one in postings}
    filters: dict[tuple[tuple[str, str], ...], frozenset[str]] = {}
    values = {cut: {cuts[place] for cuts in shown.values()} for place, cut in enumerate(CUTS)}
    for first, second in itertools.combinations(range(len(CUTS)), 2):
        for one, other in itertools.product(["", *values[CUTS[first]]], ["", *values[CUTS[second]]]):
            chosen = tuple((CUTS[at], value) for at, value in ((first, one), (second, other)) if value)
            filters[chosen] = frozenset(
                document for document, cuts in shown.items()
                if one in ("", cuts[first]) and other in ("", cuts[second])
            )  # fmt: skip
    sets = sorted(set(filters.values()), key=sorted)
    alone = [one for one in sets if 0 < people_in(one, whose) < LEAST]
    between = [(a, b) for a, b in itertools.permutations(sets, 2) if b < a and people_in(a - b, whose) < LEAST]
    assert alone == []
    assert between == []
    pairs = sum(b < a for a, b in itertools.permutations(sets, 2))
    record(4, "pairs of cuts and differences of two filters", len(filters) + pairs, len(alone) + len(between))


def people_in(documents: frozenset[str], whose: dict[str, set[str]]) -> int:
    return len(set().union(*(whose[one] for one in documents)))


def test_totals_stay_right_and_open_positions_are_cohorts_of_their_own(
    client: StoreClient, store_front: StoreFront
) -> None:
    postings = drawn(3)
    post(client, store_front, postings)
    limited = connect_url(store_front.url, provide(client, EVERYBODY))
    sums = {
        row["stage"]: Decimal(row["s"])
        for row in limited.rows("SELECT stage, sum(amount) AS s FROM v_ledger GROUP BY 1")
    }
    vacant = {(row["department"], row["n"]) for row in limited.rows(
        "SELECT department, count() AS n FROM v_ledger WHERE stage = 'vacant' GROUP BY ALL")}  # fmt: skip
    limited.close()
    truth: dict[str, Decimal] = defaultdict(Decimal)
    for one in postings:
        truth[one.stage] += one.amount
    assert sums == truth
    assert min(count for _, count in vacant) >= LEAST
    assert {name for name, _ in vacant} & {label(LEAST)}


def test_labour_of_too_few_people_altogether_is_not_told_of(client: StoreClient, store_front: StoreFront) -> None:
    postings = [one for one in drawn(4) if one.people in (("P1",), ("P2",), ("P3",), ())]
    post(client, store_front, postings)
    shown = told(client, store_front, EVERYBODY)
    assert shown.keys() <= {one.document_id for one in postings if not one.people}


def test_assignments_stand_for_people_only_where_nobody_is_named(client: StoreClient, store_front: StoreFront) -> None:
    post(client, store_front, [])
    names = "'north', 'icu', 'CC', 'S1', 'LE', 'contingent_labour'"
    for number in range(6):  # six assignments of two people
        for document, kinds, ids in (
            (f"I-{number}", "['assignment']", f"['A-{number}']"),
            (f"T-{number}", "['assignment', 'contingent']", f"['A-{number}', 'P-{number % 2}']"),
        ):
            client.command(
                "INSERT INTO ledger (stage, document_type, document_id, line, version, labour, facility, department,"
                " cost_center, supplier, legal_entity, process, named_types, named_ids, currency, amount) VALUES"
                f" ('worked', 'timesheet', '{document}', '', 1, 1, {names}, {kinds}, {ids}, 'USD', '1')"
            )
    assert told(client, store_front, EVERYBODY) == {}
    assert len(told(client, store_front, Reach(least=2))) == 12
