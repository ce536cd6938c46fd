"""The truth says what the events and spans say, worked out here once more by plain means."""

import re
from collections import defaultdict
from hashlib import sha256
from importlib.resources import files
from typing import Any

import yaml
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from metrics.words import Event

from .conftest import Played

Case = tuple[str, str]
PROCESSES = (
    "requisition_to_pay", "employee_onboarding", "supplier_onboarding", "employee_offboarding",
    "invoice_exception", "contingent_labour", "employee_change", "batch_reconciliation", "master_data_propagation",
)  # fmt: skip


def written(name: str) -> Any:
    return yaml.safe_load(files("metrics").joinpath("definitions", "catalogue", f"{name}.yaml").read_text("utf-8"))


def members(played: Played) -> dict[tuple[str, str], set[Case]]:
    return {(r["type"], r["id"]): {(p, c) for p, c in r["cases"]} for r in played.of("object")}


def types_of(process: Any) -> set[str]:
    return {process["case"]["object"], *(rule["object"] for rule in process.get("correlation", ()))}


def by_case(played: Played) -> dict[Case, list[Event]]:
    """The events of each case: on an object of its process, or at a milestone."""
    found: dict[Case, list[Event]] = defaultdict(list)
    objects, definitions = members(played), {name: written(name) for name in PROCESSES}
    for event in played.events.values():
        for case in {case for ref in event.objects for case in objects.get((ref.type, ref.id), ())}:
            process = definitions[case[0]]
            if event.objects[0].type in types_of(process) or reached(process, event):
                found[case].append(event)
    return {case: sorted(events, key=lambda event: event.time) for case, events in found.items()}


def reached(process: Any, event: Event) -> list[str]:
    names = []
    for name, milestone in process["milestones"].items():
        on = milestone[True]  # YAML 1.1 reads the bare word `on` as true
        where = milestone.get("where", {})
        fits = all(
            event.attributes.get(key) in (value if isinstance(value, list) else [value]) for key, value in where.items()
        )
        if event.type in ([on] if isinstance(on, str) else on) and fits:
            names.append(name)
    return names


def test_milestones_are_those_that_the_catalogue_sees_in_the_events(harsh: Played) -> None:
    definitions = {name: written(name) for name in PROCESSES}
    events = by_case(harsh)
    truth = {(record["process"], record["case"]): record["milestones"] for record in harsh.of("case")}
    assert truth.keys() == events.keys()
    for case, own in events.items():
        expected: dict[str, list[int]] = {}
        for event in own:
            for name in reached(definitions[case[0]], event):
                expected.setdefault(name, []).append(event.time)
        found = {name: (first, last, count) for name, first, last, count in truth[case]}
        assert found == {name: (times[0], times[-1], len(times)) for name, times in expected.items()}


def begun(name: str, process: Any, played: Played) -> set[str]:
    """Ids of the objects that an event has made cases of a process."""
    kind, begins = process["case"]["object"], process.get("begins", ())
    wanted = {begins} if isinstance(begins, str) else set(begins)
    return {
        ref.id
        for event in played.events.values()
        if not wanted or wanted & {event.type, *reached(process, event)}
        for ref in event.objects
        if ref.type == kind
    }


def linked(name: str, process: Any, played: Played) -> dict[tuple[str, str], set[Case]]:
    """The objects of each case of a process, as its links and its beginnings say."""
    rules = {(rule["object"], rule["through"]) for rule in process.get("correlation", ())}
    parents: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for event in played.events.values():
        for child in event.objects:
            for parent in event.objects:
                if (child.type, parent.type) in rules:
                    parents[child.type, child.id].add((parent.type, parent.id))
    opened = begun(name, process, played)

    def cases(key: tuple[str, str]) -> set[Case]:
        found = {(name, key[1])} if key[0] == process["case"]["object"] and key[1] in opened else set()
        return found.union(*(cases(parent) for parent in parents.get(key, ())))

    kinds = types_of(process)
    return {key: cases(key) for key in members(played) if key[0] in kinds}


def test_objects_belong_to_the_cases_that_the_catalogue_links_them_to(harsh: Played) -> None:
    found: dict[tuple[str, str], set[Case]] = defaultdict(set)
    for name in PROCESSES:
        for key, cases in linked(name, written(name), harsh).items():
            found[key] |= cases
    for key, expected in members(harsh).items():
        assert found[key] == expected


def test_trace_links_are_those_that_spans_and_events_carry(harsh: Played) -> None:
    objects, events = members(harsh), by_case(harsh)
    keys = yaml.safe_load(files("metrics").joinpath("vocabulary.yaml").read_text("utf-8"))["span_keys"]
    direct: dict[str, set[Case]] = defaultdict(set)
    links: dict[str, set[str]] = defaultdict(set)
    for span in spans(harsh):
        trace = span.trace_id.hex()
        direct[trace] |= set()
        links[trace] |= {link.trace_id.hex() for link in span.links}
        for attribute in span.attributes:
            name = attribute.key.removeprefix("baggage.")
            own = re.fullmatch(r"flowglass\.([a-z_]+)\.id", name)
            kind = keys.get(name) or (own[1] if own else "")
            direct[trace] |= objects.get((kind, attribute.value.string_value), set())
    for case, own_events in events.items():
        derived = sha256(f"default|{case[0]}|{case[1]}".encode()).hexdigest()[:32]
        for trace in {event.trace_id for event in own_events if event.trace_id} | {derived}:
            if trace in direct:
                direct[trace].add(case)
    truth = {record["trace"]: {(p, c) for p, c in record["cases"]} for record in harsh.of("trace")}
    assert truth.keys() == direct.keys()
    for trace, expected in truth.items():
        assert direct[trace].union(*(direct[other] for other in links[trace])) == expected


def test_every_kind_of_carrier_occurs_and_lost_ones_and_decoys_bind_nothing(harsh: Played) -> None:
    traces = harsh.of("trace")
    kinds = {record["carrier"] for record in traces}
    assert kinds >= {"traceparent", "keys", "both", "baggage", "span_link", "derived", "neither", "decoy", "missing"}
    assert not any(record["cases"] for record in traces if record["carrier"] in ("neither", "decoy", "missing"))
    assert {proof for r in traces for proof in r["proofs"]} == {
        "traceparent", "attribute", "baggage", "span_link", "derived",
    }  # fmt: skip


def test_no_trace_is_spread_over_two_partitions(harsh: Played) -> None:
    home: dict[bytes, int] = {}
    for batch in harsh.batches:
        for resource in TracesData.FromString(batch.payload).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    assert home.setdefault(span.trace_id, batch.partition) == batch.partition


def spans(played: Played) -> list[Any]:
    found: list[Any] = []
    for batch in played.batches:
        for resource in TracesData.FromString(batch.payload).resource_spans:
            for scope in resource.scope_spans:
                found.extend(scope.spans)
    return found


def test_children_lie_in_their_parents_trace_and_end_after_they_begin(harsh: Played) -> None:
    known = {(span.trace_id, span.span_id) for span in spans(harsh)}
    assert len(known) == sum(batch.spans for batch in harsh.batches)
    for span in spans(harsh):
        assert span.end_time_unix_nano > span.start_time_unix_nano
        assert not span.parent_span_id or (span.trace_id, span.parent_span_id) in known
