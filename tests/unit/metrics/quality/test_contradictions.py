"""Contradictory values across systems."""

from metrics.quality.finding import CONTRADICTION, Finding
from metrics.words import HOUR, Event
from tests.unit.metrics.quality.telling import START, at, facts_of, hired, judgement, told


def says(hours: float, department: str, source: str = "/ukg/x", id: str = "says", **more: str) -> Event:
    return told(id, "worker.changed.v1", "worker/7", source, hours, department=department, **more)


def contradictions(events: list[Event], hours: float = 5) -> list[Finding]:
    return [one for one in judgement(events, at(hours)).findings if one.kind == CONTRADICTION]


def test_a_system_that_says_another_value_than_the_system_of_record_contradicts_it_at_once() -> None:
    (found,) = contradictions([hired(department="Surgery"), says(1, "Radiology")])
    assert (found.field, found.opened, found.healed) == ("department", START + HOUR, None)
    assert {(one.system, one.value) for one in found.said} == {("workday", "Surgery"), ("ukg", "Radiology")}
    assert found.detail == "department: ukg says Radiology, workday says Surgery"


def test_a_contradiction_is_healed_by_the_correction() -> None:
    (found,) = contradictions([hired(department="Surgery"), says(1, "Radiology"), says(3, "Surgery", id="right")])
    assert (found.opened, found.healed) == (START + HOUR, START + 3 * HOUR)
    assert {(one.system, one.value) for one in found.said} == {("workday", "Surgery"), ("ukg", "Radiology")}


def test_a_system_of_record_that_says_it_again_ends_no_contradiction() -> None:
    again = told("ready", "worker.ready.v1", "worker/7", "/workday/prod", 3, department="Surgery")
    for source in ("/ukg/x", "/wfm/x"):
        (found,) = contradictions([hired(department="Surgery"), says(1, "Radiology", source), again], hours=100)
        assert (found.opened, found.healed, found.episodes) == (START + HOUR, None, 1)


def test_saying_it_again_gives_no_more_time() -> None:
    moved = told("moved", "worker.transferred.v1", "worker/7", "/workday/prod", 2, department="Radiology")
    again = told("again", "worker.changed.v1", "worker/7", "/workday/prod", 9, department="Radiology")
    (found,) = contradictions([hired(department="Surgery"), says(1, "Surgery", "/wfm/x"), moved, again], hours=10)
    assert found.opened == START + 10 * HOUR


def test_two_words_for_one_thing_are_no_contradiction() -> None:
    assert contradictions([hired(department="Surgery"), says(1, "4410"), says(2, " surgery ", id="b")]) == []


def test_an_older_value_of_a_target_is_on_its_way_and_left_to_the_hop() -> None:
    moved = told("moved", "worker.transferred.v1", "worker/7", "/workday/prod", 2, department="Radiology")
    assert contradictions([hired(department="Surgery"), says(1, "Surgery"), moved], hours=100) == []


def test_an_older_value_of_another_system_contradicts_once_the_domains_time_is_over() -> None:
    moved = told("moved", "worker.transferred.v1", "worker/7", "/workday/prod", 2, department="Radiology")
    events = [hired(department="Surgery"), says(1, "Surgery", source="/wfm/x"), moved]
    assert contradictions(events, hours=9) == []
    (found,) = contradictions(events, hours=10)
    assert found.opened == START + 10 * HOUR


def test_a_target_that_goes_back_to_an_older_value_contradicts() -> None:
    moved = told("moved", "worker.transferred.v1", "worker/7", "/workday/prod", 2, department="Radiology")
    events = [hired(department="Surgery"), moved, says(3, "Radiology"), says(4, "Surgery", id="back")]
    (found,) = contradictions(events)
    assert found.opened == START + 4 * HOUR


def test_a_value_that_takes_effect_later_contradicts_nothing_before() -> None:
    moved = told(
        "moved", "worker.transferred.v1", "worker/7", "/workday/prod", 1, department="Radiology", effective="2026-01-09"
    )
    events = [hired(department="Surgery"), moved, says(2, "Surgery")]
    assert contradictions(events, hours=48) == []


def test_systems_contradict_each_other_although_the_system_of_record_is_silent() -> None:
    events = [says(1, "Surgery"), says(2, "Radiology", source="/wfm/x", id="wfm")]
    (found,) = contradictions(events)
    assert found.opened == START + 2 * HOUR


def test_a_value_that_tells_of_a_person_is_compared_and_not_shown() -> None:
    events = [hired(manager="W-77123"), told("ukg", "worker.changed.v1", "worker/7", "/ukg/x", 1, manager="W-88456")]
    (found,) = contradictions(events)
    assert found.field == "manager"
    assert "W-77123" not in repr(found)
    assert "W-88456" not in repr(found)
    assert "W-77123" not in repr(facts_of(events))
    same = [events[0], told("ukg", "worker.changed.v1", "worker/7", "/ukg/x", 1, manager="W-77123")]
    assert contradictions(same) == []


def test_what_another_type_says_of_the_one_worker_it_names_counts() -> None:
    account = told(
        "scim",
        "user_account.changed.v1",
        "user_account/U1",
        "/scim/x",
        1,
        ("worker", "7", "worker"),
        department="Radiology",
    )
    (found,) = contradictions([hired(department="Surgery"), account])
    assert {one.system for one in found.said} == {"identity", "workday"}


def test_objects_that_an_event_names_are_fields_like_attributes() -> None:
    other = told("ukg", "worker.changed.v1", "worker/7", "/ukg/x", 1, ("cost_center", "CC-2", "cost_center"))
    first = told("hired", "worker.hired.v1", "worker/7", "/workday/x", 0, ("cost_center", "CC-1", "cost_center"))
    (found,) = contradictions([first, other])
    assert found.field == "cost_center"
