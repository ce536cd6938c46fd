"""Everything that the gateway takes, all the way: through real workers into cases, and traces joined to them."""

import asyncio
import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from tests.faults.stack import PARTITIONS, Stack, wait_until
from tests.integration.gateway.guide import examples, run_examples
from tests.integration.gateway.process import ROOT, process
from tests.integration.sources.asking import questions
from tests.integration.sources.one_order import ANSWERS, MILESTONES, REQUISITION, STORY
from tests.unit.streams.gateway.built import event
from tests.unit.streams.spans.otlp import as_json

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(400)]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass(frozen=True)
class Whole:
    """A gateway, the workers behind it, and the store at the end."""

    stack: Stack
    url: str
    folder: Path

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """The answer to a POST with the installation's own token."""
        request = urllib.request.Request(self.url + path, body, {**self.authorization, **headers})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    @property
    def token(self) -> str:
        return (self.folder / ".flowglass/gateway.token").read_text().strip()

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def as_the_guide_says(self, cause: object, answer: bytes) -> None:
        """Answer a question of S/4HANA with the command in docs/sources.md."""
        (command,) = re.findall(r"```sh\n(curl.*?)```", (ROOT / "docs/sources.md").read_text(), re.DOTALL)
        given = {"URL": self.url, "TOKEN": self.token, "CAUSE": json.dumps(cause), "ANSWER": answer.decode()}
        done = subprocess.run(
            ["bash", "-eu", "-c", command], env={**os.environ, **given}, capture_output=True, check=True
        )
        assert json.loads(done.stdout) == {"status": "accepted"}

    def until(self, sql: str, wanted: Sequence[object], values: Mapping[str, Any] | None = None) -> None:
        """Wait until the first column of a query is as wanted."""
        found: list[object] = []

        def is_so() -> bool:
            found[:] = [next(iter(row.values())) for row in self.stack.rows(sql, values)]
            return found == list(wanted)

        try:
            wait_until(is_so, within=120, every=0.3)
        except AssertionError:
            raise AssertionError(f"{found} is not {wanted}\n{self.stack.worker_log()}") from None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("whole")
    with Stack(folder) as stack:
        for kind in ("sources", "cases", "spans"):
            stack.start_worker(module=("metrics.cli", "worker", kind))
        with process(stack.broker_address, folder, FLOWGLASS_PARTITIONS=str(PARTITIONS)) as (_, url):
            yield Whole(stack, url, folder)


def test_webhooks_of_four_products_and_the_answers_to_their_questions_become_one_case(whole: Whole) -> None:
    for system, body in STORY:
        kind = "application/xml" if body.lstrip()[:1] == b"<" else "application/json"
        assert whole.post(f"/intake/{system}", body, {"Content-Type": kind}) == {"status": "accepted"}
    for asked in asyncio.run(questions(whole.stack.broker_address, len(ANSWERS))):
        _, body = ANSWERS[asked["cause"]["subject"]]
        if asked["system"] == "s4hana":
            whole.as_the_guide_says(asked["cause"], body)
        else:
            whole.post(f"/intake/{asked['system']}", body, {"fg-cause": json.dumps(asked["cause"])})
    whole.until("SELECT state FROM v_cases WHERE case_id = %(case)s", ["paid"], {"case": REQUISITION})
    reached = "SELECT milestone FROM v_milestones WHERE case_id = %(case)s ORDER BY first"
    whole.until(reached, MILESTONES, {"case": REQUISITION})
    told = "SELECT DISTINCT source FROM v_case_events WHERE case_id = %(case)s"
    assert len(whole.stack.rows(told, {"case": REQUISITION})) == 4


def requisition(word: str, day: int, **changes: Any) -> dict[str, Any]:
    return event("R-9", id=f"{word}-R-9", type=f"requisition.{word}.v1", subject="requisition/R-9",
                 time=f"2026-01-0{day}T03:04:05Z", data={"objects": [{"type": "requisition", "id": "R-9"}]},
                 **changes)  # fmt: skip


def test_events_in_all_three_modes_become_one_case(whole: Whole) -> None:
    structured = requisition("created", 2, traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    kind = {"Content-Type": "application/cloudevents+json"}
    assert whole.post("/events", json.dumps(structured).encode(), kind) == {"id": "created-R-9", "status": "accepted"}
    binary = requisition("submitted", 3)
    data = json.dumps(binary.pop("data")).encode()
    headers = {f"ce-{name}": str(value) for name, value in binary.items()} | {"Content-Type": "application/json"}
    assert whole.post("/events", data, headers)["id"] == "submitted-R-9"
    order = event("PO-9", time="2026-01-05T03:04:05Z", data={"objects": [
        {"type": "purchase_order", "id": "PO-9", "qualifier": "subject"}, {"type": "requisition", "id": "R-9"},
    ]})  # fmt: skip
    batch = json.dumps([requisition("approved", 4), order]).encode()
    answers = whole.post("/events", batch, {"Content-Type": "application/cloudevents-batch+json"})
    assert [one["status"] for one in answers] == ["accepted", "accepted"]
    reached = "SELECT milestone FROM v_milestones WHERE case_id = 'R-9' ORDER BY first"
    whole.until(reached, ["created", "submitted", "approved", "po_created"])


class JsonExporter(SpanExporter):
    """OTLP/HTTP in JSON from the SDK's own spans: Python's SDK ships an exporter for protobuf alone."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        body = as_json(encode_spans(spans))
        assert self._whole.post("/v1/traces", body, {"Content-Type": "application/json"}) == {}
        return SpanExportResult.SUCCESS


def test_spans_of_a_real_sdk_are_stored_and_joined_to_the_case(whole: Whole) -> None:
    packed = OTLPSpanExporter(f"{whole.url}/v1/traces", headers=whole.authorization, compression=Compression.Gzip)
    traces: dict[str, str] = {}
    for name, exporter in {"protobuf": packed, "json": JsonExporter(whole)}.items():
        provider = TracerProvider(resource=Resource({"service.name": f"ordering-{name}"}))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        tracer = provider.get_tracer("shop")
        with tracer.start_as_current_span(f"order {name}", attributes={"purchase_order.id": "PO-9"}) as outer:
            with tracer.start_as_current_span(f"check {name}", attributes={"requisition.id": "R-9"}):
                pass
            traces[name] = f"{outer.get_span_context().trace_id:032x}"
        provider.shutdown()
    stored = "SELECT name FROM v_spans WHERE trace_id IN %(traces)s ORDER BY name"
    names = ["check json", "check protobuf", "order json", "order protobuf"]
    whole.until(stored, names, {"traces": tuple(traces.values())})
    joined = (
        "SELECT DISTINCT concat(trace_id, ' ', carrier) AS how FROM v_trace_cases WHERE case_id = 'R-9' ORDER BY how"
    )
    wanted = sorted([f"{TRACE} traceparent", *(f"{trace} attribute" for trace in traces.values())])
    whole.until(joined, wanted)


def test_the_examples_of_the_guide_end_in_the_store(whole: Whole) -> None:
    run_examples(examples("Try it"), whole.folder, whole.url)
    whole.until("SELECT event_id FROM v_events WHERE source = '/coupa/prod' AND event_id LIKE '47%' ORDER BY event_id",
                ["4711", "4712", "4713"])  # fmt: skip
    whole.until("SELECT reason FROM v_dead_letters WHERE origin = 'http/local'", ["bad_time"])
    whole.until("SELECT name FROM v_spans WHERE span_id = 'b7ad6b7169203331'", ["POST /orders"])


def test_a_message_sent_twice_counts_once(whole: Whole) -> None:
    counted = "SELECT count() FROM v_case_events WHERE case_id = %(case)s"
    before = whole.stack.value(counted, {"case": REQUISITION})
    for system, body in STORY:
        whole.post(f"/intake/{system}", body, {})
    sent = "SELECT sum(high_water) FROM v_checkpoints WHERE worker = 'sources'"
    done = "SELECT sum(committed) FROM v_checkpoints WHERE worker = 'sources'"
    wait_until(lambda: whole.stack.value(done) >= whole.stack.value(sent) > 2 * len(STORY), within=60, every=0.3)
    assert whole.stack.value(counted, {"case": REQUISITION}) == before
