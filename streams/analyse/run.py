"""One analysis from files to figures: start the programs, send, wait until all is stored, ask the store."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from metrics.store.client import connect_url
from metrics.store.queries import Queries
from streams import topics
from streams.analyse.figures import Found, Scope, find
from streams.analyse.programs import Programs
from streams.analyse.request import Request
from streams.analyse.span_files import SpanFiles, SpansSent, known_by_content, stream_spans
from streams.analyse.through import Stand, Through, watched_topics
from streams.broker.incarnation import ensure_incarnation
from streams.intake.load import Loaded, stream_files
from streams.producer import Producer, start_producer

LOOK_SECONDS = 0.2
QUERY_SECONDS = 600
SECOND = 1_000_000


class Watcher(Protocol):
    """Is told how far an analysis is."""

    def sent(self, path: Path, rows: int) -> None:
        """So many rows or spans of the file are in the log."""

    def read(self, stand: Stand) -> None:
        """So far the workers are."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, and what about it is wrong: sentences for people, empty when all adds up."""

    found: Found
    wrong: tuple[str, ...]
    notes: tuple[str, ...]


def analyse_with(programs: Programs, request: Request, watcher: Watcher) -> Outcome:
    """The analysis itself, on running programs. Raises ProgramEnded, Stalled, or the store's errors."""
    since = time.time_ns() // 1000 - SECOND
    store = connect_url(programs.store)
    try:
        queries = Queries(store, seconds=QUERY_SECONDS)
        spans = known_by_content(request.spans)
        sent, incarnation = asyncio.run(_carry(programs, request, spans, queries, watcher))
        scope = Scope(
            process=request.process,
            feed=request.load.feed,
            origins=tuple(f"file:{file.content[:16]}" for file in request.load.files),
            span_origins=spans.origins,
            incarnation=incarnation,
            since=since,
        )
        found = find(queries, scope, request.pairs)
        return Outcome(found, shortfalls(found, sent), _notes(found, request))
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class Sent:
    """What went into the log."""

    events: Loaded
    spans: SpansSent


async def _carry(
    programs: Programs, request: Request, spans: SpanFiles, queries: Queries, watcher: Watcher
) -> tuple[Sent, str]:
    """Send everything and return once all of it is stored, with the log's identity."""
    incarnation = str(await ensure_incarnation(programs.broker))
    async with await start_producer(programs.broker, "flowglass-analyse") as producer:
        partitions = {topic: await producer.partitions(topic) for topic in watched_topics(spans=bool(request.spans))}
        feeds = {request.load.feed: partitions[topics.EVENTS]}
        if request.spans:
            feeds[spans.feed] = partitions[topics.SPANS]
        through = Through(queries, programs.broker, incarnation, feeds, partitions)
        sending = asyncio.ensure_future(_send(producer, request, spans, watcher))
        try:
            await until_through(through, sending.done, programs.check, watcher)
            return await sending, incarnation
        finally:
            sending.cancel()


async def _send(producer: Producer, request: Request, spans: SpanFiles, watcher: Watcher) -> Sent:
    events = await stream_files(producer, request.load, watcher.sent)
    if not request.spans:
        return Sent(events, SpansSent(0, 0))
    return Sent(events, await stream_spans(producer, spans, watcher.sent))


async def until_through(
    through: Through, all_sent: Callable[[], bool], check: Callable[[], None], watcher: Watcher
) -> None:
    """Returns once all was sent and all of it is stored. `check` raises when a program has ended."""
    while True:
        check()
        sent = all_sent()
        stand = await through.look()
        watcher.read(stand)
        if sent and stand.is_through:
            return
        await asyncio.sleep(LOOK_SECONDS)


def shortfalls(found: Found, sent: Sent) -> tuple[str, ...]:
    """Where the store does not hold what was sent."""
    complete, wrong = found.completeness, []
    kept = complete.records + complete.dead_letters
    counted = sent.events.events + sent.events.dead_letters
    if complete.sent != counted:
        wrong.append(f"the end markers count {complete.sent:,} records, but {counted:,} were sent")
    if kept != complete.sent and not (complete.canonical and kept < complete.sent):
        wrong.append(
            f"the end markers count {complete.sent:,} records, but the store holds {complete.records:,} events "
            f"and {complete.dead_letters:,} dead letters of them"
        )
    stored = found.spans.records + complete.span_dead_letters
    if stored != sent.spans.spans:
        wrong.append(
            f"{sent.spans.spans:,} spans were sent, but the store holds {found.spans.records:,} "
            f"and {complete.span_dead_letters:,} dead letters of them"
        )
    return tuple(wrong)


def _notes(found: Found, request: Request) -> tuple[str, ...]:
    """What deserves a word although it is not wrong."""
    complete, notes = found.completeness, []
    kept = complete.records + complete.dead_letters
    if kept < complete.sent:
        notes.append(f"{complete.sent - kept:,} records repeat others of the load and are counted once")
    if complete.canonical and not found.totals.cases:
        notes.append("canonical events belong to the processes of their objects: name one with --process")
    for name, pair in found.pairs.items():
        if not pair.n:
            notes.append(f"no case reached both ends of '{name}'")
    if complete.dead_letters + complete.span_dead_letters:
        notes.append(f"{complete.dead_letters + complete.span_dead_letters:,} rows could not be read (dead letters)")
    if complete.unlinked:
        notes.append(f"{complete.unlinked:,} events belong to no case yet (unlinked)")
    return tuple(notes)
