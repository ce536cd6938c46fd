"""Deviations through the real store: rows as the worker writes them, the figures of the pages and the lists behind."""

import msgspec
import pytest

from metrics.definitions.conformance import compile_conformance
from metrics.definitions.schema_conformance import ConformanceText
from metrics.queries.conformance_rows import CaseDeviation, CommonDeviation, Fitness
from metrics.queries.rows import CaseHistory, ListedCase
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.cases.case_state import CaseState
from streams.cases.plan import Plan
from streams.cases.readings import read_clocks
from streams.cases.rows import case_rows
from streams.cases.verdicts import change_rows, verdict_changes
from streams.correlation.messages import CaseKey
from tests.fakes.clocked import CLOCKED, NAMES
from tests.fakes.events import event

pytestmark = pytest.mark.store
PROCESS = "conforming"
NOTICED = 1_795_190_400_000_000
TEXT = ConformanceText.model_validate(
    {"order": [{"step": "paid", "after": "received"}], "never": [{"step": "held"}], "after_end": []}
)
RULES = compile_conformance(TEXT, {name: number for number, name in enumerate(NAMES)})
PLAN = Plan(msgspec.structs.replace(CLOCKED, process=PROCESS, conformance=RULES))
HISTORIES = {
    "right": (("asked", 1), ("received", 2), ("paid", 3)),
    "unfinished": (("asked", 1), ("received", 2)),
    "astray": (("asked", 1), ("held", 2), ("held", 3)),
    "unreceived": (("asked", 1), ("paid", 3)),
    "healed": (("asked", 1), ("paid", 3), ("received", 2)),
}
ALL = {"process": PROCESS, "facility": "", "department": "", "since": 0}


@pytest.fixture(scope="module")
def queries(seeded: StoreClient) -> Queries:
    writer = ClickHouseWriter(seeded)
    for number, (name, steps) in enumerate(HISTORIES.items(), start=1):
        case = CaseState(CaseKey(PROCESS, "requisition", name), PLAN)
        changes = []
        for activity, at in steps:
            case.enter(event(activity, at, ("requisition", name)), ("requisition", name))
            if case.stale:
                case.refold({})
            changes += verdict_changes(case)
        read_clocks(case, 0)
        for table, rows in (
            ("cases", case_rows([case], number)),
            ("deviation_changes", change_rows(changes, number, NOTICED)),
        ):
            if rows:
                writer.send(writer.prepare_rows(table, rows))
    return Queries(seeded)


def listed(queries: Queries, which: str = "", deviation: str = "") -> set[str]:
    unset = dict.fromkeys(("state", "sla", "clock", "interface", "sort"), "")
    rows = queries.rows(
        "case_list", ListedCase, **ALL, **unset, as_of=10_000_000, list=which, deviation=deviation, interface_days=1,
        by_ids=0, id_processes=[], ids=[], offset=0, limit=50,
    )  # fmt: skip
    return {row.case_id for row in rows}


def test_the_share_of_conforming_cases_is_the_list_behind_it(queries: Queries) -> None:
    assert queries.one("conformance_fitness", Fitness, **ALL) == Fitness(5, 3, 3, 2)
    assert listed(queries, "conforming") == {"right", "healed"}
    assert listed(queries, "astray") == {"astray"}
    assert listed(queries, "deviating") == {"astray", "unreceived"}


def test_each_common_deviation_opens_its_cases(queries: Queries) -> None:
    common = queries.rows("conformance_common", CommonDeviation, **ALL)
    assert common == [
        CommonDeviation("extra", "never held", "held", 1, 2, 2_000_000),
        CommonDeviation("missing", "paid after received", "paid", 1, 1, 3_000_000),
    ]
    for one in common:
        assert len(listed(queries, deviation=f"{one.kind}: {one.rule}")) == one.cases
    assert queries.one("conformance_fitness", Fitness, **{**ALL, "since": 4_000_000}) == Fitness(0, 0, 0, 0)


def test_a_case_shows_its_deviations_with_their_events(queries: Queries) -> None:
    (one,) = queries.rows("case_deviations", CaseDeviation, process=PROCESS, case_id="astray")
    assert (one.kind, one.milestone, one.at_us, one.count) == ("extra", "held", 2_000_000, 2)
    assert one.event_id.startswith("held@2")
    assert queries.rows("case_deviations", CaseDeviation, process=PROCESS, case_id="healed") == []


def test_a_verdict_that_was_taken_back_stays_in_the_history(queries: Queries) -> None:
    rows = queries.rows("case_history", CaseHistory, process=PROCESS, case_id="healed")
    told = {(row.new_status, row.old_status, row.clock) for row in rows if row.kind == "deviation"}
    assert told == {
        ("found", "missing", "paid after received|paid"),
        ("withdrawn", "missing", "paid after received|paid"),
    }
    assert [row.event_id.split(":")[0] for row in rows if row.new_status == "withdrawn"] == ["received@2"]
