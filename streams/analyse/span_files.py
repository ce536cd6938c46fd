"""Span files into the spans topic: records, dead letters, and an end marker with its count on every partition."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from metrics.words import DeadLetter
from streams.broker.partitioner import partition_of
from streams.codecs.encoding import encode_dead_letter
from streams.intake.load import Outgoing, Sender
from streams.intake.options import content_hash
from streams.spans.files import read_span_file
from streams.spans.messages import encode_marker
from streams.topics import SPANS

SpanProgress = Callable[[Path, int], None]
"""Called with the file and how many of its spans were sent so far."""


@dataclass(frozen=True, slots=True)
class SpanFiles:
    """Span files by their content; `feed` is the name under which they are marked."""

    paths: tuple[Path, ...]
    origins: tuple[str, ...]
    feed: str


@dataclass(frozen=True, slots=True)
class SpansSent:
    """What was sent: rows or spans of the files, and how many of them are dead letters already."""

    spans: int
    dead_letters: int


def known_by_content(paths: Iterable[Path]) -> SpanFiles:
    files = tuple(paths)
    hashes = [content_hash(path) for path in files]
    name = hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()[:12]
    return SpanFiles(files, tuple(f"file:{text[:16]}" for text in hashes), f"spans:{name}")


async def stream_spans(
    producer: Sender, files: SpanFiles, progress: SpanProgress = lambda path, spans: None
) -> SpansSent:
    """Send all spans of all files; returns when all is acknowledged."""
    counts = [0] * await producer.partitions(SPANS)
    spans = dead = 0
    for path in files.paths:
        sent = 0
        for item in read_span_file(path):
            if isinstance(item, DeadLetter):
                key, value, headers = encode_dead_letter(item)
                dead += 1
                sent += 1
            else:
                key, value, headers = item.key, item.value, item.headers
                sent += item.spans
            partition = partition_of(key, len(counts))
            counts[partition] += 1
            await producer.send_many(SPANS, [(key, value, headers, partition, None)])
            progress(path, sent)
        spans += sent
    await _mark_ends(producer, files.feed, counts)
    return SpansSent(spans, dead)


async def _mark_ends(producer: Sender, feed: str, counts: Sequence[int]) -> None:
    ends: list[Outgoing] = []
    for partition, count in enumerate(counts):
        key, value, headers = encode_marker(feed, "end", count)
        ends.append((key, value, headers, partition, None))
    await producer.send_many(SPANS, ends)
    await producer.flush()
