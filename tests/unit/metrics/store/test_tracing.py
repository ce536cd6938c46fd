import json
from pathlib import Path

from metrics.settings import Settings
from metrics.tracing import start_tracing


def test_tracing_is_off_unless_asked_for() -> None:
    tracing = start_tracing(Settings(), "worker")
    with tracing.tracer("t").start_as_current_span("s") as span:
        assert not span.is_recording()
    tracing.close()


def test_spans_are_written_as_otlp_json_lines(tmp_path: Path) -> None:
    tracing = start_tracing(Settings(tracing="file", data_dir=tmp_path), "worker")
    with (
        tracing.tracer("t").start_as_current_span("outer") as outer,
        tracing.tracer("t").start_as_current_span("inner"),
    ):
        pass
    tracing.close()
    (line,) = (tmp_path / "traces.jsonl").read_text().splitlines()
    resource = json.loads(line)["resourceSpans"][0]
    spans = {span["name"]: span for span in resource["scopeSpans"][0]["spans"]}
    assert spans["outer"]["traceId"] == f"{outer.get_span_context().trace_id:032x}"
    assert spans["inner"]["parentSpanId"] == spans["outer"]["spanId"] == f"{outer.get_span_context().span_id:016x}"
    names = {a["key"]: a["value"] for a in resource["resource"]["attributes"]}
    assert names["service.name"] == {"stringValue": "flowglass-worker"}
