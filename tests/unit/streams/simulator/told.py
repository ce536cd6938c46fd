"""A native history, mapped in memory as the workers map it: the simulator itself knows no mapping."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from metrics.words import Event
from streams.simulator.plan import SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.sinks import otlp_json
from streams.simulator.stage import Told
from streams.simulator.tracing import SpanBatch
from streams.sources.message import Cause, Message, Snapshot
from streams.sources.shelf import load_systems

_CAUSES = msgspec.json.Decoder(Cause)
RECEIVED = 1_800_000_000_000_000


@dataclass
class Heard:
    """What the group said (`events`, by id), the messages by system, and what the mappings made of them.

    `loaded`: those of the events that were told canonically. `spans`: trace id and span id, in hex.
    """

    events: dict[str, Event] = field(default_factory=dict)
    loaded: dict[str, Event] = field(default_factory=dict)
    messages: Counter[str] = field(default_factory=Counter)
    mapped: dict[str, Event] = field(default_factory=dict)
    spans: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Records of truth of one kind."""
        return [record for record in self.records if record["record"] == kind]


def hear(plan: SimulationPlan, only: frozenset[str] | None = None) -> Heard:
    """Play a plan's history and map each message in the order of its delivery; `only`: those of these systems."""
    heard = Heard()
    systems, state = load_systems(), dict[str, Snapshot]()
    simulation = Simulation(plan, heard.records.append)
    for output in simulation.history():
        if isinstance(output, Event):
            heard.loaded[output.id] = heard.events[output.id] = output
        if isinstance(output, SpanBatch):
            heard.spans |= set(spans_of(output))
        if not isinstance(output, Told):
            continue
        heard.events[output.event.id] = output.event
        for native in output.messages:
            if only is not None and native.system not in only:
                continue
            headers = dict(native.headers)
            cause = _CAUSES.decode(headers["fg-cause"]) if "fg-cause" in headers else None
            outcome = systems[native.system].map(Message(native.body, headers, RECEIVED, cause=cause), state)
            state |= outcome.state
            heard.messages[native.system] += 1
            heard.mapped |= {event.id: event for event in outcome.events}
            heard.faults += [f"{native.system}: {letter.reason}: {letter.detail}" for letter in outcome.letters]
            heard.faults += [f"{native.system}: {table} has no word {word!r}" for table, word in outcome.unknown_words]
    heard.records += simulation.ledger.settle(plan.anchor)
    return heard


def spans_of(batch: SpanBatch) -> Iterator[str]:
    """Trace id and span id of each span, in hex."""
    for resource in otlp_json(batch)["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            yield from (span["traceId"] + span["spanId"] for span in scope["spans"])
