"""What the gateway counts about itself."""

from pathlib import Path

from metrics import metric_names
from metrics.exposition import Exposition
from streams.gateway.observed import Observed

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


def test_every_metric_of_the_gateway_is_in_its_guide() -> None:
    names = [metric.name for metric in metric_names.ALL if metric.name.startswith("flowglass_gateway_")]
    assert len(names) == 4
    assert [name for name in names if f"`{name}`" not in GUIDE.read_text()] == []
