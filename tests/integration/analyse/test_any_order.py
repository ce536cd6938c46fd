"""The order and the number of deliveries do not matter: events carry their identity and their place in the log."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from metrics.store.client import connect_url
from metrics.store.outcome import outcome_query
from metrics.store.queries import Queries
from metrics.words import Event
from streams import topics
from streams.analyse.figures import Scope, find
from streams.analyse.programs import Programs
from streams.analyse.request import Request, make_request
from streams.analyse.run import Outcome, until_through
from streams.analyse.through import Through, watched_topics
from streams.broker.incarnation import ensure_incarnation
from streams.broker.partitioner import partition_of
from streams.codecs.encoding import encode, encode_marker
from streams.intake.load import Outgoing, readers
from streams.intake.options import LogOptions
from streams.producer import Producer, start_producer
from tests.integration.analyse.analysed import Unwatched, analysed, shown

pytestmark = [pytest.mark.data, pytest.mark.store, pytest.mark.broker, pytest.mark.timeout(300)]

PAIRS = ("Create Purchase Requisition -> Create Purchase Order", "Send invoice -> Pay invoice")


def test_a_log_shuffled_in_the_topic_with_every_tenth_event_doubled_gives_the_same_figures(
    programs: Programs, empty_programs: Programs, log_file: Callable[[str], Path]
) -> None:
    files, options = [log_file("PurchasingExample.csv")], LogOptions(start="Start Timestamp")
    straight = analysed(programs, files, options, pairs=PAIRS)

    request = make_request(files, options, pairs=PAIRS)
    events = [item for _, reader in readers(request.load) for item in reader if isinstance(item, Event)]
    disorderly = [*events, *events[::10]]
    random.Random(7).shuffle(disorderly)
    assert shown(sent_by_hand(empty_programs, request, disorderly), with_start=True) == straight
    came_out = stored_outcome(programs, request)
    assert stored_outcome(empty_programs, request) == came_out
    assert len(came_out["events"]) == straight["events"]
    assert all(came_out.values())


def stored_outcome(programs: Programs, request: Request) -> dict[str, list[dict[str, Any]]]:
    """Every outcome of the log, row by row, without what only tells how it was reached."""
    its_own = {"events": ("feed", request.load.feed), "objects": ("object_type", request.process)}
    store = connect_url(programs.store)
    try:
        found = {}
        for table in ("events", "cases", "case_events", "objects"):
            column, value = its_own.get(table, ("process", request.process))
            found[table] = [row for row in store.rows(outcome_query(table)) if row[column] == value]
        return found
    finally:
        store.close()


def sent_by_hand(programs: Programs, request: Request, events: Iterable[Event]) -> Outcome:
    """What the store says once these events, in this order, are through."""
    store = connect_url(programs.store)
    try:
        queries = Queries(store, seconds=60)
        incarnation = asyncio.run(_carry(programs, request, list(events), queries))
        origins = tuple(f"file:{file.content[:16]}" for file in request.load.files)
        since = time.time_ns() // 1000 - 3_600_000_000
        scope = Scope(request.process, request.load.feed, origins, (), incarnation, since)
        return Outcome(find(queries, scope, request.pairs), (), ())
    finally:
        store.close()


async def _carry(programs: Programs, request: Request, events: list[Event], queries: Queries) -> str:
    incarnation = str(await ensure_incarnation(programs.broker))
    async with await start_producer(programs.broker, "by-hand") as producer:
        partitions = {topic: await producer.partitions(topic) for topic in watched_topics(spans=False)}
        await _send(producer, request.load.feed, events, partitions[topics.EVENTS])
    feeds = {request.load.feed: partitions[topics.EVENTS]}
    through = Through(queries, programs.broker, incarnation, feeds, partitions)
    await until_through(through, lambda: True, programs.check, Unwatched())
    return incarnation


async def _send(producer: Producer, feed: str, events: list[Event], partitions: int) -> None:
    counts = [0] * partitions
    records: list[Outgoing] = []
    for event in events:
        key, value, headers = encode(event)
        partition = partition_of(key, partitions)
        counts[partition] += 1
        records.append((key, value, headers, partition, None))
    for partition, count in enumerate(counts):
        key, value, headers = encode_marker(feed, "end", count)
        records.append((key, value, headers, partition, None))
    await producer.send_many(topics.EVENTS, records)
    await producer.flush()
