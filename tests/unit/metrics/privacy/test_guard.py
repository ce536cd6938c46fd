"""An event behind the guard: tokens for people, listed attributes only, the same whenever it comes again."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.privacy.tokens import Tokens
from metrics.words import Event, ObjectRef
from tests.unit.metrics.privacy.ring import RETIRED, RING, ROTATED, guard

TOKENS = Tokens(RING)
W1 = TOKENS.id("W-1")


def event(
    *refs: tuple[str, str], type: str = "worker.hired.v1", id: str = "e-1", actor: str = "", subject: str | None = None,
    source: str = "/hr", **attributes: Any,
) -> Event:  # fmt: skip
    objects = tuple(ObjectRef(kind, number, "" if place else "subject") for place, (kind, number) in enumerate(refs))
    named = f"{refs[0][0]}/{refs[0][1]}" if subject is None and refs else subject or ""
    return Event(id=id, type=type, activity=type, time=1, source=source, objects=objects, origin="o", position=1,
                 subject=named, feed=source, attributes=attributes, actor=actor)  # fmt: skip


def test_a_worker_is_a_token_wherever_the_event_names_him() -> None:
    found = guard().protect(event(("worker", "W-1"), ("position", "P-1"), actor="W-1", approver="W-1", manager=["W-1"]))
    assert [ref.id for ref in found.objects] == [W1, "P-1"]
    assert (found.subject, found.actor) == (f"worker/{W1}", W1)
    assert found.attributes == {"approver": W1, "manager": [W1]}
    assert "W-1" not in str(msgspec.to_builtins(found))


def test_a_document_keeps_its_number_and_its_id() -> None:
    order = event(("purchase_order", "PO 4711"), type="purchase_order.created.v1", facility="north", amount_note="x")
    found = guard().protect(order)
    assert (found.objects, found.subject, found.id) == (order.objects, order.subject, order.id)
    assert found.attributes == {"facility": "north"}


def test_a_document_whose_number_is_a_name_gets_a_token_that_still_joins() -> None:
    one = guard().protect(event(("invoice", "Jo Ash"), type="invoice.received.v1"))
    other = guard().protect(event(("payment", "9"), ("invoice", "Jo Ash"), type="payment.executed.v1"))
    assert one.objects[0].id == other.objects[1].id != "Jo Ash"
    assert one.subject == f"invoice/{one.objects[0].id}"


def test_unlisted_attributes_are_dropped_and_counted_by_type() -> None:
    watch = guard()
    found = watch.protect(event(("worker", "W-1"), facility="north", note="ill", name="Jo Ash", hours="40"))
    watch.protect(event(("worker", "W-1"), type="custom.type", note="ill"))
    assert found.attributes == {"facility": "north"}
    assert watch.take_dropped() == {"worker.hired.v1": 3, "other": 1}
    assert watch.take_dropped() == {}


@pytest.mark.parametrize(
    ("name", "value", "passes"),
    [
        ("department", "Ward 7", "Ward 7"), ("department", "who is it?", None), ("reason", "PRICE", "PRICE"),
        ("reason", "Call Jo Ash back", None), ("line", 10, 10), ("bill_rate", "78.50", "78.50"),
        ("bill_rate", "Jo Ash", "Aa Aaa"), ("delivery", "partial", "partial"), ("delivery", "Jo", "Aa"),
        ("permission", ["erp", "write to me, Jo!"], ["erp"]), ("facility", {"name": "Jo"}, None),
        ("facility", None, "-"),
        ("correlation_id", "jo.ash@mail.invalid", None), ("category", "call 212-555-0147", None),
    ],
)  # fmt: skip
def test_a_value_passes_as_its_rule_says(name: str, value: Any, passes: Any) -> None:
    found = guard().protect(event(("requisition", "R-1"), type="requisition.created.v1", **{name: value}))
    if passes is None:
        assert name not in found.attributes
    else:
        assert found.attributes[name] == (None if passes == "-" else passes)


def test_the_id_of_an_event_about_a_person_cannot_be_worked_out() -> None:
    first, again = (guard().protect(event(("worker", "W-1"), id="0" * 32)) for _ in range(2))
    assert first.id == again.id != "0" * 32
    thin = event(("worker", "W-1"), type="worker.detailed.v1", id="1" * 32, completes="0" * 32)
    assert guard().protect(thin).attributes["completes"] == first.id


@pytest.mark.parametrize("id", ["hire W-1", "jo.ash@mail.invalid", "requested by W-1"])
def test_an_id_that_tells_of_a_person_is_replaced(id: str) -> None:
    found = guard().protect(event(("requisition", "R-1"), ("worker", "W-1"), type="requisition.created.v1", id=id))
    assert len(found.id) == 32
    assert "W-1" not in found.id


def test_names_of_systems_and_types_that_are_no_names_become_shapes() -> None:
    found = guard().protect(
        event(("worker", "W-1"), type="told by Jo, 212-555-0147", source="/hr?by=jo.ash@mail.invalid")
    )
    assert found.type == found.activity == "aaaa aa Aa, 999-999-9999"
    assert "jo.ash" not in found.source + found.feed


TEXTS = st.text(max_size=30) | st.sampled_from(["W-1", W1, "PO-1", "Jo Ash", "078-05-1120", "north"])
NAMES = st.sampled_from(["facility", "reason", "approver", "note", "bill_rate", "completes", "activity"])


@given(
    st.lists(st.tuples(st.sampled_from(["worker", "invoice", "timesheet", "department", "x"]), TEXTS), max_size=4),
    st.sampled_from(["worker.hired.v1", "timesheet.submitted.v1", "log.step.v1", "free text"]),
    TEXTS, TEXTS, TEXTS, st.dictionaries(NAMES, TEXTS | st.integers() | st.lists(TEXTS, max_size=3), max_size=4),
    st.sampled_from([RING, ROTATED]),
)  # fmt: skip
def test_protecting_twice_is_protecting_once(
    refs: list[tuple[str, str]], type: str, id: str, actor: str, subject: str, attributes: dict[str, Any], ring: Any
) -> None:
    once = guard(ring).protect(event(*refs, type=type, id=id, actor=actor, subject=subject, **attributes))
    assert guard(ring).protect(once) == once


def test_the_backstop_protects_what_a_direct_producer_sends_and_leaves_the_rest() -> None:
    watch = guard()
    safe = watch.protect(event(("worker", "W-2"), facility="north"))
    bare, telling = (
        event(("worker", "W-1")),
        event(("requisition", "R-1"), type="requisition.created.v1", name="Jo Ash"),
    )
    events = [safe, bare, telling]
    found = watch.backstop(events)
    assert found[0] is safe
    assert found[1].objects[0].id == W1
    assert found[2].attributes == {}
    assert events[1] is bare
    clean = [safe, found[1]]
    assert watch.backstop(clean) is clean


def test_after_a_rotation_people_are_named_by_both_tokens_until_the_old_key_is_retired() -> None:
    found = guard(ROTATED).protect(event(("worker", "W-1"), ("position", "P-1")))
    new = Tokens(ROTATED).id("W-1")
    assert found.objects == (
        ObjectRef("worker", new, "subject"), ObjectRef("position", "P-1"), ObjectRef("worker", W1, "alias"),
    )  # fmt: skip
    assert guard(RETIRED).protect(event(("worker", "W-1"))).objects == (ObjectRef("worker", new, "subject"),)
