"""What is wrong with the story's data: findings, hops between systems, broken contracts, nightly files."""

import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.browser.seed_rows import Row
from tests.browser.story import HOUR

DAY = 24 * HOUR
OWNERS = {
    "workforce": "HR operations",
    "supplier": "Supplier management",
    "financial": "Finance master data",
    "approval": "Procurement governance",
}
BREACHES = (
    ("/coupa/prod", "purchase_order.created.v1", "unknown_attribute", "legacy_flag", "financial"),
    ("/ukg/prod", "worker.changed.v1", "missing_attribute", "facility", "workforce"),
    ("/jaggaer/prod", "supplier.approved.v1", "wrong_kind", "payment_terms", "supplier"),
)


class Lane(NamedTuple):
    """Changes that go from a system of record to a target; times in hours, `missed` of a hundred never arrive."""

    domain: str
    subject_type: str
    field_group: str
    system: str
    target: str
    accepted: float
    usual: float
    missed: int


LANES = (
    Lane("workforce", "worker", "employment", "workday", "identity", 2, 0.6, 1),
    Lane("workforce", "worker", "employment", "workday", "ukg", 24, 14, 0),
    Lane("workforce", "worker", "department", "workday", "s4hana", 24, 21, 6),
    Lane("supplier", "supplier", "status", "jaggaer", "s4hana", 4, 1.1, 0),
    Lane("supplier", "supplier", "status", "jaggaer", "coupa", 8, 9.5, 9),
    Lane("financial", "cost_center", "validity", "s4hana", "coupa", 24, 5, 0),
)


def add_quality(rows: dict[str, list[Row]], anchor: int) -> None:
    """All rows about data quality, for cases that `rows` already holds."""
    chance = random.Random(11)
    cases = {name: [c["case_id"] for c in rows["cases"] if c["process"] == name] for name in _PROCESSES}
    proofs = {event["object_ids"][-1]: event["event_id"] for event in rows["events"]}
    for number, told in enumerate(_told(cases)):
        _add_finding(rows, chance, number, told, proofs, anchor)
    for lane in LANES:
        _add_hops(rows, chance, lane, anchor)
    _add_breaches(rows, anchor)
    _add_files(rows, anchor)


_PROCESSES = ("requisition_to_pay", "employee_onboarding", "supplier_onboarding")


class Told(NamedTuple):
    """A finding in words: `said` are (system, object, value)."""

    kind: str
    domain: str
    subject_type: str
    subject_id: str
    field: str
    target: str
    said: tuple[tuple[str, str, str], ...]
    detail: str


def _told(cases: dict[str, list[str]]) -> Iterator[Told]:
    for place, worker in enumerate(cases["employee_onboarding"][:9]):
        said = (("workday", worker, "icu"), ("ukg", worker, "emergency"), ("identity", worker, "icu"))
        text = "workday says ICU, ukg says emergency: the department of record is workday's"
        yield Told("contradiction", "workforce", "worker", worker, "department", "", said[: 2 + place % 2], text)
    for supplier in cases["supplier_onboarding"][:6]:
        twin = f"{supplier}-B"
        said_twice = (("jaggaer", supplier, ""), ("s4hana", twin, ""))
        text = f"{supplier} and {twin} carry the same tax number"
        yield Told("duplicate", "supplier", "supplier", supplier, "tax_id", "", said_twice, text)
    for place, order in enumerate(cases["requisition_to_pay"][:12]):
        centre = f"CC-{4100 + place}"
        text = f"Cost centre {centre} of requisition {order} is not known to the system of record"
        yield Told("unmapped", "financial", "requisition", order, "cost_center", "", (("coupa", order, centre),), text)
    for place, order in enumerate(cases["requisition_to_pay"][20:25]):
        text = f"The order names supplier SUP-9{place}, which no system has ever told of"
        said_of = (("coupa", order, f"SUP-9{place}"),)
        yield Told("missing_reference", "approval", "requisition", order, "purchase_order", "", said_of, text)
    for requisition in cases["requisition_to_pay"][30:34]:
        asked = (("coupa", requisition, f"requisition/{requisition}"),)
        text = f"Approved by whoever asked for it: requisition {requisition}: W-1 did this and also asked for it"
        guard, document = "requisition_to_pay/four_eyes", f"requisition/{requisition}"
        yield Told("guard", "requisition_to_pay", "requisition", requisition, guard, document, asked, text)
    for worker in cases["employee_onboarding"][12:19]:
        text = "The change of department in workday has not reached SAP S/4HANA within 24 h"
        said_once = (("workday", worker, "radiology"),)
        yield Told("propagation", "workforce", "worker", worker, "department", "s4hana", said_once, text)


def _add_finding(
    rows: dict[str, list[Row]], chance: random.Random, number: int, told: Told, proofs: dict[str, str], anchor: int
) -> None:
    opened = anchor - int(chance.random() ** 2 * 9 * DAY) - HOUR
    healed = opened + 5 * HOUR if number % 7 == 3 and opened < anchor - 6 * HOUR else None
    finding = hashlib.sha256(f"{told.kind}|{told.subject_id}|{told.field}".encode()).hexdigest()[:16]
    times = [opened - (place + 1) * HOUR for place in range(len(told.said))]
    said = [
        {"system": system, "object": told_of, "value": value, "time": time}
        for (system, told_of, value), time in zip(told.said, times, strict=True)
    ]
    rows["quality_findings"].append(
        {
            "finding_id": finding,
            "anchor": told.subject_id,
            "version": 1,
            "withdrawn": 0,
            **{name: getattr(told, name) for name in ("kind", "domain", "subject_type", "subject_id", "field")},
            "target": told.target,
            "owner": OWNERS.get(told.domain, told.domain),
            "severity": "critical" if told.kind == "guard" else "",
            "title": "Approved by whoever asked for it" if told.kind == "guard" else "",
            "evidence": json.dumps([proofs[told.subject_id]] if told.kind == "guard" else []),
            "said": json.dumps(said),
            "detail": told.detail,
            "state": "healed" if healed else "open",
            "opened": opened,
            "healed": healed,
            "episodes": 1 + number % 2,
            "proof": proofs.get(told.subject_id, ""),
            "simulated": 1,
        }
    )
    steps: list[tuple[str, int]] = [("open", opened), *([("healed", healed)] if healed else [])]
    for state, at in steps:
        rows["quality_transitions"].append(
            {"finding_id": finding, "state": state, "at": at, "detail": told.detail, "noticed": at + 1_000_000}
        )
    if number % 5 == 1:
        rows["quality_actions"].append(
            {
                "finding_id": finding,
                "action_id": f"{number:04d}",
                "action": "acknowledged",
                "opened": opened,
                "owner": "",
                "comment": "Asked the department which one holds.",
                "actor": "steward",
                "at": opened + 2 * HOUR,
            }
        )


def _add_hops(rows: dict[str, list[Row]], chance: random.Random, lane: Lane, anchor: int) -> None:
    for number in range(60):
        changed = anchor - int(chance.random() * 20 * DAY)
        due = changed + int(lane.accepted * HOUR)
        seen = changed + int(lane.usual * HOUR * chance.lognormvariate(-0.1, 0.4))
        missed = chance.random() * 100 < lane.missed
        state = (
            ("missing" if due < anchor else "pending")
            if missed or seen > anchor
            else "late"
            if seen > due
            else "in_time"
        )
        rows["quality_hops"].append(
            {
                "subject_type": lane.subject_type,
                "subject_id": f"{lane.subject_type}-{number}",
                "field_group": lane.field_group,
                "target": lane.target,
                "event_id": f"{lane.system}{lane.target}{number}",
                "version": 1,
                "withdrawn": 0,
                "domain": lane.domain,
                "system": lane.system,
                "state": state,
                "changed": changed,
                "due": due,
                "accepted_us": due - changed,
                "seen": seen if state in ("late", "in_time") else None,
                "seen_event_id": "",
                "feed": "simulator",
                "simulated": 1,
            }
        )


def _add_breaches(rows: dict[str, list[Row]], anchor: int) -> None:
    for place, (source, kind, code, member, domain) in enumerate(BREACHES):
        picked = rows["events"][place * 40 : place * 40 + 8 + 5 * place]
        for number, event in enumerate(picked):
            rows["contract_breaches"].append(
                {
                    "source": source,
                    "type": kind,
                    "code": code,
                    "member": member,
                    "event_id": event["event_id"],
                    "domain": domain,
                    "detail": f"“{member}” is not what the contract of {kind} promises",
                    "time": anchor - number * 3 * HOUR - place * 4 * DAY,
                    "origin": event["origin"],
                    "position": event["position"],
                    "simulated": 1,
                    "noted": anchor,
                }
            )


def _add_files(rows: dict[str, list[Row]], anchor: int) -> None:
    for night in range(6):
        short = night in (0, 3)
        count = 1180 + 37 * night
        stored = count - 14 if night == 3 else count
        rows["files"].append(
            {
                **_FILE,
                "name": f"gl/journal-2026-11-{21 - night:02d}.txt",
                "content": hashlib.sha256(f"file{night}".encode()).hexdigest(),
                "state": "refused" if night == 0 else "sent",
                "reason": _REASONS.get(night, ""),
                "faulty": int(short),
                "bytes": count * 120,
                "business_date": f"2026-11-{21 - night:02d}",
                "rows": count,
                "rows_declared": count + 3 if night == 0 else count,
                "rows_mapped": count,
                "events": None if night == 0 else count,
                "amounts": json.dumps({} if night == 0 else {"USD": f"{count * 311.25:.2f}"}),
                "events_stored": None if night == 0 else stored,
                "amounts_stored": json.dumps({} if night == 0 else {"USD": f"{stored * 311.25:.2f}"}),
                "check": "" if night == 0 else "short" if short else "equal",
                "seen": anchor - night * DAY,
                "sent": None if night == 0 else anchor - night * DAY + 60_000_000,
                "checked": None if night == 0 else anchor - night * DAY + 120_000_000,
            }
        )


_REASONS = {0: "The trailer says 1,183 rows, the file holds 1,180", 3: "14 of 1,291 events are not in the store"}
_FILE: dict[str, Any] = {
    "system": "legacy-gl",
    "version": 1,
    "parts": 2,
    "rows_dead": 0,
    "totals": "{}",
    "totals_declared": "{}",
    "corrects": "",
    "superseded_by": "",
    "removed": 0,
    "simulated": 1,
}
