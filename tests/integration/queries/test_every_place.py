"""Queries that answer for every place at once tell of each what a question about that place alone tells."""

from itertools import product
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.board import move_columns
from dashboards.due import read_soonest
from dashboards.headline import read_totals
from dashboards.held_up import read_held
from dashboards.scope import Desk, Scope
from dashboards.sla_facts import read_attainment
from metrics.queries.rows import CaseCounts, DueClock, StageFlow, StageInterface, StageLoad
from metrics.queries.since_yesterday_rows import PlaceDay
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from tests.integration.queries.conftest import ANCHOR

pytestmark = pytest.mark.store
R2P = "requisition_to_pay"
KINDS = ("facility", "department")
FEW = 3
"""Fewer clocks than run in any place."""
HERE = "process = %(process)s AND (%(facility)s IN ('', facility)) AND (%(department)s IN ('', department))"
COUNTED = f"""
SELECT count() AS cases, countIf(status = 'open') AS open,
       countIf(status = 'open' AND has(clock.status, 'breached')) AS breached FROM v_cases WHERE {HERE}"""
WAITING = f"""
SELECT stage, count() AS in_flight FROM (
    SELECT arrayJoin(splitByString(' + ', state)) AS stage FROM v_cases
    WHERE {HERE} AND status = 'open' AND notEmpty(milestone.name) AND state != '') GROUP BY stage"""
CLOSED = f"""
SELECT countIf(status = 'closed' AND last_time > fromUnixTimestamp64Micro(%(since)s, 'UTC')) AS closed
FROM v_cases WHERE {HERE}"""


class Reading:
    """The queries as the pages' reader."""

    def __init__(self, client: StoreClient) -> None:
        self._queries = Queries(client)

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        """The rows of a query."""
        return self._queries.rows(name, row_type, **parameters)


@pytest.fixture(scope="module")
def reader(seeded: StoreClient) -> Reading:
    return Reading(seeded)


@pytest.fixture(scope="module")
def names(seeded: StoreClient) -> tuple[list[str], list[str]]:
    """All facilities and all departments with cases."""
    asked = (
        "SELECT groupUniqArray(facility) AS f, groupUniqArray(department) AS d FROM v_cases WHERE process = %(process)s"
    )
    found = next(iter(seeded.rows(asked, {"process": R2P})))
    return sorted(found["f"]), sorted(found["d"])


@pytest.fixture(scope="module")
def scopes(reader: Reading, names: tuple[list[str], list[str]]) -> list[Scope]:
    """Two facilities and departments together, each of them alone, everything, and places without cases."""
    places = product(["", *names[0][:2], "nowhere"], ["", *names[1][:2]])
    return [scope_of(reader, facility, department) for facility, department in places]


def scope_of(reader: Reading, facility: str = "", department: str = "") -> Scope:
    return Desk(reader).scope(Address(process=R2P, facility=facility, department=department))


def test_there_are_places_with_and_without_cases(scopes: list[Scope], reader: Reading) -> None:
    told = [scope.of_place(reader.rows("case_counts", CaseCounts, process=R2P, as_of=ANCHOR)) for scope in scopes]
    assert len([one for one in told if one]) > 6
    assert [] in told


def test_cases_are_counted_for_each_place(seeded: StoreClient, scopes: list[Scope], reader: Reading) -> None:
    for scope in scopes:
        counts = scope.of_place(reader.rows("case_counts", CaseCounts, process=R2P, as_of=ANCHOR))
        (alone,) = seeded.rows(COUNTED, scope.case_filter)
        assert [(one.cases, one.open, one.breached) for one in counts] == (
            [tuple(alone.values())] if alone["cases"] else []
        )


def test_attainment_is_that_of_the_page_of_slas(scopes: list[Scope], reader: Reading) -> None:
    for scope in scopes:
        alone = [(one.sla, one.met, one.breached) for one in read_attainment(reader, scope) if one.met + one.breached]
        told = [(one.sla, one.own_met, one.own_breached) for one in read_totals(reader, scope)]
        assert sorted(one for one in told if one[1] + one[2]) == sorted(alone)


def test_what_runs_out_soonest_is_the_first_page_of_the_list(scopes: list[Scope], reader: Reading) -> None:
    for scope in scopes:
        asked = {"as_of": scope.minute, "sla": "", "statuses": ["at_risk", "running"], "offset": 0, "limit": FEW}
        alone = reader.rows("clocks_due", DueClock, **scope.case_filter, **asked)
        assert [(one.case_id, one.sla, one.left_us) for one in read_soonest(reader, scope, FEW)] == [
            (one.case_id, one.sla, one.left_us) for one in alone
        ]


def test_stages_hold_the_cases_of_the_place(seeded: StoreClient, scopes: list[Scope], reader: Reading) -> None:
    moves = move_columns(scopes[0].view)
    branchless = {name: values for name, values in moves.items() if name != "moves_branch"}
    for scope in scopes:
        loads = scope.of_place(reader.rows("stage_load", StageLoad, process=R2P, as_of=ANCHOR, **branchless))
        alone = {row["stage"]: row["in_flight"] for row in seeded.rows(WAITING, scope.case_filter)}
        assert {one.stage: one.in_flight for one in loads if one.stage in alone} == alone


def test_moves_and_calls_of_all_places_are_the_sum_of_those_of_each(
    reader: Reading, names: tuple[list[str], list[str]]
) -> None:
    whole, since = scope_of(reader), ANCHOR - 60 * 86_400_000_000
    asked = {"process": R2P, "since": since, **move_columns(whole.view)}
    brought = whole.view.activity_branches
    more = {"activities": list(brought), "activity_branches": list(brought.values())}
    flows = reader.rows("stage_flow", StageFlow, **asked)
    calls = reader.rows("stage_interfaces", StageInterface, **asked, **more)
    for rows, name in ((flows, "entered"), (flows, "left"), (calls, "calls"), (calls, "errors"), (calls, "cases")):
        total = sum(getattr(row, name) for row in whole.of_place(rows))
        facilities, departments = (
            [scope_of(reader, **{kind: one}) for one in of] for kind, of in zip(KINDS, names, strict=True)
        )
        for parts in (facilities, departments):
            assert sum(getattr(row, name) for scope in parts for row in scope.of_place(rows)) == total
        assert total or name == "errors"


def test_a_day_and_what_is_held_up_are_narrowed_to_the_place(
    seeded: StoreClient, scopes: list[Scope], reader: Reading
) -> None:
    for scope in scopes:
        days = reader.rows("since_yesterday_cases", PlaceDay, process=R2P, as_of=ANCHOR)
        closed = sum(day.closed for day in days if scope.holds(day.of_facility, day.of_department))
        asked = {**scope.case_filter, "since": ANCHOR - 86_400_000_000}
        assert [{"closed": closed}] == list(seeded.rows(CLOSED, asked))
        held = read_held(reader, scope)
        assert all(scope.holds(case.of_facility, case.of_department) for case in held)
