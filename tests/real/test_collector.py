"""An instrumented application, the real Collector with the shipped configuration, Apache Kafka, and our workers: the
spans reach the case whose event the application sent, by nothing but the headers its instrumentation writes."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stack import wait_until
from tests.real.applications import PROGRAM, interpreter
from tests.real.building import ProgramUnavailable
from tests.real.collecting import Collector
from tests.real.conftest import kafka_or_skip
from tests.real.stack import KafkaStack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


class Shop(http.server.BaseHTTPRequestHandler):
    """A supplier that is not instrumented."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"price": "12.50"}')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/prices"
    server.shutdown()
    server.server_close()


def test_spans_of_an_instrumented_application_reach_the_case_of_its_event(tmp_path: Path, shop: str) -> None:
    kafka = kafka_or_skip(tmp_path / "kafka")
    try:
        collector = Collector(tmp_path, kafka.address)
    except ProgramUnavailable as error:
        pytest.skip(str(error))
    with KafkaStack(tmp_path, kafka) as stack, collector:
        for kind in ("cases", "spans"):
            stack.start_worker(module=("metrics.cli", "worker", kind))
        app = [str(interpreter()), str(PROGRAM), kafka.address, collector.traces_url, shop, "R-1"]
        done = subprocess.run(app, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        found = {"trace": done.stdout.strip()}
        sql = "SELECT service, toString(kind) AS kind, parent_span_id FROM v_spans WHERE trace_id = %(trace)s"
        wait_until(lambda: len(stack.rows(sql, found)) == 3, every=0.5)
        spans = {row["kind"]: row for row in stack.rows(sql, found)}
        assert {row["service"] for row in spans.values()} == {"buyer"}
        assert sorted(kind.lower().removeprefix("span_kind_") for kind in spans) == ["client", "internal", "producer"]
        linked = "SELECT case_id, carrier FROM v_trace_cases WHERE trace_id = %(trace)s"
        wait_until(
            lambda: stack.rows(linked, found) == [{"case_id": "R-1", "carrier": "traceparent"}], within=60, every=0.5
        )
        assert stack.value("SELECT count() FROM v_dead_letters") == 0
