"""Which facts an event proves."""

from metrics.words import DAY, Event, ObjectRef
from tests.unit.metrics.quality.telling import START, facts_of, hired, told


def kinds(*events: Event) -> list[tuple[str, str, str]]:
    return sorted((fact.kind, fact.field, fact.system) for fact in facts_of(events))


def test_an_event_that_concerns_no_domain_proves_nothing() -> None:
    step = Event(
        id="1", type="log.step.v1", activity="Register", time=START, source="log", origin="file:1", position=1,
        objects=(ObjectRef("log.abc", "17"),),
    )  # fmt: skip
    assert facts_of([step]) == []
    assert facts_of([told("t", "ticket.opened.v1", "ticket/T", "/servicenow/x", 1)]) == []


def test_the_system_that_an_event_names_is_where_the_record_is() -> None:
    synced = told("s", "worker.changed.v1", "worker/7", "/interface/x", 1, system="UKG")
    assert kinds(synced) == [("seen", "employment/ukg", "ukg")]


def test_a_system_of_record_changes_and_tells() -> None:
    assert kinds(hired(department="Surgery")) == [
        ("change", "employment", "workday"),
        ("told", "department", "workday"),
    ]


def test_a_change_that_takes_effect_later_holds_from_that_day() -> None:
    (fact, *_) = facts_of([hired(effective="2026-01-09")])
    assert (fact.time, fact.since) == (START, START + 8 * DAY)
    (fact, *_) = facts_of([hired(effective="soon")])
    assert fact.since == START


def test_an_account_of_two_workers_tells_of_neither() -> None:
    both = (("worker", "7", "whose"), ("worker", "8", "whose"))
    assert facts_of([told("a", "user_account.created.v1", "user_account/U", "/scim/x", 1, *both)]) == []


def test_an_alias_is_a_fact_of_both_numbers() -> None:
    event = told("a", "supplier.changed.v1", "supplier/10", "/coupa/x", 1, ("supplier", "coupa:4", "alias"))
    assert {(fact.id, fact.value) for fact in facts_of([event])} == {("10", "coupa:4"), ("coupa:4", "10")}


def test_an_alias_that_could_belong_to_several_joins_nothing() -> None:
    others = (("supplier", "11", "seller"), ("supplier", "x", "alias"))
    assert facts_of([told("a", "supplier.changed.v1", "supplier/10", "/coupa/x", 1, *others)]) == []


def test_an_event_read_twice_proves_the_same() -> None:
    assert facts_of([hired(department="A")]) == facts_of([hired(department="A")])
