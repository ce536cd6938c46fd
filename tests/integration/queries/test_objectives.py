"""What was decided of objectives, asked of the real engine and counted by hand from the clocks; and the alarm of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

from metrics.alerts.condition import Names, Sight, conditions
from metrics.commands.rows import SlaCounts
from metrics.definitions.load import load
from metrics.ledger.rates import Rates
from metrics.objectives.reading import objectives, read_outcomes
from metrics.queries.objective_rows import ObjectiveOutcomes
from metrics.queries.rows import SlaAttainment
from metrics.store.client import StoreClient, connect_url
from metrics.store.queries import Queries
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, HOUR, MINUTE
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
NOW = 1_795_190_400_000_000
PROCESS, SLA, WINDOW = "requisition_to_pay", "approval", 28
AIMS = [one for one in objectives(load(), PROCESS) if one.sla == SLA]


class Clock(NamedTuple):
    """A case with one decided clock. `ago`: when it was decided, in microseconds before now."""

    ago: int
    missed: bool = False
    waits: bool = False
    amount: str = "10.25"
    currency: str = "USD"
    feed: str = "live_feed"
    sla: str = SLA


CLOCKS = [
    *(Clock(20 * DAY - step * HOUR, missed=step % 9 == 0) for step in range(60)),
    *(Clock(30 * MINUTE * step + 1, missed=True, amount="0.5", currency="KWD") for step in range(12)),
    *(Clock(2 * HOUR + step, missed=True, waits=True, amount="") for step in range(3)),
    Clock(40 * DAY, missed=True),
    Clock(40 * DAY),
    Clock(50 * DAY, missed=True, waits=True),
    Clock(HOUR, missed=True, sla="delivery"),
    *(Clock(3 * HOUR + step, missed=True, feed="old_feed") for step in range(20)),
]


@pytest.fixture(scope="module")
def reader(store_front: StoreFront) -> Iterator[Queries]:
    client = connect_url(store_front.url)
    for table in TABLES:
        client.command(f"TRUNCATE TABLE {table}")
    fill(client)
    yield Queries(client)
    client.close()


def fill(client: StoreClient) -> None:
    writer = ClickHouseWriter(client)
    rows = [case(number, clock) for number, clock in enumerate(CLOCKS)]
    writer.insert("cases", {name: [row[name] for row in rows] for name in TABLES["cases"].names})
    feeds = [
        {"feed": name, "version": 1, "phase": phase, "watermark": NOW, "last_seen": NOW, "simulated": 0}
        for name, phase in (("live_feed", "live"), ("old_feed", "backfill"))
    ]
    writer.insert("feeds", {name: [row[name] for row in feeds] for name in TABLES["feeds"].names})


def case(number: int, one: Clock) -> dict[str, Any]:
    decided = NOW - one.ago
    blank: dict[str, Any] = {field.name: blank_of(field.type) for field in TABLES["cases"]}
    clock = {
        "clock.name": [one.sla],
        "clock.status": ["breached" if one.missed else "met"],
        "clock.started": [decided - DAY],
        "clock.stopped": [None if one.waits else decided + (HOUR if one.missed else 0)],
        "clock.at_risk_at": [decided - HOUR],
        "clock.deadline": [decided if one.missed else decided + HOUR],
        "clock.gross_us": [DAY],
        "clock.net_us": [DAY],
        "clock.target_us": [DAY],
        "clock.pauses": ["[]"],
    }
    plain = {
        "process": PROCESS, "case_id": f"R{number:03}", "shard": 0, "version": 1, "revision": 1,
        "definition_version": 1, "feed": one.feed, "status": "open" if one.waits else "closed", "outcome": "",
        "state": "approval", "state_since": decided, "first_time": decided - DAY, "last_time": decided + HOUR,
        "first_started": decided - DAY, "events": 1, "variant": 0, "facility": "north", "department": "",
        "owner": "procurement", "amount": one.amount, "currency": one.currency if one.amount else "",
        "attributes": "{}", "simulated": 0, "checkpoint": "",
    }  # fmt: skip
    return blank | plain | clock


def blank_of(kind: pa.DataType) -> Any:
    """Nothing, in a column of this type."""
    if pa.types.is_list(kind):
        return []
    return 0 if pa.types.is_integer(kind) else NOW if pa.types.is_timestamp(kind) else ""


def counted(clocks: list[Clock]) -> ObjectiveOutcomes:
    """The same by hand."""
    seen = [one for one in clocks if one.sla == SLA and (one.ago < WINDOW * DAY or one.waits)]
    within = sorted((one for one in seen if one.ago < WINDOW * DAY), key=lambda one: -one.ago)
    money: dict[str, list[Decimal]] = {}
    for one in seen:
        if one.amount:
            sums = money.setdefault(one.currency, [Decimal(0), Decimal(0)])
            sums[0] += Decimal(one.amount)
            sums[1] += Decimal(one.amount) if one.missed else 0
    hours = (1, 6, 24, 72)
    currencies = sorted(money)
    return ObjectiveOutcomes(
        process=PROCESS,
        sla=SLA,
        simulated=0,
        met=sum(not one.missed for one in seen),
        missed=sum(one.missed and not one.waits for one in seen),
        overdue=sum(one.waits for one in seen),
        long_overdue=sum(one.ago >= WINDOW * DAY for one in seen),
        misses="".join("1" if one.missed else "0" for one in within),
        recent=[sum(one.ago < span * HOUR for one in within) for span in hours],
        recent_missed=[sum(one.missed and one.ago < span * HOUR for one in within) for span in hours],
        currencies=currencies,
        money=[f"{money[name][0].normalize():f}" for name in currencies],
        money_missed=[f"{money[name][1].normalize():f}" for name in currencies],
    )


def test_the_query_counts_what_the_clocks_say(reader: Queries) -> None:
    assert read_outcomes(reader, AIMS, NOW) == [counted(CLOCKS)]


def test_feeds_in_their_history_can_be_left_out(reader: Queries) -> None:
    live = [one for one in CLOCKS if one.feed == "live_feed"]
    assert read_outcomes(reader, AIMS, NOW, history=False) == [counted(live)]


def test_money_is_turned_into_another_currency_case_by_case_where_there_is_a_rate(reader: Queries) -> None:
    plain = counted(CLOCKS)
    (one,) = read_outcomes(reader, AIMS, NOW, rates=Rates("EUR", {"USD 2026": Decimal("0.95")}, {}))
    priced = [each for each in CLOCKS if each.sla == SLA and each.currency == "USD" and each.amount
              and (each.ago < WINDOW * DAY or each.waits)]  # fmt: skip
    missed = [each for each in priced if each.missed]
    assert one.currencies == ["EUR", "KWD"]
    assert [Decimal(sum_) for sum_ in one.money] == [len(priced) * Decimal("9.74"), Decimal(plain.money[0])]  # 9.7375
    assert Decimal(one.money_missed[0]) == len(missed) * Decimal("9.74")
    assert (one.met, one.missed, one.misses) == (plain.met, plain.missed, plain.misses)


def test_other_places_have_other_counts_and_no_objective_none(reader: Queries) -> None:
    assert read_outcomes(reader, AIMS, NOW, facility="south") == []
    assert read_outcomes(reader, AIMS, NOW, facility="north", department="") == [counted(CLOCKS)]
    assert read_outcomes(reader, [], NOW) == []


def test_page_command_and_objective_count_alike(reader: Queries) -> None:
    (one,) = read_outcomes(reader, AIMS, NOW)
    standing = next(
        row for row in reader.rows("cli_standing", SlaCounts, process=PROCESS, as_of=NOW, days=WINDOW) if row.sla == SLA
    )
    assert (standing.met, standing.missed, standing.overdue) == (one.met, one.missed, one.overdue)
    shown = next(
        row
        for row in reader.rows(
            "sla_attainment", SlaAttainment, process=PROCESS, facility="", department="", as_of=NOW, days=WINDOW,
            sla_names=[], sla_days=[], net=1,
        )
        if row.sla == SLA
    )  # fmt: skip
    assert (shown.met, shown.breached) == (one.met, one.missed + one.overdue)


def test_the_alarm_holds_exactly_the_misses_it_counts(reader: Queries) -> None:
    sight = Sight(
        NOW, reader, Names(load(), ()), window=DAY, cause_window=DAY, slow_call=1, remembered={}
    )  # fmt: skip
    condition = conditions()["burn"]
    (finding,) = condition.find(sight, condition.defaults)
    missed = sorted((one.ago, number) for number, one in enumerate(CLOCKS) if one.missed and one.feed == "live_feed"
                    and one.sla == SLA)  # fmt: skip
    assert finding.count == len(finding.members)
    assert {one.case_id for one in finding.members} == {f"R{number:03}" for _, number in missed[: finding.count]}
