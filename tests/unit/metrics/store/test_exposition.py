import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from metrics import metric_names
from metrics.exposition import Exposition, ExpositionServer, always_ready, expose
from metrics.settings import Settings
from streams.runtime.ports import free_port


class Doubt:
    """A readiness check that can be told what to answer."""

    def __init__(self) -> None:
        self.reason = ""

    def __call__(self) -> str:
        if self.reason == "crash":
            raise RuntimeError("no answer")
        return self.reason


@pytest.fixture
def served() -> Iterator[tuple[Exposition, ExpositionServer, Doubt]]:
    exposition, doubt = Exposition(), Doubt()
    server = ExpositionServer(exposition, 0, doubt)
    yield exposition, server, doubt
    server.close()


def fetch(server: ExpositionServer, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_metrics_are_served_under_their_declared_names(served: tuple[Exposition, ExpositionServer, Doubt]) -> None:
    exposition, server, _ = served
    exposition.counter(metric_names.STORE_ROWS).labels(table="events").inc(3)
    exposition.counter(metric_names.STORE_ROWS).labels(table="events").inc()
    exposition.histogram(metric_names.FLUSH_SECONDS).observe(0.02)
    exposition.gauge(metric_names.OPEN_CASES).labels(process="p").set(5)
    status, text = fetch(server, "/metrics")
    assert status == 200
    assert 'flowglass_store_rows_total{table="events"} 4.0' in text
    assert "flowglass_flush_seconds_bucket" in text
    assert {"flowglass_store_rows", "flowglass_open_cases"} <= {f.name for f in text_string_to_metric_families(text)}


def test_a_program_that_lives_but_cannot_work_is_alive_and_not_ready(
    served: tuple[Exposition, ExpositionServer, Doubt],
) -> None:
    _, server, doubt = served
    assert fetch(server, "/ready") == (200, "ready\n")
    doubt.reason = "the store is away"
    assert fetch(server, "/ready") == (503, "the store is away\n")
    doubt.reason = "crash"
    assert fetch(server, "/ready")[0] == 503
    assert fetch(server, "/health")[0] == 200
    assert fetch(server, "/else")[0] == 404


def test_a_metric_is_used_as_the_kind_it_was_declared() -> None:
    with pytest.raises(TypeError, match="is a counter"):
        Exposition().gauge(metric_names.STORE_ROWS)


def test_names_follow_prometheus_and_stand_once() -> None:
    names = [metric.name for metric in metric_names.ALL]
    assert len(names) == len(set(names)) > 10
    for metric in metric_names.ALL:
        assert metric.name.startswith("flowglass_")
        assert metric.name.endswith("_total") == (metric.kind == "counter")
        assert bool(metric.buckets) == (metric.kind == "histogram")


def test_metrics_leave_this_machine_only_where_the_settings_say_so() -> None:
    assert expose(Settings(), Exposition(), always_ready) is None
    for asked, bound in (({}, "127.0.0.1"), ({"metrics_host": "0.0.0.0"}, "0.0.0.0")):
        server = expose(Settings(metrics_port=free_port(), **asked), Exposition(), always_ready)
        assert server is not None
        with closing(server):
            assert server.host == bound
