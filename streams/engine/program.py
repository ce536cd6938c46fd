"""`flowglass worker`: the composition root of a worker process, one for each class of input."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

import structlog
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from faust.types import TP, StreamT

from metrics.definitions.compile import open_definition
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.exposition import Exposition, ExpositionServer
from metrics.privacy.opened import Privacy, open_privacy, privacy_at_hand
from metrics.quality.load import load_domains
from metrics.quality.marks import fingerprint_with
from metrics.quality.observing import Observer
from metrics.settings import Settings
from metrics.store.client import StoreClient, connect
from metrics.store.writer import ClickHouseWriter
from metrics.tracing import start_tracing
from metrics.vocabulary import load_vocabulary
from streams import topics
from streams.broker.incarnation import ensure_incarnation, read_incarnation
from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.dead_letters.keeping import keeper_of
from streams.dead_letters.kept_writer import KeptWriter
from streams.engine.cases_worker import CasesWorker
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.definitions import note_definitions
from streams.engine.deliveries import deliver_through
from streams.engine.epochs import note_incarnation
from streams.engine.feeds import wall_clock
from streams.engine.flush import Partition, no_stage
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.plans import Plans
from streams.engine.quality_worker import QualityWorker, tell_judge
from streams.engine.sources_worker import SourcesWorker, send_through
from streams.engine.spans_worker import SpansWorker
from streams.producer import Producer, start_producer
from streams.sources.shelf import load_systems
from streams.transport.app import BatchApp, build_app
from streams.transport.batch import RecordBatch
from streams.transport.program import serve

log = structlog.get_logger(__name__)

CLASSES: Mapping[str, tuple[str, ...]] = {
    "cases": (topics.EVENTS, topics.DELIVERIES),
    "spans": (topics.SPANS,),
    "sources": (topics.NATIVE,),
    "quality": (topics.EVENTS, topics.QUALITY),
}
INCARNATION_SECONDS = 5.0
NEW_LOG = 3
"""Exit code: the broker's log is a new one; start again to go on with it."""


async def run_worker(settings: Settings, kind: str, on_stage: Callable[[str], None] = no_stage) -> int:
    """Run one worker until it is told to stop; returns the program's exit code. Raises SettingError."""
    privacy = privacy_at_hand(settings) if kind in ("cases", "quality") else open_privacy(settings)
    broker = settings.broker
    counts = await _declare(broker, settings.partitions)
    incarnation = str(await ensure_incarnation(broker))
    store = connect(settings)
    writer = ClickHouseWriter(store, cluster=settings.cluster)
    lost = note_incarnation(store, writer, incarnation, wall_clock)
    if lost:
        log.warning("the broker's log is a new one; the old one held records that nobody had read", unread=lost)
    exposition, tracing = Exposition(), start_tracing(settings, f"worker-{kind}")
    observed = Observed(exposition, tracing.tracer("flowglass.engine"))
    server = ExpositionServer(exposition, settings.metrics_port, observed.ready) if settings.metrics_port else None
    producer = await start_producer(broker, f"flowglass-{kind}")
    try:
        edges = Edges(broker, store, writer, producer, counts, incarnation, observed, privacy, on_stage)
        return await _serve(settings, kind, edges)
    finally:
        await producer.close()
        tracing.close()
        store.close()
        if server is not None:
            server.close()


class Edges(NamedTuple):
    """What a worker touches outside its process."""

    broker: str
    reader: StoreClient
    writer: ClickHouseWriter
    producer: Producer
    partitions: Mapping[str, int]
    incarnation: str
    observed: Observed
    privacy: Privacy | None
    on_stage: Callable[[str], None]


class Commit:
    """Commits through the app, as a member of the generation that the worker's batches came in."""

    def __init__(self, app: BatchApp) -> None:
        self._app = app
        self.worker: BatchWorker | None = None

    async def __call__(self, offsets: Mapping[Partition, int]) -> None:
        generation = self.worker.generation if self.worker is not None else 0
        await self._app.commit_offsets({TP(*partition): offset for partition, offset in offsets.items()}, generation)


def _worker(settings: Settings, kind: str, edges: Edges, commit: Commit) -> BatchWorker:
    """The worker of one class of input, wired to the real broker and store."""
    beside = {
        "observed": edges.observed,
        "incarnation": edges.incarnation,
        "clock": wall_clock,
        "privacy": edges.privacy,
        "on_stage": edges.on_stage,
    }
    systems = load_systems(settings.mappings, _tell_mistakes) if kind == "sources" else None
    writer = KeptWriter(edges.writer, keeper_of(settings, systems.owners() if systems else {}))
    worker: BatchWorker
    if kind == "spans":
        keys = load_vocabulary().span_attributes
        worker = SpansWorker(keys, edges.reader, writer, commit, **beside)  # type: ignore[arg-type]
    elif kind == "sources":
        send_on = send_through(edges.producer)
        worker = SourcesWorker(systems, edges.reader, writer, send_on, commit, **beside)  # type: ignore[arg-type]
    elif kind == "quality":
        domains = load_domains(settings.definitions).domains
        key = edges.privacy.tokens.state_key(kind).encode() if edges.privacy else b""
        observer = Observer(domains, fingerprint_with(key))
        partitions, send_facts = edges.partitions[topics.EVENTS], tell_judge(edges.producer)
        worker = QualityWorker(
            domains,
            observer,
            edges.reader,
            writer,
            send_facts,
            commit,
            partitions=partitions,
            **beside,  # type: ignore[arg-type]
        )
    else:
        catalogue = load(settings.definitions)
        note_definitions(catalogue, edges.reader, edges.writer, wall_clock)
        plans = Plans((loaded.definition for loaded in catalogue.loaded), open_definition)
        partitions = edges.partitions[topics.EVENTS]
        send = deliver_through(edges.producer, partitions)
        state = ClickHouseState(edges.reader)
        worker = CasesWorker(plans, state, edges.reader, writer, send, commit, partitions=partitions, **beside)  # type: ignore[arg-type]
    commit.worker = worker
    return worker


def _tell_mistakes(system: str, error: DefinitionsError) -> None:
    mistakes = [str(mistake) for mistake in error.mistakes]
    log.error("a mapping has mistakes; what its system sends becomes dead letters", system=system, mistakes=mistakes)


async def _serve(settings: Settings, kind: str, edges: Edges) -> int:
    """Read until told to stop, until an agent fails, or until the broker's log turns out to be a new one."""
    stop, renewed = asyncio.Event(), asyncio.Event()

    async def assigned(partitions: frozenset[TP]) -> None:
        if await _is_new_log(edges):
            renewed.set()
            stop.set()
            return
        ends = await end_offsets(edges.broker, [TopicPartition(*tp) for tp in partitions])
        await worker.take_over(app.generation, {(tp.topic, tp.partition): end for tp, end in ends.items()})

    async def revoked(_: frozenset[TP]) -> None:
        await worker.hand_over()

    app = build_app(f"flowglass-{kind}", edges.broker, CLASSES[kind], on_assigned=assigned, on_revoked=revoked)
    worker = _worker(settings, kind, edges, Commit(app))

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
        try:
            if await _is_new_log(edges):
                renewed.set()
        except (OffsetsUnknown, KafkaError):
            continue
    stop.set()


async def _is_new_log(edges: Edges) -> bool:
    """Whether the broker's log is another one than this worker reads: asked before anything of it is taken over."""
    found = await read_incarnation(edges.broker)
    if str(found) == edges.incarnation:
        return False
    log.warning("the broker's log is a new one; starting again", old=edges.incarnation, new=str(found))
    return True


async def _declare(broker: str, partitions: int) -> dict[str, int]:
    """Topics before agents: an undeclared one would get the broker's own number of partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        return await topics.declare(admin, topics.all_topics(partitions))
    finally:
        await admin.close()
