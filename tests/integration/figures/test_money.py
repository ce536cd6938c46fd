"""Closed months of the ledger in a real store: sums stay exact, and say why they changed."""

from itertools import count
from typing import Any

import msgspec

from metrics.figures.causes import CORRECTION, LATE
from metrics.figures.publishing import Publishing
from metrics.figures.rules import load_figure_rules
from metrics.ledger.posting import posting_rows
from metrics.ledger.rules import load_rules
from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, HOUR, Amount, Event, ObjectRef
from streams.engine.event_rows import event_rows
from streams.engine.settle import settle
from tests.integration.figures.figure_scene import MONDAY

MAY = MONDAY + 60 * DAY


def invoice(document: str, verb: str, at: int, money: str, taken_in: int) -> Event:
    return Event(
        id=f"{document}/{verb}/{at}", type=f"invoice.{verb}.v1", activity=f"invoice.{verb}.v1", time=at, source="/erp",
        origin="topic/0@x", position=at, subject=f"invoice/{document}", attributes={}, ingested=taken_in,
        objects=(ObjectRef("invoice", document, "subject"),), amount=Amount(money, "EUR") if money else None,
    )  # fmt: skip


def test_a_closed_month_of_the_ledger_is_restated_to_the_cent_with_its_cause(store: StoreClient) -> None:
    writer, versions, clock = ClickHouseWriter(store), count(1), [MAY]
    publishing = Publishing(store, writer, load_figure_rules(), lambda: clock[0])

    def happen(*events: Event, at: int) -> None:
        clock[0] = at
        writer.send(writer.prepare_rows("events", event_rows(events)))
        writer.send(writer.prepare_rows("ledger_postings", posting_rows(load_rules(), events)))
        settle(store, writer, next(versions))
        publishing.round(next(versions))

    first = [invoice("I1", "received", MONDAY, "0.10", MONDAY), invoice("I2", "received", MONDAY, "0.20", MONDAY)]
    happen(*first, at=MAY)
    late = invoice("I3", "received", MONDAY + DAY, "99999999999.99", MAY + HOUR)
    happen(late, at=MAY + HOUR)
    happen(late, *first, at=MAY + 2 * HOUR)
    void = invoice("I1", "voided", MAY + 3 * HOUR, "", MAY + 3 * HOUR)
    happen(void, at=MAY + 3 * HOUR)
    found = restated(store)
    assert [one[:4] for one in found] == [
        ("spend/invoiced", "2026-03-01", "0.3", "100000000000.29"),
        ("spend/invoiced", "2026-03-01", "100000000000.29", "100000000000.19"),
    ]
    assert [one[4:] for one in found] == [([LATE], [late.id]), ([CORRECTION], [void.id])]


def restated(store: StoreClient) -> list[tuple[Any, ...]]:
    sql = "SELECT name, start, before, after, causes, event_ids FROM v_figure_restatements ORDER BY revision"
    return [
        (row["name"], row["start"], *(msgspec.json.decode(row[side])["amount"] for side in ("before", "after")),
         row["causes"], row["event_ids"])
        for row in store.rows(sql)
    ]  # fmt: skip
