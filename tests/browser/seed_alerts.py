"""Alerts of the story: a broken interface with its cases, others taken, pending and resolved, and why each was told."""

import json
from typing import NamedTuple

from metrics.alerts.words import Identity
from tests.browser.plots import TROUBLED
from tests.browser.seed_rows import Row
from tests.browser.story import HOUR

R2P = "requisition_to_pay"


class Fires(NamedTuple):
    """An alert: its identity, how bad, how it stands, for how many hours, with how many cases behind it."""

    identity: Identity
    severity: str
    status: str
    hours: int
    cases: int
    detail: str


FIRES = (
    Fires(
        Identity("breach", R2P, "interface", TROUBLED, "procurement_operations", True),
        "critical",
        "firing",
        5,
        40,
        f"40 cases of Requisition to pay breached their SLA while {TROUBLED} failed them",
    ),
    Fires(
        Identity("stuck", "employee_onboarding", "stage", "onboarding", "hr_operations", True),
        "warning",
        "firing",
        30,
        7,
        "7 cases of Employee onboarding have waited in onboarding for more than three days",
    ),
    Fires(
        Identity("dead_letters", "", "source", "/ap-gateway/prod", "integration", True),
        "warning",
        "pending",
        1,
        0,
        "Messages of /ap-gateway/prod cannot be read",
    ),
    Fires(
        Identity("at_risk", R2P, "stage", "approval", "procurement_operations", True),
        "info",
        "resolved",
        20,
        3,
        "3 cases of Requisition to pay come close to a deadline in approval",
    ),
)


def add_alerts(rows: dict[str, list[Row]], anchor: int) -> None:
    """The alerts with their cases, answers and deeds, for cases that `rows` already holds."""
    for place, one in enumerate(FIRES):
        since = anchor - one.hours * HOUR
        told = one.status in ("firing", "resolved")
        resolved = anchor - HOUR if one.status == "resolved" else None
        rows["alerts"].append(
            {
                "alert_id": one.identity.id,
                "version": 1,
                "revision": 1 if told else 0,
                **{name: getattr(one.identity, name) for name in ("kind", "process", "cause_kind", "cause", "owner")},
                "severity": one.severity,
                "simulated": 1,
                "status": one.status,
                "muted": "",
                "since": since,
                "fired": since + HOUR // 12 if told else None,
                "gone": resolved,
                "resolved": resolved,
                "count": one.cases,
                "peak": one.cases + 2,
                "amounts": json.dumps({"USD": "48210.55"} if one.cases > 9 else {}),
                "detail": one.detail,
                "changed": since,
            }
        )
        _add_members(rows, one, since)
        _add_answers(rows, one, since, told)
        if place == 1:
            for action, text in (("assign", "ada"), ("ack", ""), ("comment", "Asked the identity team")):
                deed = {"alert_id": one.identity.id, "at": since + 2 * HOUR, "action": action, "actor": "ada"}
                rows["alert_actions"].append({**deed, "text": text, "revision": 1})


def _add_members(rows: dict[str, list[Row]], one: Fires, since: int) -> None:
    cases = [case for case in rows["cases"] if case["process"] == one.identity.process and case["status"] == "open"]
    for case in cases[: one.cases]:
        rows["alert_cases"].append(
            {
                "alert_id": one.identity.id,
                "process": case["process"],
                "case_id": case["case_id"],
                "version": 1,
                "stage": case["state"],
                "sla": case["clock.name"][0] if case["clock.name"] else "",
                "amount": case["amount"],
                "currency": case["currency"],
                "joined": since,
                "left": None,
            }
        )


def _add_answers(rows: dict[str, list[Row]], one: Fires, since: int, told: bool) -> None:
    answers = [("", "pending", "It must hold for 5 min before it fires")]
    answers += [("chat", "sent", "New in its group"), ("pager", "not_routed", "Only critical alerts")] if told else []
    for number, (receiver, code, reason) in enumerate(answers):
        rows["alert_log"].append(
            {
                "alert_id": one.identity.id,
                "at": since + number * HOUR // 12,
                "receiver": receiver,
                "code": code,
                "route": "everything" if receiver else "",
                "revision": 1,
                "reason": reason,
            }
        )
