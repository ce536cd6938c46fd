"""What spans claim of a case's time: calls under way, waits between attempts, and messages in queues.

- **interface**: a call, delivery or handling was under way. A span below which an attempt is awaited (a delivery
  between two calls) is not active meanwhile. A span of kind internal counts only when it names an interface.
- **retry**: between a failed attempt and the next one of the same caller, kind and interface in the same trace, or
  before an attempt that says of itself that it is not the first.
- **queue**: between the end of a producer's span and the start of the consumer's, which names it as its parent or
  whose trace links to the producer's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from metrics.delay.parts import INTERFACE, QUEUE, RETRY
from metrics.delay.sweep import Claim, Evidence

_DEEPEST = 64  # spans above each other; a circle of parents ends here


class Span(NamedTuple):
    """A span as the ledger needs it; times in microseconds.

    `attempt`: the number that the span says it has (1 is the first), 0 when it says none. `links`: traces that it
    links to.
    """

    trace_id: str
    span_id: str
    parent_span_id: str
    service: str
    name: str
    kind: str
    interface: str
    start: int
    stop: int
    failed: bool
    attempt: int = 0
    links: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        return Evidence("span", self.span_id, self.trace_id)


Key = tuple[str, str]


def call_claims(spans: Iterable[Span]) -> list[Claim]:
    """All claims of the spans of a case's traces; each span once, whatever their order."""
    known = {(span.trace_id, span.span_id): span for span in spans}
    told = sorted(known.values(), key=lambda span: (span.start, span.stop, span.trace_id, span.span_id))
    retries = _retries(told)
    awaited: dict[Key, list[Claim]] = defaultdict(list)
    for span, wait in retries:
        for above in _above(span, known):
            awaited[above.trace_id, above.span_id].append(wait)
    active = [claim for span in told if _counts(span) for claim in _active(span, known, awaited)]
    return [*active, *(wait for _, wait in retries), *_queues(told, known)]


def _counts(span: Span) -> bool:
    return bool(span.interface) or span.kind in ("client", "server", "producer", "consumer")


def _retries(told: Sequence[Span]) -> list[tuple[Span, Claim]]:
    """Each attempt that was waited for, with the wait before it."""
    attempts: dict[tuple[str, str, str, str], list[Span]] = defaultdict(list)
    for span in told:
        if span.interface and span.kind != "server":
            attempts[span.trace_id, span.interface, span.service, span.kind].append(span)
    found = []
    for group in attempts.values():
        ended, failed = group[0].stop, group[0].failed
        for span in group[1:]:
            if span.start > ended and (span.attempt > 1 or (failed and span.attempt == 0)):
                found.append((span, Claim(ended, span.start, RETRY, span.interface, span.evidence)))
            if span.stop >= ended:
                ended, failed = span.stop, span.failed
    return found


def _above(span: Span, known: Mapping[Key, Span]) -> list[Span]:
    """The spans above one in its trace, as far as they are known."""
    chain: list[Span] = []
    above = known.get((span.trace_id, span.parent_span_id))
    while above is not None and len(chain) < _DEEPEST:
        chain.append(above)
        above = known.get((above.trace_id, above.parent_span_id))
    return chain


def _active(span: Span, known: Mapping[Key, Span], awaited: Mapping[Key, Sequence[Claim]]) -> Iterable[Claim]:
    """The span's time but for the waits between attempts below it."""
    named = span.interface or next((above.interface for above in _above(span, known) if above.interface), "")
    cause, since = named or f"{span.service} {span.name}", span.start
    for wait in sorted(awaited.get((span.trace_id, span.span_id), ()), key=lambda wait: wait.start):
        if wait.start > since:
            yield Claim(since, min(wait.start, span.stop), INTERFACE, cause, span.evidence)
        since = max(since, wait.stop)
    if span.stop > since:
        yield Claim(since, span.stop, INTERFACE, cause, span.evidence)


def _queues(told: Sequence[Span], known: Mapping[Key, Span]) -> Iterable[Claim]:
    producers: dict[str, list[Span]] = defaultdict(list)
    for span in told:
        if span.kind == "producer":
            producers[span.trace_id].append(span)
    taken: dict[tuple[Key, str], int] = {}
    for span in told:
        if span.kind != "consumer":
            continue
        sent = _sent(span, known, producers)
        if sent is None:
            continue
        place = ((sent.trace_id, sent.span_id), span.service)
        since = max(sent.stop, taken.get(place, sent.stop))
        if span.start > since:
            yield Claim(since, span.start, QUEUE, span.interface or sent.interface or span.name, span.evidence)
        taken[place] = max(since, span.stop)


def _sent(consumer: Span, known: Mapping[Key, Span], producers: Mapping[str, Sequence[Span]]) -> Span | None:
    """The producer's span of what a consumer took: its parent, else the last one before it in a trace it links to."""
    parent = known.get((consumer.trace_id, consumer.parent_span_id))
    if parent is not None and parent.kind == "producer":
        return parent
    before = [span for trace in consumer.links for span in producers.get(trace, ()) if span.stop <= consumer.start]
    same = [span for span in before if span.interface == consumer.interface] or before
    return max(same, key=lambda span: (span.stop, span.span_id), default=None)
