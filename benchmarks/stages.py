"""Where the time of the whole job goes: the worker's own steps in one process, without broker and store.

CPU microseconds an event by step, in the order of the work; what the figure of `whole_job` has beyond their sum is
reading from Kafka, sending the blocks, and waiting.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from benchmarks import procurement, span_scene
from metrics.definitions.compile import open_definition
from metrics.definitions.load import load
from metrics.store import wire
from metrics.store.block import Block, block_token
from metrics.store.writer import to_batch
from metrics.vocabulary import load_vocabulary
from metrics.words import Event, Marker
from streams.cases.case_state import Checkpoint
from streams.cases.timers import Waiting
from streams.codecs.cloudevents import decode_batch
from streams.correlation.correlator import Correlator
from streams.correlation.messages import CaseKey, Key
from streams.correlation.object_state import ObjectState
from streams.correlation.rules import LinkRules
from streams.engine.cache import StateCache
from streams.engine.cases_worker import Read
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.freeze import Freezer
from streams.engine.lifecycle import FLUSH_RECORDS
from streams.engine.plans import Plans
from streams.spans.decode import SpanColumns
from streams.spans.source import Source
from streams.transport.collector import calm_collector, collect_young, spare_young

SPANS_A_FLUSH = 20_000


class Stopwatch:
    """CPU seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Any:
        began = time.process_time()
        yield
        self.seconds[name] += time.process_time() - began

    def per_item(self, items: int) -> dict[str, float]:
        """Microseconds an item."""
        return {name: seconds / items * 1e6 for name, seconds in self.seconds.items()}


class _EmptyStore:
    """A store that was empty at start, and remembers the events of cases, as refolding asks for them."""

    def __init__(self) -> None:
        self.events: dict[CaseKey, dict[str, Event]] = defaultdict(dict)

    def is_empty(self) -> bool:
        return True

    def objects(self, keys: Sequence[Key]) -> Mapping[Key, ObjectState]:
        return {}

    def cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Checkpoint]:
        return {}

    def open_cases(self, shards: Iterable[int], limit: int) -> Mapping[CaseKey, Checkpoint]:
        return {}

    def waiting(self, shards: Iterable[int], known: Collection[tuple[str, int]]) -> Mapping[str, Waiting]:
        return {}

    def events_of_objects(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Event]]:
        return {}

    def events_of_cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Mapping[str, Event]]:
        return {key: self.events[key] for key in keys}


class _Writer:
    """Turns columns into blocks as the real writer does, and measures the two halves."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Block:
        with self._watch.step("columns to Arrow"):
            batch = to_batch(table, columns)
        with self._watch.step("Arrow to bytes, token"):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as stream:
                stream.write_batch(batch)
            data = sink.getvalue().to_pybytes()
            return Block(table, batch.num_rows, data, block_token(table, "", data))

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> Block:
        with self._watch.step("rows to JSON, token"):
            data = wire.encode(table, rows)
            return Block(table, len(rows), data, block_token(table, "", data), wire.FORMAT)

    def send(self, block: Block) -> None:
        """Nothing is stored."""


def cases(count: int) -> dict[str, float]:
    """Microseconds of CPU an event, by step of the cases worker."""
    records = [Read("events", 0, offset, 1, *record) for offset, record in enumerate(procurement.records(count))]
    pa.array([""])
    calm_collector()
    watch = Stopwatch()
    asyncio.run(_work(records, watch))
    return watch.per_item(len(records))


async def _work(records: Sequence[Read], watch: Stopwatch) -> None:
    plans = Plans(load(None).definitions, open_definition)
    correlator, store, feeds = Correlator(LinkRules(plans.definitions())), _EmptyStore(), Feeds()
    feeds.mark(Marker(feed=procurement.FEED, kind="backfill", partition=0, count=0, origin="", position=0))
    engine = Engine(correlator, StateCache(plans, store), store, feeds)
    freezer = Freezer(_Writer(watch), worker="cases", epoch=1, incarnation="benchmark", clock=lambda: 1)
    await engine.start(range(256))
    for start in range(0, len(records), FLUSH_RECORDS):
        with watch.step("decode"):
            events, _, dead = decode_batch(records[start : start + FLUSH_RECORDS], "benchmark")
        assert not dead, dead[0]
        with watch.step("collect garbage"):
            collect_young()
        with watch.step("correlate and fold"):
            await engine.take(events)
        with watch.step("read clocks"):
            harvest = await engine.harvest()
        with watch.step("freeze, all of it"):
            freezer.freeze_cases(harvest, {})
        with watch.step("collect garbage"):
            spare_young()
        for case in harvest.cases:
            store.events[case.key].update(case.pending)
        with watch.step("release"):
            engine.release(harvest)


def spans(count: int) -> dict[str, float]:
    """Microseconds of CPU a span, by step of the spans worker."""
    messages = span_scene.messages(count)
    pa.array([""])
    calm_collector()
    watch = Stopwatch()
    writer, columns = _Writer(watch), SpanColumns(load_vocabulary().span_attributes)
    for at, value in enumerate(messages):
        with watch.step("decode"):
            columns.add(value, Source(origin="otlp_spans/0@benchmark", positions=at << 20, ingested=1))
        if len(columns) >= SPANS_A_FLUSH or at == len(messages) - 1:
            with watch.step("rows to columns"):
                tables = columns.columns()
            for table, values in tables.items():
                writer.prepare(table, values)
            columns.clear()
    return watch.per_item(count)
