"""`flowglass worker`: the composition root of a worker process, one for each class of input."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

import structlog
from aiokafka import TopicPartition
from faust.types import TP, StreamT

from metrics.exposition import Exposition, expose
from metrics.privacy.opened import open_privacy, privacy_at_hand
from metrics.settings import Settings
from metrics.store.client import connect
from metrics.store.writer import ClickHouseWriter
from metrics.tracing import start_tracing
from streams import topics
from streams.broker.declaring import declared
from streams.broker.incarnation import ensure_incarnation, read_incarnation
from streams.broker.offsets import end_offsets
from streams.broker.partition_change import refuse_unsettled, settle_partitions
from streams.broker.patience import hold_on
from streams.engine.epochs import note_incarnation
from streams.engine.feeds import WallClock, wall_clock
from streams.engine.flush import no_stage
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.wiring import Commit, Edges, build_worker
from streams.lasting_producer import start_lasting
from streams.privacy.mapping_words import mapping_words
from streams.producer import start_producer
from streams.transport.app import BatchApp, build_app
from streams.transport.batch import RecordBatch
from streams.transport.program import serve

log = structlog.get_logger(__name__)

CLASSES: Mapping[str, tuple[str, ...]] = {
    "cases": (*topics.EVENT_TOPICS.values(), topics.DELIVERIES),
    "spans": (topics.SPANS,),
    "sources": (topics.NATIVE,),
    "quality": (*topics.EVENT_TOPICS.values(), topics.QUALITY),
}
BY_SHARD = ("cases", "quality")
"""Classes that must know how many partitions the events have."""
INCARNATION_SECONDS = 5.0
NEW_LOG = 3
"""Exit code: the broker's log is a new one; start again to go on with it."""


async def run_worker(
    settings: Settings, kind: str, on_stage: Callable[[str], None] = no_stage, present: WallClock = wall_clock
) -> int:
    """Run one worker until it is told to stop; returns the program's exit code. Raises SettingError.

    `present`: what feeds that are live take for now.
    """
    opening = privacy_at_hand if kind in ("cases", "quality") else open_privacy
    privacy = opening(settings, mapping_words(settings.mappings))
    broker = settings.broker
    exposition, tracing = Exposition(), start_tracing(settings, f"worker-{kind}")
    observed = Observed(exposition, tracing.tracer("flowglass.engine"))
    server = expose(settings, exposition, observed.ready)
    counts = await hold_on(partial(declared, broker, settings.partitions), "topics", observed.broker)
    incarnation = str(await hold_on(partial(ensure_incarnation, broker), "the log's identity", observed.broker))
    if kind in BY_SHARD:
        settle = partial(settle_partitions, broker, counts[topics.EVENTS], wall_clock)
        await hold_on(settle, "number of partitions", observed.broker)
    store = connect(settings)
    writer = ClickHouseWriter(store, cluster=settings.cluster, on_unavailable=observed.held_up)
    lost = note_incarnation(store, writer, incarnation, wall_clock)
    if lost:
        log.warning("the broker's log is a new one; the old one held records that nobody had read", unread=lost)
    producer = await start_lasting(partial(start_producer, broker, f"flowglass-{kind}"), observed.broker)
    try:
        edges = Edges(broker, store, writer, producer, counts, incarnation, observed, privacy, on_stage, present)
        return await _serve(settings, kind, edges)
    finally:
        await producer.close()
        tracing.close()
        store.close()
        if server is not None:
            server.close()


async def _serve(settings: Settings, kind: str, edges: Edges) -> int:
    """Read until told to stop, until an agent fails, or until the broker's log turns out to be a new one."""
    stop, renewed = asyncio.Event(), asyncio.Event()

    async def assigned(partitions: frozenset[TP]) -> None:
        tell = edges.observed.broker
        if await hold_on(partial(_is_new_log, edges), "the log's identity", tell):
            renewed.set()
            stop.set()
            return
        if kind in BY_SHARD:
            settled = partial(refuse_unsettled, edges.broker, edges.partitions[topics.EVENTS])
            await hold_on(settled, "number of partitions", tell)
        places = [TopicPartition(*tp) for tp in partitions]
        ends = await hold_on(partial(end_offsets, edges.broker, places), "ends of the partitions", tell)
        await worker.take_over(app.generation, {(tp.topic, tp.partition): end for tp, end in ends.items()})

    async def revoked(_: frozenset[TP]) -> None:
        await worker.hand_over()

    app = build_app(
        f"flowglass-{kind}",
        edges.broker,
        CLASSES[kind],
        on_assigned=assigned,
        on_revoked=revoked,
        weights={topic: topics.SHARES[topic] for topic in CLASSES[kind] if topic in topics.SHARES},
    )
    worker = build_worker(settings, kind, edges, Commit(app))

    @app.agent(app.batches)
    async def take(stream: StreamT[RecordBatch]) -> None:
        async for batch in stream:
            await worker.take(batch)

    return await _run(app, worker, stop, renewed, edges)


async def _run(app: BatchApp, worker: BatchWorker, stop: asyncio.Event, renewed: asyncio.Event, edges: Edges) -> int:
    watch = asyncio.ensure_future(_watch_log(edges, stop, renewed))
    ticks = asyncio.ensure_future(worker.run_ticks())
    ticks.add_done_callback(lambda _: stop.set())
    code = await serve(app, worker.stop, stop=stop)
    for task in (ticks, watch):
        task.cancel()
    if ticks.done() and not ticks.cancelled() and (error := ticks.exception()) is not None:
        log.error("flushing failed", exc_info=error)
        return 1
    return NEW_LOG if renewed.is_set() else code


async def _watch_log(edges: Edges, stop: asyncio.Event, renewed: asyncio.Event) -> None:
    """Ends, and stops the worker, once the log's identity is another one."""
    while not renewed.is_set():
        await asyncio.sleep(INCARNATION_SECONDS)
        if await hold_on(partial(_is_new_log, edges), "the log's identity", edges.observed.broker):
            renewed.set()
    stop.set()


async def _is_new_log(edges: Edges) -> bool:
    """Whether the broker's log is another one than this worker reads: asked before anything of it is taken over."""
    found = await read_incarnation(edges.broker)
    if str(found) == edges.incarnation:
        return False
    log.warning("the broker's log is a new one; starting again", old=edges.incarnation, new=str(found))
    return True
