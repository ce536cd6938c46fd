"""What a letter would become now: read by the workers' own code, and nothing is sent or stored."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from streams import topics
from streams.codecs.cloudevents import decode_batch
from streams.dead_letters.letters import Letter
from streams.dead_letters.originals import Original
from streams.dead_letters.replay import marked, record_of, unsendable
from streams.dead_letters.telling import excerpt, sentence
from streams.gateway.span_check import SpanCheck
from streams.sources.memory import SnapshotMemory
from streams.sources.native import Systems, addressed
from streams.transport.batch import RecordBatch


class Fate(NamedTuple):
    """`gives`: types, or spans, with their number; `dies`: reason and masked detail; `silent`: why it gives nothing."""

    gives: dict[str, int]
    dies: tuple[str, str] | None = None
    silent: str = ""

    @property
    def words(self) -> str:
        """One line for people."""
        parts = [", ".join(f"{count} × {name}" for name, count in self.gives.items())] if self.gives else []
        parts += [f"nothing: {self.silent}"] if self.silent and not self.gives else []
        parts += [f"dies again: {self.dies[0]}: {self.dies[1]}"] if self.dies else []
        return "; ".join(parts)


class _Record(NamedTuple):
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, Any]]


class Rehearsal:
    """Reads one letter after the other; what a snapshot changes is remembered for those behind it."""

    def __init__(self, systems: Systems, memory: SnapshotMemory) -> None:
        self._systems = systems
        self._memory = memory
        self._spans = SpanCheck()

    def fate(self, letter: Letter, original: Original) -> Fate:
        """What the letter's record would give. Raises StoreUnavailable where a remembered snapshot is needed."""
        if why := unsendable(letter, original.value):
            return Fate({}, silent=why)
        if letter.topic == topics.NATIVE:
            return self._native(letter, original)
        return self._span(original) if letter.topic == topics.SPANS else self._event(letter, original)

    def _native(self, letter: Letter, original: Original) -> Fate:
        at, headers = letter.ingested_us // 1000, marked(letter, original.headers)
        record = (letter.offset, at, original.key, original.value, headers)
        batch = RecordBatch(
            letter.topic, letter.partition, letter.offset, letter.offset, [record], letter.offset + 1, 1, letter.bytes
        )
        messages, unread = addressed(batch, "", self._systems)
        if unread:
            return Fate({}, _told(unread[0].reason, unread[0].detail, original.value))
        mapping, message = messages[0]
        outcome = mapping.map(message, self._memory)
        if self._memory.wants:
            self._memory.fetch()
            outcome = mapping.map(message, self._memory)
        self._memory.remember(outcome.state)
        dies = next((_told(one.reason, one.detail, original.value) for one in outcome.letters), None)
        silent = next((f"{one.why}, {one.detail}".strip(", ") for one in outcome.ignored), "")
        return Fate(_counted(event.type for event in outcome.events), dies, silent)

    def _event(self, letter: Letter, original: Original) -> Fate:
        at = letter.ingested_us // 1000
        key, value, headers, _, _ = record_of(letter, original, None, at)
        record = _Record(letter.topic, letter.partition, letter.offset, at, key, value, headers)
        events, markers, dead = decode_batch([record], "")
        types = [event.type for event in events] + [f"{one.kind} marker" for one in markers]
        dies = next((_told(one.reason, one.detail, original.value) for one in dead), None)
        return Fate(_counted(types), dies, "" if types or dies else "an empty batch")

    def _span(self, original: Original) -> Fate:
        checked = self._spans.check(original.value, json=original.value.lstrip()[:1] == b"{")
        dies = next((_told(reason, detail, original.value) for reason, (_, detail) in checked.faults.items()), None)
        return Fate({"span": checked.spans} if checked.spans else {}, dies, "" if checked.spans or dies else "no spans")


def _told(reason: str, detail: str, payload: bytes) -> tuple[str, str]:
    return reason, sentence(reason, detail, payload, excerpt(payload))


def _counted(types: Iterable[str]) -> dict[str, int]:
    return dict(Counter(types))
