"""Alarms of objectives: one for each, with the cases behind it, gone when the cases are better."""

from typing import Any

from msgspec.structs import replace

from metrics.alerts.condition import Names, Sight, conditions
from metrics.alerts.links import linker
from metrics.alerts.observed import Observed
from metrics.alerts.words import Alert, Finding
from metrics.definitions.load import load
from metrics.exposition import Exposition
from metrics.objectives.standing import standings
from metrics.queries.objective_rows import ObjectiveMiss
from metrics.words import DAY
from tests.unit.metrics.commands.readers import FakeReader
from tests.unit.metrics.objectives.scene import AIM, QUIET, outcomes

NOW = 1_795_190_400_000_000
NAMES = Names(load(), ())
BAD = QUIET + "1" * 12


def misses(limit: int, **_: Any) -> list[ObjectiveMiss]:
    return [ObjectiveMiss(AIM.process, f"R{n}", "approval", AIM.sla, "10.00", "USD") for n in range(limit)]


def found(kind: str, *rows: Any, **rule: Any) -> tuple[list[Finding], FakeReader]:
    reader = FakeReader(objective_outcomes=list(rows), objective_misses=misses)
    sight = Sight(NOW, reader, NAMES, window=DAY, cause_window=DAY, slow_call=1, remembered={})
    condition = conditions()[kind]
    return list(condition.find(sight, replace(condition.defaults, **rule))), reader


def test_an_objective_that_burns_is_one_alarm_with_its_cases_and_money() -> None:
    (finding,), reader = found("burn", outcomes(BAD))
    one = finding.identity
    assert (one.kind, one.process, one.cause_kind, one.cause, one.owner) == (
        "burn", AIM.process, "objective", AIM.sla, AIM.owner
    )  # fmt: skip
    assert finding.severity == "critical"
    assert finding.count == len(finding.members) > 8
    assert finding.amounts == {"USD": f"{10 * finding.count}.00"}
    assert "missed" in finding.detail
    assert "by luck in fewer than one month in a million" in finding.detail
    asked = dict(reader.asked)
    assert asked["objective_outcomes"]["history"] == 0, "cases of a feed in its history alarm nobody"
    assert asked["objective_misses"]["limit"] == finding.count
    assert found("budget", outcomes(BAD))[0][0].severity == "warning"


def test_a_quiet_objective_is_no_alarm() -> None:
    assert found("burn", outcomes())[0] == []
    assert found("budget", outcomes())[0] == []


def test_it_is_gone_when_the_cases_are_better() -> None:
    assert found("burn", outcomes(BAD + "0" * 60))[0] == []


def test_simulated_and_real_cases_alarm_apart() -> None:
    both, _ = found("burn", outcomes(BAD), outcomes(BAD, simulated=1))
    assert [one.identity.simulated for one in both] == [False, True]


def test_only_names_objectives_by_pattern() -> None:
    assert len(found("burn", outcomes(BAD), only=("requisition_to_pay/*",))[0]) == 1
    assert found("burn", outcomes(BAD), only=("supplier_onboarding/*",))[0] == []


def test_it_opens_the_cases_that_missed() -> None:
    (finding,), _ = found("burn", outcomes(BAD))
    alert = Alert(identity=finding.identity, severity="critical", status="firing", revision=1, since=NOW, detail="")
    assert linker("https://x")(alert) == "https://x/cases?process=requisition_to_pay&sla=approval&clock=breached"


def test_prometheus_sees_how_objectives_stand_and_forgets_those_that_are_gone() -> None:
    exposition = Exposition()
    observed = Observed(exposition)
    observed.objectives(standings([outcomes("0001", simulated=1)], [AIM]))
    labels = '{process="requisition_to_pay",simulated="true",sla="approval"}'
    text = exposition.text().decode()
    assert f"flowglass_objective_attainment_ratio{labels} 0.75" in text
    assert f"flowglass_objective_target_ratio{labels} 0.9" in text
    assert f"flowglass_objective_budget_left_cases{labels} -1.0" in text
    observed.objectives([])
    assert "approval" not in exposition.text().decode()
