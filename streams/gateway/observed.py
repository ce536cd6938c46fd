"""What the gateway counts about itself. Labels: a path, a declared sender, a status; never what a request holds."""

from collections.abc import Callable, Mapping
from functools import cache

from prometheus_client import Counter, Histogram

from metrics import metric_names
from metrics.exposition import Exposition, exemplar

NOBODY = "unknown"


class Observed:
    """The counters of one gateway."""

    def __init__(self, exposition: Exposition) -> None:
        self._requests = exposition.counter(metric_names.GATEWAY_REQUESTS)
        self._messages = exposition.counter(metric_names.GATEWAY_MESSAGES)
        self._seconds = exposition.histogram(metric_names.GATEWAY_SECONDS)
        self._held = exposition.gauge(metric_names.GATEWAY_HELD_BYTES)
        self._dropped = exposition.counter(metric_names.PRIVACY_DROPPED)
        self._unknown = exposition.counter(metric_names.PRIVACY_UNKNOWN)
        self._request_of = cache(self._request)
        self._message_of = cache(self._message)
        self._time_of = cache(self._time)

    def answered(self, path: str, sender: str, status: int, seconds: float, trace_id: str = "") -> None:
        """A request was answered; `trace_id`: the trace in which it says it was sent, '' for none."""
        self._request_of(path, sender, str(status)).inc()
        self._time_of(path).observe(seconds, exemplar("" if sender == NOBODY else trace_id))

    def read(self, path: str, sender: str, taken: int, refused: int) -> None:
        """Messages that the broker has now, and messages that could not be read."""
        if taken:
            self._message_of(path, sender, "taken").inc(taken)
        if refused:
            self._message_of(path, sender, "refused").inc(refused)

    def covered(self, dropped: Mapping[str, int], unknown: Mapping[str, int]) -> None:
        """Attributes that privacy's rules keep out, by event type; words that no vocabulary has, by attribute."""
        for event_type, count in dropped.items():
            self._dropped.labels(event_type).inc(count)
        for attribute, count in unknown.items():
            self._unknown.labels(attribute).inc(count)

    def watch_held(self, held: Callable[[], float]) -> None:
        """Where the bytes of all requests under way are counted."""
        self._held.set_function(held)

    def _request(self, path: str, sender: str, status: str) -> Counter:
        return self._requests.labels(path, sender, status)

    def _message(self, path: str, sender: str, outcome: str) -> Counter:
        return self._messages.labels(path, sender, outcome)

    def _time(self, path: str) -> Histogram:
        return self._seconds.labels(path)
