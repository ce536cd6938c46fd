"""What a worker tells about itself: metrics per flush (never per event), a span per flush, health and readiness."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic, time

from opentelemetry.trace import Tracer

from metrics import metric_names as names
from metrics.exposition import Exposition, exemplar
from metrics.store.errors import StoreFull, StoreUnavailable
from metrics.words import DeadLetter
from streams.engine.backlog import Standing
from streams.engine.feeds import Feeds
from streams.engine.flush import Frozen

STALLED_SECONDS = 10.0
"""A flush that takes longer than this has found no store or no broker: the worker is alive, and not ready."""
REFUSED_SECONDS = 3.0
"""The same of a flush that the store has refused: long enough for a store that is started anew at once."""


class Observed:
    """Counts what a worker's flushes did."""

    def __init__(self, exposition: Exposition, tracer: Tracer) -> None:
        self._exposition = exposition
        self._tracer = tracer
        self._flushing_since: float | None = None
        self._trace_id = ""
        self._held_up: StoreUnavailable | None = None
        self._broker = ""
        self.owns_partitions = False
        exposition.gauge(names.FLUSH_UNDER_WAY).set_function(self._under_way)

    def _under_way(self) -> float:
        """Seconds since the flush began that is not through yet."""
        return 0.0 if self._flushing_since is None else monotonic() - self._flushing_since

    def ready(self) -> str:
        """Empty when ready, else why not."""
        if self._broker:
            return self._broker
        if not self.owns_partitions:
            return "no partitions are assigned yet"
        if isinstance(self._held_up, StoreFull):
            return str(self._held_up)
        if self._held_up and self._under_way() > REFUSED_SECONDS:
            return f"a flush is not through after more than 3 s: {self._held_up}"
        if self._under_way() > STALLED_SECONDS:
            return "a flush is not through after more than 10 s"
        return ""

    def held_up(self, error: StoreUnavailable) -> None:
        """Why the store does not take what is to be stored; until the next flush that is through."""
        self._held_up = error

    def broker(self, why_away: str) -> None:
        """Why the broker cannot be reached; '' when it can."""
        self._broker = why_away

    @contextmanager
    def flush(self, frozen: Frozen) -> Iterator[None]:
        """Around one flush."""
        self._flushing_since = began = monotonic()
        with self._tracer.start_as_current_span("flowglass.flush") as span:
            for block in (*frozen.facts, *frozen.state):
                span.set_attribute(f"flowglass.rows.{block.table}", block.rows)
            yield
        self._flushing_since = self._held_up = None
        self._exposition.counter(names.FLUSHES).inc()
        self._exposition.histogram(names.FLUSH_SECONDS).observe(monotonic() - began, exemplar(self._trace_id))
        self._trace_id = ""
        self._count_rows(frozen)
        for (topic, partition), position in frozen.positions.items():
            behind = max(0, position.high_water - position.next_offset)
            self._exposition.gauge(names.RECORDS_LAG).labels(topic, str(partition)).set(behind)

    def traced(self, trace_id: str) -> None:
        """A trace of what the next flush stores, '' for none: the exemplar of its duration."""
        self._trace_id = trace_id

    def read(self, topic: str, records: int) -> None:
        self._exposition.counter(names.RECORDS_READ).labels(topic).inc(records)

    def backlog(self, standing: Standing) -> None:
        """What is still to be read after a flush; the age of its oldest record as the log's own times have it."""
        age = max(0.0, time() - standing.read_to / 1e6) if standing.records and standing.read_to else 0.0
        self._exposition.gauge(names.BACKLOG_RECORDS).set(standing.records)
        self._exposition.gauge(names.BACKLOG_AGE).set(age)
        self._exposition.gauge(names.BACKLOG_LEFT).set(max(standing.left_us / 1e6, -1.0))

    def dead(self, topic: str, reasons: Mapping[str, int]) -> None:
        for reason, count in reasons.items():
            self._exposition.counter(names.DEAD_LETTERS).labels(topic, reason).inc(count)

    def buried(self, letters: Sequence[DeadLetter]) -> None:
        """Dead letters that were made of what had been read: of refused rows, of cases set aside."""
        for (topic, reason), count in Counter((letter.topic, letter.reason) for letter in letters).items():
            self.dead(topic, {reason: count})

    def covered(self, dropped: Mapping[str, int], unknown: Mapping[str, int]) -> None:
        """Attributes that privacy's rules keep out, by event type; words that no vocabulary has, by attribute."""
        for event_type, count in dropped.items():
            self._exposition.counter(names.PRIVACY_DROPPED).labels(event_type).inc(count)
        for attribute, count in unknown.items():
            self._exposition.counter(names.PRIVACY_UNKNOWN).labels(attribute).inc(count)

    def quality(self, facts: Mapping[str, int], open_findings: Mapping[tuple[str, str], int]) -> None:
        """Facts by kind since the last flush, and the findings that are open, by domain and kind."""
        for kind, count in facts.items():
            self._exposition.counter(names.QUALITY_FACTS).labels(kind).inc(count)
        for (domain, kind), count in open_findings.items():
            self._exposition.gauge(names.QUALITY_OPEN).labels(domain, kind).set(count)

    def state(self, feeds: Feeds, open_cases: Mapping[str, int]) -> None:
        """Feeds' watermarks and the cases in memory."""
        for feed in feeds:
            self._exposition.gauge(names.WATERMARK).labels(feed.name).set(feed.watermark / 1e6)
        for process, count in open_cases.items():
            self._exposition.gauge(names.OPEN_CASES).labels(process).set(count)

    def _count_rows(self, frozen: Frozen) -> None:
        for block in (*frozen.facts, *frozen.state):
            self._exposition.counter(names.STORE_ROWS).labels(block.table).inc(block.rows)
