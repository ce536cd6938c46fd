"""Who is told next: as the definition says, else as the route does."""

import msgspec

from metrics.alerts.actions import Standing
from metrics.alerts.decide import decide
from metrics.alerts.escalating import Declared, declared, steps_of
from metrics.alerts.plan import Escalation, Plan, destinations
from metrics.alerts.stages import Scene
from metrics.alerts.words import Alert
from metrics.definitions.escalation import EscalationStep
from metrics.definitions.load import load
from metrics.sla.calendar import Calendar, CalendarSpec, compile_calendar
from metrics.sla.zones import load_zone
from metrics.words import DAY, HOUR, MINUTE
from tests.fakes.alerting import NOON, WAIT, Talk, finding, firing, plan, route

ALWAYS = Calendar("always", load_zone("UTC"))
OFFICE = compile_calendar(CalendarSpec("office", "UTC", dict.fromkeys(range(5), ((480, 1020),)), "", ""))
LEAD, CHIEF = EscalationStep(HOUR, "lead", ALWAYS), EscalationStep(4 * HOUR, "chief", ALWAYS)
ROUTES = (
    route("lead", ("pager",), match={"owner": ("lead",)}),
    route("chief", ("manager",), match={"owner": ("chief",)}),
    route("all", ("hook",), escalate=(Escalation(10 * MINUTE, ("pager",)),)),
)
KINDS = {"hook": "webhook", "pager": "pagerduty", "manager": "webhook"}
HIRING = Declared((LEAD, CHIEF), {"own": (EscalationStep(2 * HOUR, "chief", ALWAYS),), "rest": (LEAD, CHIEF)})


def escalating(one: Declared = HIRING) -> Plan:
    return plan(*ROUTES, receivers=KINDS, declared={"hiring": one})


def test_each_step_is_told_in_its_time_by_the_route_of_its_owner() -> None:
    talk, alert = Talk(escalating()), firing("a")
    assert [one.receiver for one in talk.at(NOON + WAIT, alert)] == ["hook"]
    assert talk.at(NOON + HOUR - 1, alert) == [], "the route's own ten minutes do not hold"
    waiting = {note.reason for note in talk.last.notes if note.code == "escalation_waits"}
    assert waiting == {
        "told here as lead when nobody has acknowledged it by 2026-01-01 13:00:00Z",
        "told here as chief when nobody has acknowledged it by 2026-01-01 16:00:00Z",
    }
    (message,) = talk.at(NOON + HOUR, alert)
    assert (message.receiver, message.alerts[0].labels["owner"]) == ("pager", "integration_team")
    assert [one.receiver for one in talk.at(NOON + 4 * HOUR, alert) if one.receiver == "manager"] == ["manager"]


def test_working_time_waits_for_the_next_opening() -> None:
    step = EscalationStep(2 * HOUR, "lead", OFFICE)  # NOON is a Thursday; 20:00 is closed until Friday 8:00
    talk, evening = Talk(escalating(Declared((step,), {}))), NOON + 8 * HOUR
    alert = firing("a", at=evening)
    talk.at(evening + WAIT, alert)
    assert "pager" not in {one.receiver for one in talk.at(evening + 14 * HOUR - 1, alert)}
    assert "pager" in {one.receiver for one in talk.at(evening + 14 * HOUR, alert)}


def test_nobody_is_told_next_once_somebody_took_it() -> None:
    talk, alert = Talk(escalating()), firing("a")
    talk.at(NOON + WAIT, alert)
    assert talk.at(NOON + DAY, alert, standings={alert.id: Standing("ann", NOON + MINUTE)}) == []


def test_an_owner_whom_no_route_asks_for_leaves_the_route_its_own_escalation() -> None:
    stranger = EscalationStep(HOUR, "stranger", ALWAYS)
    found = destinations(ROUTES, firing("a"), [stranger])
    assert [(one.receiver, one.after) for one in found] == [("hook", 0), ("pager", 10 * MINUTE)]
    found = destinations(ROUTES, firing("a"), [stranger, CHIEF])
    assert [(one.receiver, one.after) for one in found] == [("hook", 0), ("manager", 4 * HOUR)]


def test_a_route_for_everybody_is_no_way_to_reach_an_owner() -> None:
    routes = (route("critical", ("pager",), match={"owner": ("integration_team",)}), route("all", ("hook",)))
    assert [one.receiver for one in destinations(routes, firing("a"), [LEAD])] == ["pager"]


def test_a_step_to_whoever_is_told_anyway_is_no_step() -> None:
    routes = (route("buyers", ("hook",), match={"owner": ("lead*",)}, escalate=(Escalation(MINUTE, ("pager",)),)),)
    found = destinations(routes, firing("a", owner="lead_buyer"), [LEAD])
    assert [(one.receiver, one.after) for one in found] == [("hook", 0), ("pager", MINUTE)]


def test_processes_without_a_word_escalate_as_their_route_says() -> None:
    found = destinations(ROUTES, firing("a", process="buying"), steps_of({"hiring": HIRING}, firing(process="buying")))
    assert [(one.receiver, one.after) for one in found] == [("hook", 0), ("pager", 10 * MINUTE)]


def test_clocks_of_several_slas_tell_whom_any_of_them_names_at_the_earliest_time() -> None:
    steps = steps_of({"hiring": HIRING}, firing(), {"own", "rest"})
    assert [(one.to, one.after) for one in steps] == [("lead", HOUR), ("chief", 2 * HOUR)]
    assert [one.to for one in steps_of({"hiring": HIRING}, firing(), {"own"})] == ["chief"]
    assert [one.to for one in steps_of({"hiring": HIRING}, firing())] == ["lead", "chief"]


def test_an_objective_escalates_as_its_sla() -> None:
    one = firing("own", kind="burn")
    burn = msgspec.structs.replace(one, identity=msgspec.structs.replace(one.identity, cause_kind="objective"))
    assert [step.to for step in steps_of({"hiring": HIRING}, burn)] == ["chief"]


def test_the_clocks_behind_an_alert_decide_in_a_round() -> None:
    alert = firing("a", at=NOON)
    scene = Scene(NOON + 2 * HOUR, {alert.id: alert}, {}, (), (), {alert.id: frozenset({"own"})})
    told = decide(escalating(), scene, {}, lambda _: "").messages
    assert sorted(one.receiver for one, _ in told) == ["hook", "manager"]
    assert finding().slas == ()


def test_what_is_shipped_is_declared_for_all_nine_processes() -> None:
    found = declared(load().definitions)
    assert len(found) == 9

    def example(process: str) -> Alert:
        return firing("a", process=process)

    assert [one.to for one in steps_of(found, example("employee_offboarding"), {"account"})] == [
        "information_security", "chief_information_security_officer"
    ]  # fmt: skip
