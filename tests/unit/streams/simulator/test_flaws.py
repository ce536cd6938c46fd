"""The truth about flawed master data is what the systems' own messages show."""

from typing import Any

import pytest

from metrics.words import DAY, Event
from streams.simulator.products import jaggaer

from .conftest import plan
from .told import Heard, hear

SYSTEMS = frozenset({
    "simulated_workday", "simulated_ukg_pro", "simulated_scim",
    "own_identity", "own_workday", "simulated_jaggaer", "own_s4hana",
})  # fmt: skip


@pytest.fixture(scope="module")
def heard() -> Heard:
    """Four weeks, so that each flaw occurs; of what is bought only the truth is looked at."""
    return hear(plan(days=28, disorder="none", native=True), SYSTEMS)


def flaws(heard: Heard, what: str) -> dict[tuple[tuple[str, str], ...], dict[str, Any]]:
    """The newest record of each flaw of a kind, by its objects."""
    return {
        tuple((kind, identity) for kind, identity in record["objects"]): record
        for record in heard.of("quality")
        if record["what"] == what
    }


def naming(heard: Heard, kind: str, identity: str) -> list[Event]:
    """The mapped events that name an object, in the order of time."""
    named = [e for e in heard.mapped.values() if any((ref.type, ref.id) == (kind, identity) for ref in e.objects)]
    return sorted(named, key=lambda event: event.time)


def test_a_department_that_differs_is_said_by_ukg_from_the_first_moment_on(heard: Heard) -> None:
    found = flaws(heard, "contradiction")
    assert found
    for ((kind, worker),), record in found.items():
        right, wrong = record["values"]
        said = [e for e in naming(heard, kind, worker) if e.source == "/ukg/prod" and "department" in e.attributes]
        assert (said[0].time, said[0].attributes["department"]) == (record["from"], wrong)
        until = record["until"]
        assert [e.attributes["department"] for e in said[1:]] == ([] if until is None else [right])
        assert until is None or said[-1].time == until
    assert {record["until"] is None for record in found.values()} == {True, False}


def test_a_worker_who_is_missing_has_no_account(heard: Heard) -> None:
    found = flaws(heard, "missing")
    assert found
    for ((kind, worker),), record in found.items():
        events = naming(heard, kind, worker)
        assert record["from"] in {e.time for e in events if e.type == "worker.hired.v1"}
        assert not [e for e in events if e.source == "/identity/prod"]
    without = {e.objects[0].id for e in heard.events.values() if e.type == "worker.hired.v1"}
    without -= {ref.id for e in heard.events.values() if e.source == "/identity/prod" for ref in e.objects}
    assert {worker for ((_, worker),) in found} <= without


def test_a_supplier_with_two_numbers_has_one_tax_number(heard: Heard) -> None:
    found = flaws(heard, "duplicate")
    assert found
    for pair, record in found.items():
        first, second = (requests(heard, number) for _, number in pair)
        assert first[0].attributes["tax_id"] == second[0].attributes["tax_id"]
        assert record["from"] == max(first[0].time, second[0].time)
    numbers = {
        e.attributes.get("tax_id"): e.subject for e in heard.events.values() if e.type == "supplier.requested.v1"
    }
    suppliers = {e.subject for e in heard.events.values() if e.type == "supplier.requested.v1"}
    assert len(suppliers) - len(numbers) == len(found)


def test_jaggaer_tells_every_step_of_a_registration_and_how_it_ends(heard: Heard) -> None:
    steps = {f"{name}.v1" for name in jaggaer.PRODUCT.tells if name.startswith("supplier.")}
    said = [e for e in heard.mapped.values() if e.source == "/jaggaer/prod" and e.type.startswith("supplier.")]
    told = {(e.type, e.subject, e.time) for e in said}
    assert told == {(e.type, e.subject, e.time) for e in heard.events.values() if e.type in steps}
    assert {kind for kind, _, _ in told} == steps


def test_a_cost_centre_that_is_used_too_early_is_unmapped_until_it_is_created(heard: Heard) -> None:
    found = flaws(heard, "unmapped")
    assert found
    for ((_, center),), record in found.items():
        created = [e for e in heard.mapped.values() if e.type == "cost_center.created.v1" and e.objects[0].id == center]
        assert [event.time for event in created] == [record["until"]]
        assert record["from"] == min(e.time for e in heard.events.values() if ("cost_center", center) in _refs(e))
        assert 0 < created[0].time - heard_start(heard) < 9 * DAY + DAY


def requests(heard: Heard, number: str) -> list[Event]:
    """The mapped requests for a supplier, as its numbers first became known."""
    asked = [e for e in naming(heard, "supplier", number) if e.type == "supplier.requested.v1"]
    assert asked
    return asked


def heard_start(heard: Heard) -> int:
    """When the history began."""
    return min(event.time for event in heard.events.values())


def _refs(event: Event) -> set[tuple[str, str]]:
    return {(ref.type, ref.id) for ref in event.objects}
