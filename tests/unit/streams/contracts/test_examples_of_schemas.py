"""What a schema allows, the codec reads and the check finds clean: examples made from the schemas themselves."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.contracts.checker import ContractChecker
from metrics.contracts.json_schema import bundled
from metrics.contracts.model import Attribute, Contract, load_contracts
from streams.codecs.cloudevents import decode

CONTRACTS = load_contracts()
CHECKER = ContractChecker(CONTRACTS)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
MOMENTS = st.datetimes().filter(lambda moment: 1901 <= moment.year <= 2198)
OFFSETS = st.sampled_from(["Z", "+02:00", "-05:30", "+14:00"])
INSTANTS = st.tuples(MOMENTS, OFFSETS).map(lambda both: both[0].isoformat(timespec="milliseconds") + both[1])
DATES = st.dates().map(lambda day: day.isoformat())
WHOLE = st.integers(-(10**15), 10**15)
DECIMALS = st.from_regex(re.compile(r"\A-?[0-9]{1,12}(\.[0-9]{1,6})?\Z"))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "any": TEXTS,
    "text": TEXTS,
    "label": TEXTS | WHOLE,
    "whole": WHOLE | WHOLE.map(str),
    "decimal": DECIMALS | WHOLE,
    "flag": st.sampled_from([True, False, "true", "false"]),
    "date": DATES,
}
OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "recordedtime": INSTANTS,
    "startedtime": INSTANTS,
    "effectivedate": DATES,
    "sequence": st.integers(0, 2**63 - 1) | st.integers(0, 2**63 - 1).map(str),
    "precision": st.sampled_from(["instant", "second", "minute", "day"]),
    "feed": TEXTS,
    "simulated": st.sampled_from([True, False, "true", "false"]),
    "traceparent": st.just("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    "comexampleextension": TEXTS,
}


@dataclass(frozen=True, slots=True)
class Kafka:
    """A record as the broker hands it on."""

    value: bytes
    key: bytes = b"k"
    offset: int = 0
    topic: str = "flowglass.events"
    partition: int = 0
    timestamp: int = 0
    headers: list[tuple[str, bytes]] = field(default_factory=list)


def value_of(attribute: Attribute) -> st.SearchStrategy[Any]:
    one = st.sampled_from(attribute.values) if attribute.values else VALUES[attribute.kind.name]
    return one | st.lists(one, max_size=3) if attribute.many else one


@st.composite
def envelopes(draw: st.DrawFn, contract: Contract) -> dict[str, Any]:
    """An envelope that the schema of a type allows."""
    others = st.lists(st.sampled_from(sorted(CONTRACTS.vocabulary.objects)), max_size=2)
    named = draw(st.permutations([contract.event.object, *contract.required_objects, *draw(others)]))
    known = {**CONTRACTS.attributes, **{one.name: one for one in contract.attributes}}
    chosen = {*draw(st.lists(st.sampled_from(sorted(known)), max_size=4)), *contract.required_attributes}
    data: dict[str, Any] = {
        "objects": [{"type": name, "id": draw(TEXTS), "qualifier": draw(st.just("x") | st.just(""))} for name in named],
        "attributes": {name: draw(value_of(known[name])) for name in sorted(chosen)},
    }
    if contract.amount_required or draw(st.booleans()):
        data["amount"] = {"value": draw(DECIMALS), "currency": draw(st.sampled_from(["EUR", "USD"]))}
    more = {name: draw(OPTIONAL[name]) for name in draw(st.lists(st.sampled_from(sorted(OPTIONAL)), unique=True))}
    if draw(st.booleans()):
        more["subject"] = f"{contract.event.object}/{draw(TEXTS)}"
    return {"specversion": "1.0", "id": draw(TEXTS), "source": draw(TEXTS), "type": contract.name,
            "time": draw(INSTANTS), "data": data, **more}  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.sampled_from(sorted(CONTRACTS.events)))
def test_what_a_schema_allows_is_read_and_clean(data: st.DataObject, name: str) -> None:
    envelope = data.draw(envelopes(CONTRACTS.events[name]))
    jsonschema.Draft202012Validator(bundled(CONTRACTS, name)).validate(envelope)
    (event,) = decode(Kafka(json.dumps(envelope).encode()), "i")  # type: ignore[arg-type]
    assert event.__class__.__name__ == "Event", event
    assert CHECKER.check([event]) == []  # type: ignore[list-item]
