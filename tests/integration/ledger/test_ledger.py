"""The ledger in a real store against an oracle written independently: any order, doubled, corrected, cancelled."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from time import time
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboards.spend_book import Book
from metrics.ledger.cross_rates import into
from metrics.ledger.posting import posting_rows
from metrics.ledger.rates import Rates
from metrics.ledger.rules import load_rules
from metrics.queries.spend_rows import (
    SpendBlocked,
    SpendCheck,
    SpendChoices,
    SpendDays,
    SpendDocument,
    SpendPublished,
    SpendSum,
)
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, Amount, Event, ObjectRef
from streams.correlation.messages import CaseKey
from streams.correlation.object_state import ObjectState
from streams.engine.event_rows import object_rows
from streams.engine.settle import settle
from tests.integration.ledger import oracle

NOW = int(time() * 1_000_000)
START = NOW - 90 * DAY
RATES = Rates("USD", {"EUR 2026": Decimal("1.1"), "EUR": Decimal(1)}, {})
VERSIONS = count(1)
EVERYWHERE = dict.fromkeys(("facility", "department", "cost_center", "supplier", "legal_entity", "booked"), "")
VERBS = {
    "requisition": ("created", "submitted", "detailed", "approved", "rejected", "withdrawn"),
    "purchase_order": ("created", "changed", "issued", "cancelled"),
    "goods_receipt": ("posted", "detailed", "reversed"),
    "invoice": ("received", "detailed", "approved", "rejected", "paid", "voided"),
    "payment": ("executed", "issued", "failed"),
    "budget": ("set", "set", "withdrawn"),
    "labour_budget": ("set", "withdrawn"),
}
MONTHS = ("", "2026-09-01", "2026-10-01")
MONEY = st.none() | st.builds(
    Amount,
    st.decimals(-50, 9999, places=2).map(lambda value: format(value, "f")),
    st.sampled_from(("USD", "EUR", "XTS")),
)


@st.composite
def business(draw: st.DrawFn) -> list[Event]:
    """Events of a few documents that name each other; several in the same instant."""
    some = st.lists(st.integers(0, 1), min_size=1, max_size=2, unique=True)
    names = {
        (kind, f"{kind[:2]}{n}"): [ObjectRef(above, f"{above[:2]}{one}") for one in draw(some)]
        for kind, above in oracle.UPWARDS.items()
        for n in range(2)
    }
    events = []
    for number in range(draw(st.integers(8, 40))):
        kind = draw(st.sampled_from(sorted(VERBS)))
        document = f"{kind[:2]}{draw(st.integers(0, 1))}"
        about: dict[str, Any] = {"facility": draw(st.sampled_from(("north", "south")))}
        if kind == "requisition":
            about["department"] = draw(st.sampled_from(("icu", "pharmacy")))
        if kind == "goods_receipt":
            about["delivery"] = draw(st.sampled_from(("partial", "complete")))
        upwards = names.get((kind, document), [])
        at = START + draw(st.integers(0, 12)) * DAY
        verb = draw(st.sampled_from(VERBS[kind]))
        dated = draw(st.sampled_from(MONTHS)) if kind in oracle.BUDGETS else ""
        events.append(made(f"e{number}", kind, document, verb, at, about, upwards, draw(MONEY), dated))
    return events


def made(
    name: str,
    kind: str,
    document: str,
    verb: str,
    at: int,
    about: Any,
    named: Sequence[ObjectRef],
    money: Amount | None,
    dated: str = "",
) -> Event:
    return Event(
        id=name, type=f"{kind}.{verb}.v1", activity=f"{kind}.{verb}.v1", time=at, source="/test", origin="topic/0@x",
        position=int(name[1:]), subject=f"{kind}/{document}", attributes=about, amount=money, ingested=NOW,
        effective_date=dated,
        objects=(ObjectRef(kind, document, "subject"), *named),
    )  # fmt: skip


def linked(events: Sequence[Event]) -> list[Any]:
    """The rows of objects as correlation would leave them: each document in the cases of its requisitions."""
    states = []
    for kind, document in {oracle.subject(event) for event in events}:
        state = ObjectState((kind, document))
        for name in oracle.requisitions(kind, document, list(events)):
            state.link(CaseKey("requisition_to_pay", "requisition", name), (kind, document), (1, "e"))
        state.choose(())
        states.append(state)
    return object_rows(states, next(VERSIONS))


def store_all(store: StoreClient, events: Sequence[Event], writer: ClickHouseWriter) -> None:
    for table, rows in (("ledger_postings", posting_rows(load_rules(), events)), ("objects", linked(events))):
        if rows:
            writer.send(writer.prepare_rows(table, rows, scope=str(next(VERSIONS))))


def stored(store: StoreClient) -> dict[oracle.Key, oracle.Standing]:
    sql = """SELECT stage, document_type, document_id, currency, amount, department,
                    toUnixTimestamp64Micro(time) AS first FROM v_ledger"""
    found = {}
    for row in store.rows(sql):
        money = None if row["amount"] is None else (row["currency"], row["amount"])
        key = (row["stage"], row["document_type"], row["document_id"])
        found[key] = oracle.Standing(money, row["first"], row["department"])
    return found


def ask(queries: Queries, cut: str = "facility", place: str = "") -> list[SpendSum]:
    asked = {**EVERYWHERE, "facility": place, "cut": cut}
    return queries.rows(
        "spend_sums", SpendSum, since=START - DAY, before=START - DAY, as_of=NOW, **asked, **RATES.parameters
    )


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(business(), st.randoms(use_true_random=False))
def test_any_order_of_doubled_and_corrected_events_gives_the_ledger_of_the_oracle(
    store: StoreClient, events: list[Event], chance: Any
) -> None:
    for table in ("ledger", "ledger_postings", "objects"):
        store.command(f"TRUNCATE TABLE {table}")
    writer, shuffled = ClickHouseWriter(store), list(events)
    chance.shuffle(shuffled)
    half = len(shuffled) // 2
    store_all(store, shuffled[:half], writer)
    settle(store, writer, next(VERSIONS))  # a round in the middle must leave no trace
    again = chance.sample(shuffled, len(shuffled) // 3)
    doubled = [msg for event in again for msg in (event, duplicate(event))]
    store_all(store, [*doubled, *shuffled], writer)
    settle(store, writer, next(VERSIONS))
    expected = oracle.ledger(events)
    assert stored(store) == expected
    assert settle(store, writer, next(VERSIONS)) == 0
    for cut in ("facility", "department", "cost_center", "supplier", "process", "legal_entity"):
        rows = ask(Queries(store), cut)
        assert added(rows) == converted(expected)
        assert added_left(rows) == left_of_budgets(expected)


def added_left(rows: Sequence[SpendSum]) -> dict[str, Decimal]:
    """What the page's table says is left of the budgets, row by row and added up."""
    book = Book(tuple(rows), RATES)
    sums: dict[str, Decimal] = {}
    for value in {row.cut for row in rows}:
        for name, amount in book.left(cut=value).money.items():
            sums[name] = sums.get(name, Decimal(0)) + amount
    return {name: value for name, value in sums.items() if value}


def left_of_budgets(expected: dict[oracle.Key, oracle.Standing]) -> dict[str, Decimal]:
    """Budgets less orders: no agency labour is worked in this business."""
    sums = converted(expected)
    names = {name for _, name in sums if name}
    nothing = Decimal(0)
    left = {name: sums.get(("budget", name), nothing) - sums.get(("committed", name), nothing) for name in names}
    return {name: value for name, value in left.items() if value}


def duplicate(event: Event) -> Event:
    """The same event received once more, from another place in the log."""
    fields = {name: getattr(event, name) for name in Event.__struct_fields__}
    return Event(**{**fields, "origin": "topic/1@x", "position": 10_000 + event.position})


def added(rows: Sequence[SpendSum]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (row.stage, row.currency)
        sums[key] = sums.get(key, Decimal(0)) + Decimal(row.amount)
    return {key: value for key, value in sums.items() if value}


def converted(expected: dict[oracle.Key, oracle.Standing]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for (stage, _, _), standing in expected.items():
        currency, amount = standing.money or ("", Decimal(0))
        if currency == "EUR":
            currency, amount = "USD", (amount * Decimal("1.1")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        sums[stage, currency] = sums.get((stage, currency), Decimal(0)) + amount
    return {key: value for key, value in sums.items() if value}


def test_every_query_of_the_page_answers_with_its_documents(store: StoreClient) -> None:
    icu: dict[str, Any] = {"facility": "north", "department": "icu"}
    r1, o1, i1 = ObjectRef("requisition", "re1"), ObjectRef("purchase_order", "pu1"), ObjectRef("invoice", "in1")
    events = [
        made("e1", "requisition", "re1", "created", START, icu, [], Amount("100.10", "USD")),
        made(
            "e2",
            "purchase_order",
            "pu1",
            "created",
            START + DAY,
            {"facility": "north", "supplier": "S-1"},
            [r1],
            Amount("90.00", "USD"),
        ),
        made("e0", "goods_receipt", "go0", "posted", START + 3 * DAY, {}, [o1], Amount("30", "USD")),
        made("e3", "goods_receipt", "go1", "posted", START + 3 * DAY, {"delivery": "complete"}, [o1], None),
        made("e4", "invoice", "in1", "received", START + 5 * DAY, {}, [o1], Amount("90.00", "USD")),
        made("e5", "payment", "pa1", "executed", START + 9 * DAY, {}, [i1], Amount("90.00", "USD")),
        made("e6", "invoice", "in1", "paid", START + 9 * DAY, {}, [i1], Amount("90.00", "USD")),
    ]
    writer, queries = ClickHouseWriter(store), Queries(store)
    store_all(store, events, writer)
    settle(store, writer, next(VERSIONS))
    place = {**EVERYWHERE, "facility": "north", "department": "icu", "booked": "requisition_to_pay"}
    period = {"since": START - DAY, "as_of": NOW}
    sums = added(ask(queries))
    assert sums == {("requested", "USD"): Decimal("100.10")} | {
        (stage, "USD"): Decimal(90) for stage in ("committed", "received", "invoiced", "paid")
    }
    days = {row.step: row.median_us // DAY for row in queries.rows("spend_days", SpendDays, **period, **place)}
    assert days == {"committed": 1, "received": 2, "invoiced": 2, "paid": 4}
    checks = queries.rows("spend_check", SpendCheck, **period, **place)
    assert {check.stage: check.documents for check in checks} == {**dict.fromkeys(oracle.POSTS, 1), "received": 2}
    found = queries.rows("spend_documents", SpendDocument, **period, **place, stage="received", limit=9, offset=0)
    told = [(one.document_id, one.amount, one.valued, one.supplier, one.total) for one in found]
    assert told == [("go0", "30", 0, "S-1", 2), ("go1", "60", 1, "S-1", 2)]
    assert {one.case_id for one in found} == {"re1"}
    assert queries.rows("spend_choices", SpendChoices)[0].suppliers == ["", "S-1"]
    for booked in ("", "requisition_to_pay", "?"):
        narrow = {"facility": "", "department": "", "booked": booked}
        assert queries.rows("spend_blocked", SpendBlocked, **narrow, **RATES.parameters) == []
    assert queries.rows("spend_published", SpendPublished) == [SpendPublished(0)]


def test_sums_in_another_currency_are_made_of_documents_each_at_the_rate_of_its_month(store: StoreClient) -> None:
    for table in ("ledger", "ledger_postings", "objects"):
        store.command(f"TRUNCATE TABLE {table}")
    said = (("100.00", "USD", "2026-09-01"), ("100.01", "USD", "2026-10-01"), ("7.00", "EUR", "2026-10-01"),
            ("5.00", "XTS", "2026-10-01"))  # fmt: skip
    events = [
        made(f"e{n}", "budget", f"bu{n}", "set", START, {"facility": "north"}, [], Amount(value, currency), dated)
        for n, (value, currency, dated) in enumerate(said)
    ]
    writer = ClickHouseWriter(store)
    store_all(store, events, writer)
    settle(store, writer, next(VERSIONS))
    declared = Rates("USD", {"EUR 2026-09": Decimal("1.25"), "EUR 2026": Decimal("1.1")}, {})
    far = {"since": 0, "before": -1, "as_of": 2 * NOW}
    rows = Queries(store).rows(
        "spend_sums", SpendSum, **far, cut="facility", **EVERYWHERE, **into(declared, "EUR").parameters
    )
    assert added(rows) == {("budget", "EUR"): Decimal("177.92"), ("budget", "XTS"): Decimal(5)}  # 80 + 90.92 + 7
    assert {(row.month, *row.origins) for row in rows if row.converted} == {("2026-09", "USD"), ("2026-10", "USD")}


def test_what_was_received_last_is_what_nobody_billed_yet(store: StoreClient) -> None:
    first, second, third = (ObjectRef("purchase_order", f"pu{n}") for n in range(3))
    events = [
        made("e0", "goods_receipt", "go9", "posted", START, {}, [first], Amount("60.00", "USD")),
        made("e1", "goods_receipt", "go1", "posted", START + DAY, {}, [first], Amount("40.00", "USD")),
        made("e2", "goods_receipt", "go2", "posted", START + DAY, {}, [second], Amount("100.01", "USD")),
        made("e3", "goods_receipt", "go3", "posted", START + DAY, {}, [third], None),
        made("e4", "goods_receipt", "go4", "posted", START + DAY, {}, [second], Amount("7.00", "EUR")),
        made("e5", "invoice", "in0", "received", START + 2 * DAY, {}, [first, second], Amount("150.00", "USD")),
    ]
    writer = ClickHouseWriter(store)
    store_all(store, events, writer)
    settle(store, writer, next(VERSIONS))
    open_parts = {key[2]: row.money for key, row in stored(store).items() if key[0] == "accrued"}
    assert open_parts == {
        "go1": ("USD", Decimal("25.00")),
        "go2": ("USD", Decimal("25.01")),
        "go3": None,
        "go4": ("EUR", Decimal("7.00")),
    }
    assert stored(store) == oracle.ledger(events)
    more = made("e6", "invoice", "in1", "received", START + 3 * DAY, {}, [first, third], Amount("20.00", "USD"))
    store_all(store, [more], writer)
    settle(store, writer, next(VERSIONS))
    left = {key[2]: row.money for key, row in stored(store).items() if key[0] == "accrued"}
    assert left == {"go1": ("USD", Decimal("5.00")), "go2": ("USD", Decimal("25.01")), "go4": ("EUR", Decimal("7.00"))}
