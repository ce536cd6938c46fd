"""What the gateway counts about itself."""

from pathlib import Path

from metrics import metric_names
from metrics.exposition import Exposition
from streams.gateway.observed import NOBODY, Observed

GUIDE = Path(__file__).resolve().parents[4] / "docs/http-intake.md"


def test_requests_and_messages_are_counted_by_path_and_sender() -> None:
    exposition = Exposition()
    observed = Observed(exposition)
    observed.answered("/events", "platform", 207, 0.02)
    observed.read("/events", "platform", 99, 1)
    observed.read("/events", "platform", 1, 0)
    observed.watch_held(lambda: 17)
    text = exposition.text().decode()
    labels = 'path="/events",sender="platform"'
    assert f'flowglass_gateway_requests_total{{{labels},status="207"}} 1.0' in text
    assert f'flowglass_gateway_messages_total{{outcome="taken",{labels}}} 100.0' in text
    assert f'flowglass_gateway_messages_total{{outcome="refused",{labels}}} 1.0' in text
    assert "flowglass_gateway_held_bytes 17.0" in text


def test_a_request_that_was_traced_is_the_exemplar_of_its_duration() -> None:
    exposition, trace = Exposition(), "4bf92f3577b34da6a3ce929d0e0e4736"
    Observed(exposition).answered("/events", "platform", 207, 0.02, trace)
    assert f'le="0.03",path="/events"}} 1.0 # {{trace_id="{trace}"}} 0.02' in exposition.open_metrics().decode()
    assert trace not in exposition.text().decode()


def test_whoever_is_nobody_names_no_trace() -> None:
    exposition, trace = Exposition(), "4bf92f3577b34da6a3ce929d0e0e4736"
    Observed(exposition).answered("/events", NOBODY, 401, 0.02, trace)
    assert trace not in exposition.open_metrics().decode()


def test_every_metric_of_the_gateway_is_in_its_guide() -> None:
    names = [metric.name for metric in metric_names.ALL if metric.name.startswith("flowglass_gateway_")]
    assert len(names) == 4
    assert [name for name in names if f"`{name}`" not in GUIDE.read_text()] == []
