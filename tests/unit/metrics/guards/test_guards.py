"""Guards: what is asked, with which status it is answered, and what a late event changes."""

import pytest

from metrics.words import HOUR, Event, ObjectRef
from tests.unit.metrics.guards.asked import (
    ALL,
    access,
    approved,
    contract,
    ordered,
    submitted,
    supplier,
    violations,
    worker,
)
from tests.unit.metrics.quality.telling import START, told
from tests.unit.streams.quality.rig import Rig

TERMS = {"payment_terms": "NET30"}


def at(hours: float) -> int:
    return START + round(hours * HOUR)


def test_an_order_from_an_active_supplier_under_contract_is_right() -> None:
    assert violations(supplier("requested", 0), contract(1, **TERMS), supplier("activated", 2), ordered(3)) == []


def test_an_order_before_the_supplier_is_active_is_a_violation_with_evidence() -> None:
    (one,) = violations(supplier("requested", 0), contract(1, **TERMS), ordered(3))
    assert (one.kind, one.domain, one.field, one.target) == ("guard", "buying", "buying/ready", "purchase_order/PO1")
    assert (one.owner, one.severity, one.title, one.proof) == ("procurement", "critical", "Not ready", "o-PO1")
    assert (one.opened, one.healed) == (at(3), None)
    assert one.detail == "Not ready: purchase order PO1, supplier S1: not active"
    assert {(said.object, said.value) for said in one.said} >= {("S1", "purchase_order/PO1")}
    assert one.evidence[0] == "o-PO1"
    assert len(one.evidence) == 2


def test_a_contract_without_payment_terms_is_none() -> None:
    (one,) = violations(supplier("requested", 0), contract(1), supplier("activated", 2), ordered(3))
    assert one.detail.endswith("not terms")


def test_a_status_that_comes_right_later_closes_the_exception() -> None:
    (one,) = violations(supplier("requested", 0), contract(1, **TERMS), ordered(3), supplier("activated", 9))
    assert (one.opened, one.healed) == (at(3), at(9))


def test_a_supplier_that_one_system_has_blocked_is_not_active_everywhere() -> None:
    known = contract(1, **TERMS), supplier("blocked", 2, "/coupa/x"), supplier("activated", 3)
    (one,) = violations(*known, ordered(4))
    assert one.detail.endswith("not active")
    assert violations(*known, supplier("activated", 3.5, "/coupa/x"), ordered(4)) == []


def test_a_judge_that_starts_again_answers_the_questions_of_the_one_before() -> None:
    rig = Rig(1, guards=ALL)
    rig.read(0, [contract(1, **TERMS), supplier("activated", 2), ordered(9)])
    rig.settle(at(100))
    assert rig.store.outcome()[0] == {}
    rig.start_judge()
    rig.read(0, [supplier("blocked", 5)])
    rig.settle(at(101))
    assert [one.field for one in rig.store.outcome()[0].values()] == ["buying/ready"]
    rig.read(0, [supplier("activated", 6)])
    rig.settle(at(102))
    assert [one.state for one in sorted(rig.store.transitions, key=lambda one: one.state)] == ["open", "withdrawn"]


def test_of_a_supplier_that_nobody_ever_told_nothing_is_asked() -> None:
    assert violations(ordered(3)) == []


def test_a_late_proof_takes_a_violation_back() -> None:
    """The activation happened before the order and is heard of after it."""
    events = supplier("requested", 0), contract(1, **TERMS), ordered(3), supplier("activated", 2)
    assert violations(*events, flushes=True) == []


def test_a_late_block_opens_a_violation_of_an_order_long_judged() -> None:
    events = contract(1, **TERMS), supplier("activated", 2), ordered(9), supplier("blocked", 5)
    (one,) = violations(*events, flushes=True)
    assert one.opened == at(9)


def test_a_supplier_answers_for_its_other_number() -> None:
    alias = told(
        "same", "supplier.changed.v1", "supplier/S1", "/sap/s4/x", 4, ("supplier", "S9", "alias")
    )  # fmt: skip
    events = supplier("requested", 0), contract(1, **TERMS), supplier("activated", 2), ordered(3, supplier="S9")
    assert violations(*events, alias, flushes=True) == []
    early = supplier("requested", 0), ordered(3, supplier="S9")
    assert violations(*early, flushes=True) == []
    (one,) = violations(*early, alias, flushes=True)
    assert one.subject_id == "S1"


def test_a_requisition_too_answers_for_its_other_number() -> None:
    other = ("requisition", "coupa:R1", "alias")
    alias = told("same", "requisition.created.v1", "requisition/R1", "/coupa/x", -1, other)
    events = submitted(0, "W1", "1000.01", number="coupa:R1"), approved(1, "W1")
    assert violations(*events) == []
    for flushes in (False, True):
        found = violations(*events, alias, flushes=flushes)
        assert {one.field for one in found} == {"buying/four_eyes", "buying/limit"}


def test_an_order_that_names_its_supplier_twice_asks_once() -> None:
    order = told(
        "o", "purchase_order.created.v1", "purchase_order/PO1", "/coupa/x", 3, ("supplier", "S1", "supplier"),
        ("supplier", "S9", "alias"),
    )  # fmt: skip
    assert len(violations(supplier("requested", 0), supplier("requested", 0, number="S9", id="r9"), order)) == 1


def test_whoever_asks_may_not_approve() -> None:
    (one,) = violations(submitted(0, "W1"), approved(1, "W1"))
    assert (one.field, one.type, one.subject_id) == ("buying/four_eyes", "requisition", "R1")
    assert violations(submitted(0, "W1"), approved(1, "W2")) == []
    assert violations(approved(1, "W1"), submitted(2, "W1")) == []
    assert violations(submitted(0, ""), approved(1, "")) == []


def test_nobody_approves_once_gone() -> None:
    (one,) = violations(worker("terminated", 0), approved(1, "W1"), access("worker.access_removed.v1", "worker/W1", 1))
    assert (one.field, one.type, one.subject_id) == ("buying/employed", "worker", "W1")
    back = worker("terminated", 0), worker("rehired", 0.5), approved(1, "W1")
    assert violations(*back) == []


def test_a_termination_that_takes_effect_later_forbids_nothing_before() -> None:
    leaving = worker("terminated", 0, effective="2026-01-03")
    done = access("worker.access_removed.v1", "worker/W1", 50)
    assert violations(leaving, approved(47, "W1"), done) == []
    (one,) = violations(leaving, approved(49, "W1"), done)
    assert one.field == "buying/employed"


def test_an_amount_above_the_limit_of_its_level_is_a_violation() -> None:
    (one,) = violations(submitted(0, "W1", "1000.01"), approved(1, "W2"))
    assert one.field == "buying/limit"
    assert one.detail.endswith("1000.01 USD is above what finance may decide: 1000 USD")
    assert violations(submitted(0, "W1", "1000.00"), approved(1, "W2")) == []
    assert violations(submitted(0, "W1", "9000.00"), approved(1, "W2", step="board")) == []
    assert violations(submitted(0, "W1", "9000.00"), submitted(0.5, "W1", "10.00"), approved(1, "W2")) == []


@pytest.mark.parametrize(("limit", "wrong"), [("500", 1), ("700 USD", 0), ("100 EUR", 0), ("a lot", 0), ("NaN", 0)])
def test_an_approver_has_a_limit_of_their_own(limit: str, wrong: int) -> None:
    named = ("worker", "W2", "worker")
    chain = told(
        "chain", "approval_chain.assigned.v1", "approval_chain/AC1", "/sap/s4/x", 0, named, approval_limit=limit
    )  # fmt: skip
    asked = submitted(1, "W2", "600.00")
    event = Event(**{
        **{name: getattr(asked, name) for name in asked.__struct_fields__},
        "type": "requisition.approved.v1", "activity": "requisition.approved.v1",
    })  # fmt: skip
    found = violations(chain, event)
    assert [one.detail.endswith("600.00 USD is above the limit of W2: 500 USD") for one in found] == [True] * wrong


LEFT = worker("terminated", 0)
ACCOUNT = access("user_account.created.v1", "user_account/U1", -9)
GRANT = access("access.granted.v1", "access_grant/G1", -8)


def test_access_that_is_revoked_everywhere_in_time_is_right() -> None:
    shut = access("user_account.disabled.v1", "user_account/U1", 2), access("access.revoked.v1", "access_grant/G1", 24)
    assert violations(ACCOUNT, GRANT, LEFT, *shut) == []


def test_one_account_left_open_is_a_violation_from_the_deadline_on() -> None:
    (one,) = violations(ACCOUNT, GRANT, LEFT, access("user_account.disabled.v1", "user_account/U1", 2))
    assert (one.opened, one.healed) == (at(24), None)
    assert one.detail.endswith("not done within 1 d: access_grant/G1")


def test_access_revoked_too_late_closes_the_exception() -> None:
    shut = access("user_account.disabled.v1", "user_account/U1", 2), access("access.revoked.v1", "access_grant/G1", 30)
    (one,) = violations(ACCOUNT, LEFT, *shut)
    assert (one.opened, one.healed) == (at(24), at(30))


def test_an_account_that_was_opened_again_is_open() -> None:
    shut = access("user_account.disabled.v1", "user_account/U1", -5)
    again = access("user_account.created.v1", "user_account/U1", 3)
    assert len(violations(ACCOUNT, shut, LEFT, again)) == 1


def test_an_account_that_is_made_after_the_deadline_was_not_asked_about() -> None:
    shut = access("user_account.disabled.v1", "user_account/U1", 2)
    later = access("access.granted.v1", "access_grant/G2", 30)
    assert violations(ACCOUNT, LEFT, shut, later) == []


def test_a_permission_that_is_withdrawn_does_not_close_its_account() -> None:
    both = access("access.revoked.v1", "access_grant/G1", 2)
    objects = (*both.objects, ObjectRef("user_account", "U1", "account"))
    values = {name: getattr(both, name) for name in both.__struct_fields__}
    (one,) = violations(ACCOUNT, GRANT, LEFT, Event(**{**values, "objects": objects}))
    assert one.detail.endswith("user_account/U1")


def test_nothing_is_judged_before_its_time_or_after_a_return() -> None:
    assert violations(ACCOUNT, LEFT, clock=23) == []
    assert len(violations(ACCOUNT, LEFT, clock=25)) == 1
    assert violations(ACCOUNT, LEFT, worker("rehired", 5)) == []


def test_of_accounts_that_nobody_knows_the_checklist_tells() -> None:
    assert len(violations(LEFT)) == 1
    assert violations(LEFT, access("worker.access_removed.v1", "worker/W1", 5)) == []


def test_a_half_done_synchronisation_must_be_completed_in_its_system() -> None:
    failed = supplier("sync_failed", 0, system="coupa")
    assert violations(failed, supplier("synced", 3, system="coupa")) == []
    (one,) = violations(failed, supplier("synced", 3, system="s4"))
    assert (one.field, one.opened, one.healed) == ("buying/repaired", at(4), None)


def test_an_event_of_no_guard_tells_nothing() -> None:
    event = told("x", "ticket.opened.v1", "ticket/T1", "/servicenow/x", 0)
    assert violations(event) == []
