"""Every golden case of every source mapping: what its messages give, and what must hold for all of them."""

import pytest

from streams.codecs.cloudevents import decode_batch, encode
from streams.sources import golden
from streams.sources.golden import Case
from tests.golden.sources.playing import CASES, NAMED, Written, played


@pytest.fixture(params=CASES, ids=lambda case: f"{case.system}/{case.name}")
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


def test_a_case_gives_what_its_file_says(case: Case) -> None:
    _, result = played(case)
    found = golden.found(case, result)
    assert case.expected() == found, golden.difference(case.expected(), found)


def test_a_case_sent_again_gives_no_new_event(case: Case) -> None:
    mapping, result = played(case)
    known = {event.id for _, outcome in result.outcomes for event in outcome.events}
    for message, _ in result.outcomes:
        again = mapping.map(message, result.state)
        assert {event.id for event in again.events} <= known


def test_every_event_of_a_case_reads_back_as_it_was(case: Case) -> None:
    _, result = played(case)
    for _, outcome in result.outcomes:
        for offset, event in enumerate(outcome.events):
            key, value, headers = encode(event)
            events, _, dead = decode_batch([Written(offset, key, value, headers)], "i")
            assert dead == []
            read = events[0]
            assert (read.id, read.type, read.time, read.subject, read.objects, read.attributes, read.amount) == (
                event.id, event.type, event.time, event.subject, event.objects, event.attributes, event.amount,
            )  # fmt: skip


def test_no_id_of_a_case_stands_for_two_different_facts(case: Case) -> None:
    _, result = played(case)
    facts: dict[str, tuple[str, str]] = {}
    for _, outcome in result.outcomes:
        for event in outcome.events:
            fact = (event.type, event.subject)
            assert facts.setdefault(event.id, fact) == fact


@pytest.mark.parametrize("name", [name for name, case in NAMED.items() if case.text.same_events_as])
def test_the_same_fact_in_another_shape_gives_the_identical_events(name: str) -> None:
    case = NAMED[name]
    twin = NAMED[f"{case.system}/{case.text.same_events_as}"]
    _, mine = played(case)
    _, others = played(twin)
    shown = [golden.shown(event) for _, outcome in mine.outcomes for event in outcome.events]
    assert shown == [golden.shown(event) for _, outcome in others.outcomes for event in outcome.events]
    assert shown
