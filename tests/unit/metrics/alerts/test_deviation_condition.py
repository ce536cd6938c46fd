"""Cases that go astray: one alert for each rule, in each way in which it is broken."""

from typing import Any

from msgspec.structs import replace

from metrics.alerts.condition import Names, Sight, conditions
from metrics.alerts.links import page
from metrics.alerts.rows import StandingDeviation
from metrics.alerts.words import Alert, Finding
from metrics.definitions.load import load
from metrics.words import DAY
from tests.fakes.alerting import NOON
from tests.unit.metrics.commands.readers import FakeReader

NAMES = Names(load(), ())
PROCESS = "supplier_onboarding"


def astray(case: str, kind: str = "missing", rule: str = "active after synced", **changes: Any) -> StandingDeviation:
    known: dict[str, Any] = {
        "process": PROCESS, "case_id": case, "kind": kind, "rule": rule, "milestone": rule.split()[0],
        "state": "activation", "owner": "whoever", "amount": "10.00", "currency": "USD", "simulated": 0,
        "phase": "live",
    }  # fmt: skip
    return StandingDeviation(**(known | changes))


def found(*rows: StandingDeviation, **rule: Any) -> list[Finding]:
    reader = FakeReader(alert_deviations=list(rows))
    sight = Sight(NOON, reader, NAMES, window=DAY, cause_window=DAY, slow_call=1, remembered={})
    one = conditions()["deviation"]
    findings = list(one.find(sight, replace(one.defaults, **rule)))
    assert reader.asked == [("alert_deviations", {"since": NOON - 7 * DAY})]
    return findings


def test_a_broken_rule_is_one_alert_with_its_cases_and_money() -> None:
    one, other = found(
        astray("a"), astray("b"), astray("b", milestone="active"), astray("c", "wrong_order"), astray("a", phase="live")
    )
    assert (one.identity.cause_kind, one.identity.cause) == ("rule", "missing: active after synced")
    assert one.identity.owner == "supplier_management", "whoever answers for the process"
    assert (one.count, one.amounts, len(one.members)) == (2, {"USD": "20.00"}, 2)
    assert one.detail == (
        "Supplier onboarding and activation: 2 cases, 20.00 USD not as defined: “Active” without “Known to procurement”"
    )
    assert (other.identity.cause, other.count) == ("wrong_order: active after synced", 1)


def test_each_way_has_a_severity_that_the_file_can_change() -> None:
    rows = [astray("a", kind) for kind in ("missing", "extra", "wrong_order", "rework")]
    severities = {one.identity.cause.partition(":")[0]: one.severity for one in found(*rows)}
    assert severities == {"missing": "warning", "extra": "critical", "wrong_order": "warning", "rework": "info"}
    assert found(astray("a"), severities={"missing": "critical"})[0].severity == "critical"


def test_few_cases_are_none_where_the_file_says_so() -> None:
    assert found(astray("a"), astray("b"), threshold=2) == []


def test_a_history_is_muted_and_says_so() -> None:
    (one,) = found(astray("a", phase="backfill"))
    assert (one.muted, one.count) == ("backfill", 1)
    (mixed,) = found(astray("a", phase="backfill"), astray("b"))
    assert (mixed.muted, mixed.count) == ("", 1)


def test_any_step_after_the_end_names_a_few() -> None:
    steps = ["requested", "approved", "rejected", "synced"]
    (one,) = found(*(astray(step, "extra", "nothing after the end", milestone=step) for step in steps))
    assert one.detail.endswith("“Rejected” came after the case had ended, and 1 more")


def test_its_link_opens_the_cases_behind_it() -> None:
    (one,) = found(astray("a"))
    alert = Alert(identity=one.identity, severity="warning", status="firing", revision=1, since=0, detail="")
    assert page(alert) == "/cases?process=supplier_onboarding&deviation=missing%3A+active+after+synced"
