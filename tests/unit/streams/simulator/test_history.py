"""What a history must look like to pass for a hospital group's."""

from collections import Counter
from importlib.resources import files

import yaml

from metrics.words import DAY, Event

from .conftest import Played


def test_two_weeks_are_on_the_way_to_the_promised_size_of_ninety_days(harsh: Played) -> None:
    # The pipeline of cases fills in the first weeks, so two weeks hold less than 14/90 of the whole.
    assert len(harsh.events) > 10_000
    assert sum(batch.spans for batch in harsh.batches) > 25_000


def test_every_event_lies_between_the_start_and_the_anchor(harsh: Played) -> None:
    assert all(harsh.plan.start <= event.time <= harsh.plan.anchor for event in harsh.sent)
    assert max(event.time for event in harsh.sent) > harsh.plan.anchor - DAY // 2


def test_every_event_type_and_object_type_is_in_the_vocabulary(harsh: Played) -> None:
    vocabulary = yaml.safe_load(files("metrics").joinpath("vocabulary.yaml").read_text("utf-8"))
    for event in harsh.sent:
        assert event.type in vocabulary["events"]
        assert event.objects[0].type == vocabulary["events"][event.type]["object"]
        assert {ref.type for ref in event.objects} <= set(vocabulary["objects"])


def test_every_order_serves_a_requisition_that_was_approved_before_it(harsh: Played) -> None:
    approved = {e.objects[0].id: e.time for e in harsh.events.values() if e.type == "requisition.approved.v1"}
    orders = [e for e in harsh.events.values() if e.type == "purchase_order.created.v1"]
    served = [[ref.id for ref in e.objects if ref.type == "requisition"] for e in orders]
    assert orders
    for event, requisitions in zip(orders, served, strict=True):
        assert requisitions
        assert all(approved[name] < event.time for name in requisitions)
    assert {len(names) for names in served} >= {1, 2, 3}


def test_invoices_bill_several_orders_and_orders_come_in_parts(harsh: Played) -> None:
    received = [e for e in harsh.events.values() if e.type == "invoice.received.v1"]
    receipts = [e for e in harsh.events.values() if e.type == "goods_receipt.posted.v1"]
    assert any(sum(ref.type == "purchase_order" for ref in e.objects) > 1 for e in received)
    assert {e.attributes["delivery"] for e in receipts} == {"partial", "complete"}


def test_nobody_approves_what_he_asked_for(harsh: Played) -> None:
    asked = {e.objects[0].id: e.actor for e in harsh.events.values() if e.type == "requisition.created.v1" and e.actor}
    decided = [e for e in harsh.events.values() if e.type in ("requisition.approved.v1", "requisition.rejected.v1")]
    assert all(asked.get(e.objects[0].id) != e.actor for e in decided if e.actor)


def test_amounts_are_decimal_strings(harsh: Played) -> None:
    amounts = [event.amount for event in harsh.sent if event.amount is not None]
    assert amounts
    assert all(amount.currency == "USD" and amount.value.replace(".", "").isdigit() for amount in amounts)


def test_everything_is_marked_as_simulated(harsh: Played) -> None:
    assert all(event.simulated and event.feed == "simulator" for event in harsh.sent)


def test_the_declared_disorder_is_what_arrives(harsh: Played) -> None:
    disorder = harsh.plan.disorder
    arrivals = Counter(event.id for event in harsh.sent)
    twice = sum(count > 1 for count in arrivals.values()) / len(arrivals)
    late = sum(event.recorded > event.time for event in harsh.events.values() if event.recorded) / len(arrivals)
    assert abs(twice - disorder.duplicates) < 0.02
    assert abs(late - disorder.late) < 0.03
    assert any(earlier.time > later.time for earlier, later in zip(harsh.sent, harsh.sent[1:], strict=False))


def test_a_second_delivery_is_the_same_event(harsh: Played) -> None:
    seen: dict[str, Event] = {}
    for event in harsh.sent:
        assert seen.setdefault(event.id, event) == event
