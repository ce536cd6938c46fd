"""A flush leads to one of the traces that it stored."""

from time import sleep

import pyarrow as pa
from msgspec.structs import replace
from opentelemetry.trace import NoOpTracer

from metrics.exposition import Exposition
from metrics.words import Event
from streams.engine.exemplars import LOOKED_AT, carried_trace, newest_trace
from streams.engine.flush import Frozen
from streams.engine.observed import Observed
from tests.fakes.events import event

FIRST, SECOND = "1" * 32, "2" * 32


def traced(trace_id: str = "", source: str = "traceparent") -> Event:
    return replace(event("a", 0), trace_id=trace_id, trace_source=source)


def test_the_newest_event_that_carries_a_traceparent_stands_for_the_flush() -> None:
    carried, other = traced(FIRST), traced(SECOND, "derived")
    assert carried_trace([]) == carried_trace([traced(), other]) == ""
    assert carried_trace([carried, other]) == FIRST
    assert carried_trace([carried, traced(SECOND), other]) == SECOND
    assert carried_trace([carried, *[other] * LOOKED_AT]) == "", "one look, however many events there are"


def test_spans_are_traces_themselves() -> None:
    assert newest_trace([]) == newest_trace(pa.array([], pa.string())) == ""
    assert newest_trace([FIRST, SECOND]) == newest_trace(pa.array([FIRST, SECOND])) == SECOND


def test_a_trace_is_the_exemplar_of_its_own_flush_and_of_no_later_one() -> None:
    exposition = Exposition()
    observed = Observed(exposition, NoOpTracer())
    observed.traced(FIRST)
    for seconds in (0.0, 0.05):  # of another bucket than the first, whose exemplar stays
        with observed.flush(Frozen([], [], [], {})):
            sleep(seconds)
    text = exposition.open_metrics().decode()
    assert text.count(f'# {{trace_id="{FIRST}"}}') == 1
    assert "flowglass_flush_seconds_count 2.0" in text
