"""A program's own Prometheus metrics and health, served on a port of its own, on loopback unless told otherwise.

/metrics: Prometheus text, or OpenMetrics, with exemplars, where the scraper asks for it. /health: 200 while the process
lives. /ready: 200 when it can do its work, else 503 and why.
"""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.openmetrics import exposition as openmetrics

from metrics.metric_names import Kind, Metric
from metrics.settings import LOOPBACK, Settings

OPEN_METRICS = "application/openmetrics-text"
_TRACE_ID = re.compile(r"(?!0{32})[0-9a-f]{32}", re.ASCII)

Readiness = Callable[[], str]


def always_ready() -> str:
    """A program without dependencies is ready as soon as it runs."""
    return ""


class Exposition:
    """The metrics of one program; each is made on first use, so a program shows only what it has."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._made: dict[str, Counter | Gauge | Histogram] = {}
        self._lock = threading.Lock()

    def counter(self, metric: Metric) -> Counter:
        made = self._get(metric, "counter")
        assert isinstance(made, Counter)
        return made

    def gauge(self, metric: Metric) -> Gauge:
        made = self._get(metric, "gauge")
        assert isinstance(made, Gauge)
        return made

    def histogram(self, metric: Metric) -> Histogram:
        made = self._get(metric, "histogram")
        assert isinstance(made, Histogram)
        return made

    def text(self) -> bytes:
        """The metrics in Prometheus's text format, which has no place for exemplars."""
        return generate_latest(self.registry)

    def open_metrics(self) -> bytes:
        """The metrics as OpenMetrics, with exemplars."""
        text: bytes = openmetrics.generate_latest(self.registry)  # type: ignore[no-untyped-call]
        return text

    def _get(self, metric: Metric, kind: Kind) -> Counter | Gauge | Histogram:
        if metric.kind != kind:
            raise TypeError(f"{metric.name} is a {metric.kind}, not a {kind}")
        with self._lock:
            if metric.name not in self._made:
                self._made[metric.name] = _make(metric, self.registry)
            return self._made[metric.name]


def exemplar(trace_id: str) -> dict[str, str] | None:
    """What leads from a value to a trace; None where there is none, or it is no trace id (32 hex digits)."""
    return {"trace_id": trace_id} if _TRACE_ID.fullmatch(trace_id) else None


def _make(metric: Metric, registry: CollectorRegistry) -> Counter | Gauge | Histogram:
    if metric.kind == "histogram":
        return Histogram(metric.name, metric.about, metric.labels, buckets=metric.buckets, registry=registry)
    maker = Counter if metric.kind == "counter" else Gauge
    return maker(metric.name, metric.about, metric.labels, registry=registry)


class ExpositionServer:
    """Serves an Exposition in a thread of its own until closed."""

    def __init__(
        self, exposition: Exposition, port: int, ready: Readiness = always_ready, host: str = LOOPBACK
    ) -> None:
        """`ready` gives '' or the reason why not; port 0 takes a free one. Raises OSError when the port is taken."""

        class Handler(_Handler):
            pages = _Pages(exposition, ready)

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="exposition", daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return str(self._server.server_address[0])

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def expose(settings: Settings, exposition: Exposition, ready: Readiness) -> ExpositionServer | None:
    """The server that the settings ask for; None where they ask for none. Raises OSError when the port is taken."""
    if not settings.metrics_port:
        return None
    return ExpositionServer(exposition, settings.metrics_port, ready, settings.metrics_host)


class _Pages:
    def __init__(self, exposition: Exposition, ready: Readiness) -> None:
        self._exposition = exposition
        self._ready = ready

    def page(self, path: str, accept: str = "") -> tuple[int, str, bytes]:
        """Status, content type and body. `accept`: what the asker takes."""
        match path.partition("?")[0]:
            case "/metrics" if OPEN_METRICS in accept:
                return 200, openmetrics.CONTENT_TYPE_LATEST, self._exposition.open_metrics()
            case "/metrics":
                return 200, CONTENT_TYPE_LATEST, self._exposition.text()
            case "/health":
                return 200, "text/plain", b"alive\n"
            case "/ready":
                return self._readiness()
        return 404, "text/plain", b"/metrics, /health, /ready\n"

    def _readiness(self) -> tuple[int, str, bytes]:
        try:
            reason = self._ready()
        except Exception as error:  # a check that breaks is a reason not to be ready, not a crash
            reason = f"the readiness check failed: {error}"
        return (503, "text/plain", f"{reason}\n".encode()) if reason else (200, "text/plain", b"ready\n")


class _Handler(BaseHTTPRequestHandler):
    pages: _Pages

    def do_GET(self) -> None:
        status, kind, body = self.pages.page(self.path, self.headers.get("Accept", ""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are not worth a log line."""
