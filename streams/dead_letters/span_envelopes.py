"""What stood around the messages of spans that wait for a flush: key and headers, for those that turn out dead."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from metrics.words import DeadLetter
from streams.codecs.letters import KafkaHeaders, kept_headers, without
from streams.codecs.reasons import BAD_HEADER
from streams.dead_letters.span_sieve import SpanBatch, placed
from streams.spans.messages import DEAD_LETTER, INDEX_BITS, ORIGIN

_Noted = tuple[int, bytes | None, Any, int]
"""Offset, key, headers as they came, bytes of the value."""


class _Envelope(NamedTuple):
    key: bytes | None
    headers: KafkaHeaders
    size: int
    """Bytes of the value."""


class Envelopes:
    """Key and headers by place. They are put down as they stand, and looked through when a letter asks: few ever do."""

    def __init__(self) -> None:
        self._noted: list[tuple[int, list[_Noted]]] = []
        self._by_place: dict[tuple[int, int], _Envelope] = {}

    def note(self, batch: SpanBatch) -> None:
        """Remember what stands around the records of a batch; not their values."""
        told = [
            (offset, key, headers, len(value or b""))
            for offset, _, key, value, headers in batch.records
            if headers or key is not None
        ]
        if told:
            self._noted.append((batch.partition, told))

    def _found(self, letter: DeadLetter) -> _Envelope | None:
        for partition, told in self._noted:
            for offset, key, headers, size in told:
                self._by_place[partition, offset] = _Envelope(key, kept_headers(headers), size)
        self._noted.clear()
        return self._by_place.get((letter.partition, letter.offset))

    def restored(self, letter: DeadLetter) -> DeadLetter:
        """A dead letter with the key and headers it came with.

        A span that died alone tells its own position; what an edge sent on keeps neither the edge's key nor its
        header.
        """
        found = self._found(letter)
        if found is None:
            return letter
        key, headers, size = found
        names = dict(headers)
        if DEAD_LETTER in names and (letter.reason, letter.position) != (BAD_HEADER, letter.offset << INDEX_BITS):
            return replace(letter, record_headers=without(headers, DEAD_LETTER))
        if len(letter.payload) != size and ORIGIN in names:
            headers = placed(headers, letter.origin, [letter.position])
        return replace(letter, record_key=key, record_headers=headers)

    def clear(self) -> None:
        """Forget all, after it is stored."""
        self._noted.clear()
        self._by_place.clear()
