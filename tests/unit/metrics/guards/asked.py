"""Builders: guards as people write them, and events that ask and answer."""

from typing import Any

from metrics.definitions.schema_guards import GuardText
from metrics.definitions.yaml_text import parse
from metrics.guards.compiling import Steps, compile_guard
from metrics.guards.model import Guard, Guards
from metrics.quality.finding import Finding
from metrics.words import HOUR, Amount, Event
from tests.unit.metrics.quality.telling import START, told
from tests.unit.streams.quality.rig import Rig

WRITTEN = """
- name: ready
  title: Not ready
  owner: procurement
  severity: critical
  when: ordered
  status:
    of: supplier
    known_by: supplier.requested.v1
    must:
      active: {from: supplier.activated.v1, until: supplier.blocked.v1, everywhere: true}
      terms: {from: contract.signed.v1, says: payment_terms}
    heals: true
- name: four_eyes
  title: Own approval
  owner: procurement
  when: approval_step.approved.v1
  differs: {of: requisition, from: requisition.submitted.v1}
- name: employed
  title: Approver has left
  owner: hr
  when: approval_step.approved.v1
  status:
    of: actor
    must_not:
      gone: {from: worker.terminated.v1, until: worker.rehired.v1}
- name: limit
  title: Above the limit
  owner: finance
  when: approval_step.approved.v1
  limit: {of: requisition, amount: requisition.submitted.v1, level: step, limits: {finance: 1000 USD}}
- name: own_limit
  title: Above the own limit
  owner: finance
  when: requisition.approved.v1
  own_limit: {told: {on: approval_chain.assigned.v1, attribute: approval_limit}}
- name: revoked
  title: Access left open
  owner: identity
  when: worker.terminated.v1
  follows:
    of: worker
    each: [user_account, access_grant]
    opened: [user_account.created.v1, access.granted.v1]
    done: [user_account.disabled.v1, access.revoked.v1]
    all_done: worker.access_removed.v1
    cancel_on: worker.rehired.v1
    within: 24h
    counts_from: effective
- name: repaired
  title: Half synchronised
  owner: integration
  when: supplier.sync_failed.v1
  follows: {of: supplier, done: supplier.synced.v1, within: 4h, same_system: true}
"""
_TEXTS = {text.name: text for text in map(GuardText.model_validate, parse(WRITTEN).data)}
_STEPS: Steps = {"ordered": (("purchase_order.created.v1",), {})}


def guard(name: str) -> Guard:
    return compile_guard("buying", _TEXTS[name], _STEPS)


ALL = Guards(tuple(map(guard, _TEXTS)))


def ordered(hours: float, order: str = "PO1", supplier: str = "S1", id: str = "") -> Event:
    named = ("supplier", supplier, "supplier")
    return told(id or f"o-{order}", "purchase_order.created.v1", f"purchase_order/{order}", "/coupa/x", hours, named)


def supplier(
    verb: str, hours: float, source: str = "/sap/s4/x", id: str = "", number: str = "S1", **attributes: Any
) -> Event:
    name = id or f"{verb}-{hours}-{source}"
    return told(name, f"supplier.{verb}.v1", f"supplier/{number}", source, hours, **attributes)


def contract(hours: float, **terms: str) -> Event:
    named = ("supplier", "S1", "supplier")
    return told(f"c-{hours}", "contract.signed.v1", "contract/C1", "/coupa/x", hours, named, **terms)


def submitted(hours: float, actor: str, amount: str = "500.00", number: str = "R1") -> Event:
    event = told(f"s-{hours}", "requisition.submitted.v1", f"requisition/{number}", "/coupa/x", hours)
    return _by(event, actor, amount)


def approved(hours: float, actor: str, step: str = "finance") -> Event:
    named = ("requisition", "R1", "document")
    event = told(
        f"a-{hours}", "approval_step.approved.v1", "approval_step/A1", "/coupa/x", hours, named, step=step
    )  # fmt: skip
    return _by(event, actor)


def worker(verb: str, hours: float, number: str = "W1", **more: Any) -> Event:
    return told(f"w-{verb}-{hours}", f"worker.{verb}.v1", f"worker/{number}", "/workday/x", hours, **more)


def access(type: str, subject: str, hours: float) -> Event:
    return told(f"{type}-{subject}-{hours}", type, subject, "/scim/x", hours, ("worker", "W1", "worker"))


def _by(event: Event, actor: str, amount: str = "") -> Event:
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    money = Amount(amount, "USD") if amount else None
    return Event(**{**values, "actor": actor, "amount": money})


def violations(*events: Event, clock: float = 1000, flushes: bool = False) -> list[Finding]:
    """What is violated once all of these are read, in this order; `clock` in hours after START."""
    rig = Rig(1, guards=ALL)
    for event in events:
        rig.read(0, [event])
        if flushes:
            rig.tell(0)
            rig.judge_some()
    rig.settle(START + round(clock * HOUR))
    return sorted(one for one in rig.store.outcome()[0].values() if one.kind == "guard")
