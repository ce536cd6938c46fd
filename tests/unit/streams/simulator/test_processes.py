"""All nine processes are played, and a case that begins later than its objects takes them along."""

from collections import Counter
from random import Random
from typing import Any

from metrics.definitions.load import load
from metrics.words import Event, ObjectRef
from streams.simulator.outcome import Outcomes
from streams.simulator.processes import OFFBOARDING, ONBOARDING, PARTS, concerns
from streams.simulator.step import Case, Step
from streams.simulator.truth import Ledger

from .conftest import ANCHOR, Played


def test_every_process_of_the_catalogue_is_played(harsh: Played) -> None:
    played = Counter(record["process"] for record in harsh.of("case"))
    assert played.keys() == {definition.process for definition in load().definitions} == PARTS.keys()


def test_what_belongs_to_a_case_is_what_the_catalogue_links_to_it() -> None:
    for definition in load().definitions:
        linked = {definition.case_type, *(rule.child for rule in definition.links)}
        assert PARTS[definition.process] == linked, definition.process


def test_what_a_worker_learns_is_no_step_of_its_leaving() -> None:
    hire, leaving = (Case(process, "W-1", "north", Random(1)) for process in (ONBOARDING, OFFBOARDING))
    worker = ObjectRef("worker", "W-1")
    course = Step("training.assigned.v1", "/s", (ObjectRef("training", "T-1"), worker), ("training_assigned",))
    bound = Step(course.type, "/s", course.objects, course.milestones, process=ONBOARDING)
    assert concerns(hire, bound)
    assert not concerns(leaving, bound)
    assert concerns(leaving, course)  # a milestone that it reached there would make it a step


def test_nobody_loses_access_before_leaving(harsh: Played) -> None:
    ended = {e.objects[0].id: e.time for e in harsh.events.values() if e.type == "worker.terminated.v1"}
    disabled = [e for e in harsh.events.values() if e.type == "user_account.disabled.v1"]
    assert disabled
    for event in disabled:
        (worker,) = [ref.id for ref in event.objects if ref.type == "worker"]
        assert ended[worker] < event.time


def test_only_an_invoice_with_an_exception_is_a_case_of_its_own(harsh: Played) -> None:
    wrong = {e.objects[0].id for e in harsh.events.values() if e.type == "invoice.exception.v1"}
    assert {r["case"] for r in harsh.of("case") if r["process"] == "invoice_exception"} == wrong
    received = {e.objects[0].id for e in harsh.events.values() if e.type == "invoice.received.v1"}
    assert wrong
    assert wrong < received


def test_each_facility_sends_each_file_once_a_night(harsh: Played) -> None:
    first = {e.objects[0].id: e for e in harsh.events.values() if e.type == "batch.started.v1"}
    files = Counter((e.attributes["facility"], e.attributes["interface"]) for e in first.values())
    assert len(files) == 10
    assert set(files.values()) <= {harsh.plan.days - 1, harsh.plan.days, harsh.plan.days + 1}


def occurred(kind: str, at: int) -> Event:
    return Event(
        id=kind, type=kind, activity=kind, time=at, source="/s", origin="o", position=0,
        objects=(ObjectRef("invoice", "I-1"),),
    )  # fmt: skip


def test_a_case_that_begins_late_has_what_came_before_and_its_objects_are_told_again() -> None:
    told: list[dict[str, Any]] = []
    ledger = Ledger(Outcomes(ANCHOR), told.append)
    first = Case("requisition_to_pay", "R-1", "north", Random(1))
    late = Case("invoice_exception", "I-1", "north", Random(2), begins="invoice_exception")
    invoice = ObjectRef("invoice", "I-1")
    ledger.member(invoice, [first, late])
    received = Step("invoice.received.v1", "/s", (invoice,), ("invoice_received",))
    ledger.event(occurred(received.type, ANCHOR), [first, late], received)
    assert [record["cases"] for record in told] == [[["requisition_to_pay", "R-1"]]]
    assert [record["process"] for record in ledger.settle(ANCHOR)] == ["requisition_to_pay"]
    wrong = Step("invoice.exception.v1", "/s", (invoice,), ("invoice_exception",))
    ledger.event(occurred(wrong.type, ANCHOR + 1), [first, late], wrong)
    assert told[-1]["cases"] == [["requisition_to_pay", "R-1"], ["invoice_exception", "I-1"]]
    (record,) = [one for one in ledger.settle(ANCHOR + 1) if one["process"] == "invoice_exception"]
    assert [name for name, *_ in record["milestones"]] == ["invoice_received", "invoice_exception"]
