"""Propagation latency: from a change in the system of record to each target."""

from metrics.quality.finding import CANCELLED, IN_TIME, LATE, MISSING, PENDING, PROPAGATION, Finding, Hop
from metrics.words import HOUR, Event
from tests.unit.metrics.quality.telling import START, at, hired, judgement, told


def account(hours: float, id: str = "account") -> Event:
    return told(id, "user_account.created.v1", "user_account/U-7", "/scim/prod", hours, ("worker", "7", "worker"))


def in_ukg(hours: float, id: str = "ukg", **attributes: str) -> Event:
    return told(id, "worker.changed.v1", "worker/7", "/ukg-pro/x", hours, **attributes)


def hop(events: list[Event], hours: float, target: str = "identity") -> Hop:
    (found,) = [one for one in judgement(events, at(hours)).hops if one.target == target]
    return found


def late(events: list[Event], hours: float) -> list[Finding]:
    return [
        one for one in judgement(events, at(hours)).findings if one.kind == PROPAGATION and one.target == "identity"
    ]


def test_a_change_that_a_target_shows_within_its_time_is_no_exception() -> None:
    found = hop([hired(), account(1.5)], 10)
    assert (found.state, found.seen, found.accepted) == (IN_TIME, START + 1.5 * HOUR, 2 * HOUR)
    assert late([hired(), account(1.5)], 10) == []


def test_a_change_that_nobody_has_seen_yet_is_pending_and_says_when_to_look_again() -> None:
    judged = judgement([hired()], at(1))
    assert {one.state for one in judged.hops} == {PENDING}
    assert sorted(wake.due - START for wake in judged.wakes) == [2 * HOUR, 4 * HOUR]
    assert judged.findings == []


def test_a_target_that_never_showed_a_change_is_an_exception_of_the_owner_from_the_end_of_its_time() -> None:
    assert hop([hired()], 2).state == MISSING
    (found,) = late([hired()], 2)
    assert (found.owner, found.domain, found.opened, found.healed) == (
        "HR operations",
        "workforce",
        START + 2 * HOUR,
        None,
    )
    assert found.proof == "hired"


def test_an_exception_is_healed_by_what_the_target_shows_later() -> None:
    assert hop([hired(), account(5)], 10).state == LATE
    (found,) = late([hired(), account(5)], 10)
    assert (found.opened, found.healed) == (START + 2 * HOUR, START + 5 * HOUR)


def test_a_proof_that_comes_later_and_happened_earlier_takes_the_exception_back() -> None:
    assert late([hired(), account(5), account(1, id="before")], 10) == []


def test_a_target_that_shows_an_older_value_has_not_seen_the_change() -> None:
    moved = told("moved", "worker.transferred.v1", "worker/7", "/workday/prod", 10, department="Radiology")
    told_before = [
        hired(department="Surgery"),
        in_ukg(1, department="SURG"),
        moved,
        in_ukg(11, id="stale", department="Surgery"),
    ]
    states = [one.state for one in judgement(told_before, at(20)).hops if one.target == "ukg"]
    assert sorted(states) == [IN_TIME, MISSING]
    seen = [*told_before, in_ukg(12, id="fresh", department="Radiology")]
    assert {one.state for one in judgement(seen, at(20)).hops if one.target == "ukg"} == {IN_TIME}


def test_a_change_that_the_next_one_replaced_is_seen_with_it() -> None:
    events = [
        hired(department="Surgery"),
        told("moved", "worker.transferred.v1", "worker/7", "/workday/prod", 1, department="Radiology"),
        in_ukg(3, department="Radiology"),
    ]
    assert [one.state for one in judgement(events, at(20)).hops if one.target == "ukg"] == [IN_TIME, IN_TIME]


def test_what_is_taken_back_in_time_need_not_arrive() -> None:
    rescinded = told("back", "worker.rescinded.v1", "worker/7", "/workday/prod", 1)
    assert hop([hired(), rescinded], 10).state == CANCELLED
    assert late([hired(), rescinded], 10) == []


def test_what_is_taken_back_too_late_was_an_exception_until_then() -> None:
    rescinded = told("back", "worker.rescinded.v1", "worker/7", "/workday/prod", 3)
    (found,) = late([hired(), rescinded], 10)
    assert (found.opened, found.healed) == (START + 2 * HOUR, START + 3 * HOUR)


def test_each_time_a_target_is_late_again_is_an_episode() -> None:
    again = told("again", "worker.transferred.v1", "worker/7", "/workday/prod", 20)
    (found,) = late([hired(), account(5), again], 30)
    assert (found.episodes, found.opened, found.healed) == (2, START + 22 * HOUR, None)
