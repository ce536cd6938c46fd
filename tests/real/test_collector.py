"""An instrumented application, the real Collector with the shipped configuration, Apache Kafka, and our workers: the
spans reach the case whose event the application sent, by nothing but the headers its instrumentation writes."""

import http.server
import json
import subprocess
import threading
from collections import Counter
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


REQUISITIONS = [f"R-{number}" for number in range(1, 41)]


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
        app = [str(interpreter()), str(PROGRAM), kafka.address, collector.traces_url, shop, *REQUISITIONS]
        done = subprocess.run(app, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        sent = json.loads(done.stdout.splitlines()[-1])
        sql = "SELECT service, toString(kind) AS kind, trace_id FROM v_spans WHERE trace_id IN %(traces)s"
        wait_until(lambda: len(stack.rows(sql, sent)) >= sent["spans"], every=0.5)
        stored = stack.rows(sql, sent)
        assert {row["service"] for row in stored} == {"buyer"}
        kinds = Counter(row["kind"].lower().removeprefix("span_kind_") for row in stored)
        assert kinds == dict.fromkeys(("client", "internal", "producer"), len(REQUISITIONS))
        assert sent["spans"] == len(stored) == stack.value("SELECT count() FROM v_spans")
        wanted = dict(zip(sent["traces"], REQUISITIONS, strict=True))
        linked = "SELECT trace_id, case_id, carrier FROM v_trace_cases WHERE trace_id IN %(traces)s"
        wait_until(lambda: len(stack.rows(linked, sent)) >= len(wanted), within=60, every=0.5)
        found = stack.rows(linked, sent)
        assert {row["trace_id"]: row["case_id"] for row in found} == wanted
        assert {row["carrier"] for row in found} == {"traceparent"}
        share = len({row["trace_id"] for row in found}) / len(wanted)
        print(f"spans sent {sent['spans']}, stored {len(stored)}; traces {len(wanted)}, linked share {share:.0%}")
        assert stack.value("SELECT count() FROM v_dead_letters") == 0
