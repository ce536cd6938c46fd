"""Faults hold business steps up, and the truth says by how much."""

from metrics.words import HOUR, MINUTE
from streams.simulator.faults import OUTAGE, Fault, FaultSchedule, schedule_faults

from .conftest import Played, plan


def test_no_order_is_created_while_its_interface_is_down(harsh: Played) -> None:
    outages = [f for f in schedule_faults(harsh.plan).faults if f.id == "F-now-outage"]
    (outage,) = outages
    created = [e.time for e in harsh.events.values() if e.type == "purchase_order.created.v1"]
    assert created
    assert not [at for at in created if outage.start + MINUTE < at < outage.end]


def test_each_effect_names_a_fault_of_the_schedule_and_a_delay(harsh: Played) -> None:
    faults = {fault["id"]: fault for fault in harsh.of("fault")}
    effects = harsh.of("effect")
    assert effects
    assert all(faults[effect["fault"]]["interface"] == effect["interface"] for effect in effects)
    held = [effect["delay_us"] for effect in effects if effect["kind"] in (OUTAGE, "expired_credential")]
    assert held
    assert max(held) > HOUR


def test_a_schedule_answers_with_the_fault_under_way() -> None:
    schedule = FaultSchedule([Fault("a", OUTAGE, "x", 10, 20), Fault("b", OUTAGE, "x", 15, 30)])
    assert schedule.active("x", 9) is None
    assert schedule.active("x", 12) == Fault("a", OUTAGE, "x", 10, 20)
    assert schedule.active("x", 16) == Fault("b", OUTAGE, "x", 15, 30)
    assert schedule.active("y", 16) is None


def test_faults_can_be_switched_off() -> None:
    assert schedule_faults(plan(faults=False)).faults == ()
