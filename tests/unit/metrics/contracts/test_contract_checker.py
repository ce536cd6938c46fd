"""An event against its contract: what breaks it, who owns that; the quick look is no laxer than the whole one."""

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.contracts.checker import ContractChecker
from metrics.contracts.json_schema import bundled
from metrics.contracts.model import load_contracts
from metrics.words import Event, ObjectRef
from tests.unit.metrics.contracts.events import EUROS, RECEIPT, event

CONTRACTS = load_contracts()
CHECKER = ContractChecker(CONTRACTS)


def codes(one: Event) -> list[tuple[str, str]]:
    return [(breach.code, breach.member) for breach in CHECKER.check([one])]


@pytest.mark.parametrize(
    "clean",
    [
        event(),
        event(subject=""),
        event(attributes={"facility": "north", "delivery": "partial", "something": ["of", 1]}),
        event(objects="purchase_order/PO-1 goods_receipt/GR-1", subject="goods_receipt/GR-1"),
        event("payment.executed.v1", "payment/P-1", amount=EUROS),
        event(objects="goods_receipt/GR-1", attributes={"enrichment": "pending"}),
        event("approval_step.requested.v1", "approval_step/1", attributes={"step": 2, "approver": ["W-1", 7]}),
        event("log.step.v1", "log.0123456789ab/7"),
    ],
)
def test_a_clean_event_breaks_nothing(clean: Event) -> None:
    assert codes(clean) == []


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (event("goods_receipt.eaten.v1"), [("unknown_type", "")]),
        (event(subject="purchase_order/PO-1"), [("wrong_subject", "")]),
        (event(objects="goods_receipt/GR-1"), [("missing_object", "purchase_order")]),
        (event(objects="purchase_order/PO-1", subject=""), [("missing_object", "goods_receipt")]),
        (event("payment.executed.v1", "payment/P-1"), [("missing_amount", "")]),
        (event("access.granted.v1", "access_grant/A-1"), [("missing_attribute", "permission")]),
        (event(attributes={"delivery": "half"}), [("wrong_value", "delivery")]),
        (event(attributes={"facility": 7}), [("wrong_value", "facility")]),
        (event(attributes={"facility": None}), [("wrong_value", "facility")]),
        (
            event(attributes={"due_date": "tomorrow", "rows": "many"}),
            [("wrong_value", "due_date"), ("wrong_value", "rows")],
        ),
    ],
)
def test_a_breach_is_told_with_its_member(broken: Event, found: list[tuple[str, str]]) -> None:
    assert codes(broken) == found


def test_a_thin_event_must_still_be_about_its_subject() -> None:
    thin = event(objects="supplier/1", subject="", attributes={"enrichment": "pending"})
    assert [breach.member for breach in CHECKER.breaches(thin)] == ["goods_receipt"]


def test_a_breach_belongs_to_the_domain_that_owns_the_type() -> None:
    (breach,) = CHECKER.check([event("worker.hired.v1", "worker/W-1", attributes={"facility": 7})])
    assert (breach.domain, breach.source, breach.type) == ("workforce", "/depot/prod", "worker.hired.v1")
    assert breach.detail == "facility must be a text; it is a number"


@pytest.mark.parametrize(
    "told",
    [
        event(attributes={"reason": {"said": "Jane Roe"}}),
        event(attributes={"facility": ["Jane Roe"]}),
        event(attributes={"delivery": "Jane Roe"}),
        event(subject="Jane Roe/1"),
    ],
)
def test_no_breach_repeats_a_value_that_may_tell_of_a_person(told: Event) -> None:
    (breach,) = CHECKER.check([told])
    assert "Jane" not in breach.detail


KINDS = st.one_of(st.text(max_size=6), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
                  st.none(), st.sampled_from(["2026-01-31", "12.50", "partial", "pending", "7", "true"]))  # fmt: skip
VALUES = st.one_of(KINDS, st.lists(KINDS, max_size=2))
OBJECTS = st.lists(
    st.sampled_from(["goods_receipt", "purchase_order", "payment", "access_grant", "worker"]), min_size=1, max_size=4
)


TELLING = ["enrichment", "delivery", "rows", "hours", "due_date", "repaired", "revision", "approver", "permission"] * 8


RIGHT = {
    RECEIPT: ["goods_receipt", "purchase_order"],
    "payment.executed.v1": ["payment"],
    "access.granted.v1": ["access_grant"],
    "worker.hired.v1": ["worker"],
}


@st.composite
def any_events(draw: st.DrawFn) -> Event:
    """Events of a few types, right and wrong in every way that a contract speaks of."""
    event_type = draw(st.sampled_from(sorted(RIGHT)))
    attributes = draw(st.dictionaries(st.sampled_from([*TELLING, *CONTRACTS.attributes]), VALUES, max_size=3))
    right = draw(st.booleans())
    subjects = ["", *(f"{names[0]}/1" for names in RIGHT.values()), "worker"]
    return msgspec.structs.replace(
        event(event_type, attributes=attributes),
        objects=tuple(ObjectRef(name, "1") for name in (RIGHT[event_type] if right else draw(OBJECTS))),
        subject=f"{RIGHT[event_type][0]}/1" if right else draw(st.sampled_from(subjects)),
        amount=EUROS if right else draw(st.sampled_from([None, EUROS])),
    )


VALIDATORS = {name: jsonschema.Draft202012Validator(bundled(CONTRACTS, name)) for name in RIGHT}


def structured(one: Event) -> dict[str, object]:
    """The event as its JSON Schema sees it."""
    body: dict[str, object] = {
        "objects": [{"type": ref.type, "id": ref.id} for ref in one.objects],
        "attributes": one.attributes,
    }
    if one.amount is not None:
        body["amount"] = {"value": one.amount.value, "currency": one.amount.currency}
    envelope: dict[str, object] = {"specversion": "1.0", "id": one.id, "source": one.source, "type": one.type,
                                   "time": "2026-01-02T03:04:05Z", "data": body}  # fmt: skip
    return {**envelope, "subject": one.subject} if one.subject else envelope


@settings(max_examples=300, deadline=None)
@given(any_events())
def test_the_check_and_the_schema_say_the_same_of_every_event(one: Event) -> None:
    assert (CHECKER.check([one]) == []) == VALIDATORS[one.type].is_valid(structured(one))


@settings(max_examples=300, deadline=None)
@given(any_events())
def test_the_quick_look_lets_nothing_pass_that_the_whole_one_finds(one: Event) -> None:
    assert CHECKER.check([one]) == CHECKER.breaches(one)
