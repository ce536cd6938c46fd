"""Exemplars: from a slow value to a trace, for scrapers that can read them."""

import shutil
import subprocess
import urllib.request
from contextlib import closing

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics_families
from prometheus_client.parser import text_string_to_metric_families

from metrics import metric_names
from metrics.exposition import OPEN_METRICS, Exposition, ExpositionServer, exemplar

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def slow() -> Exposition:
    """Flushes, one of which leads to a trace, and metrics of the other kinds."""
    exposition = Exposition()
    exposition.histogram(metric_names.FLUSH_SECONDS).observe(0.02, exemplar(TRACE))
    exposition.histogram(metric_names.FLUSH_SECONDS).observe(0.2, exemplar(""))
    exposition.counter(metric_names.FLUSHES).inc(2)
    exposition.gauge(metric_names.OPEN_CASES).labels(process="p").set(5)
    return exposition


def fetched(server: ExpositionServer, accept: str) -> tuple[str, str]:
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(asked, timeout=5) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def test_a_scraper_that_asks_for_open_metrics_gets_the_trace() -> None:
    with closing(ExpositionServer(slow(), 0)) as server:
        kind, text = fetched(server, f"{OPEN_METRICS};version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
    assert kind.startswith(OPEN_METRICS)
    families = {one.name: one for one in open_metrics_families(text)}  # type: ignore[no-untyped-call]
    assert {"flowglass_flushes", "flowglass_open_cases"} <= families.keys()
    found = {
        sample.labels["le"]: (sample.exemplar.labels, sample.exemplar.value)
        for sample in families["flowglass_flush_seconds"].samples
        if sample.exemplar
    }
    assert found == {"0.03": ({"trace_id": TRACE}, 0.02)}, "only the flush that was traced"


def test_the_plain_format_has_no_exemplars_and_its_linter_is_content() -> None:
    with closing(ExpositionServer(slow(), 0)) as server:
        kind, text = fetched(server, "text/plain;version=0.0.4")
    assert kind.startswith("text/plain")
    assert TRACE not in text
    assert len(list(text_string_to_metric_families(text))) >= 3
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not here: it comes with the Debian package prometheus")
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("text", ["", "0" * 32, TRACE[:-1], TRACE.upper(), TRACE + "\n", 'x"} 1'])
def test_what_is_no_trace_id_is_no_exemplar(text: str) -> None:
    assert exemplar(text) is None
