"""How the worker of each class is put together from the real broker and store."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypedDict

import structlog
from faust.types import TP

from metrics.definitions.compile import open_definition
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.figures.rules import load_figure_rules
from metrics.guards.model import Guards
from metrics.health.measures import naming_of
from metrics.privacy.forms import is_code
from metrics.privacy.opened import Privacy
from metrics.quality.load import load_domains
from metrics.quality.marks import fingerprint_with
from metrics.quality.observing import Observer
from metrics.settings import Settings
from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.vocabulary import load_vocabulary
from streams import topics
from streams.dead_letters.keeping import keeper_of
from streams.dead_letters.kept_writer import KeptWriter
from streams.engine.cases_worker import CasesWorker
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.definitions import note_definitions
from streams.engine.deliveries import deliver_through
from streams.engine.feeds import WallClock, wall_clock
from streams.engine.flush import Partition
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.plans import Plans
from streams.engine.quality_worker import QualityWorker, tell_judge
from streams.engine.sources_worker import SourcesWorker, send_through
from streams.engine.spans_worker import SpansWorker
from streams.event_routes import routes_at
from streams.lasting_producer import LastingProducer
from streams.sources.shelf import load_systems
from streams.transport.app import BatchApp

log = structlog.get_logger(__name__)


class Edges(NamedTuple):
    """What a worker touches outside its process."""

    broker: str
    reader: StoreClient
    writer: ClickHouseWriter
    producer: LastingProducer
    partitions: Mapping[str, int]
    incarnation: str
    observed: Observed
    privacy: Privacy | None
    on_stage: Callable[[str], None]
    present: WallClock


class Commit:
    """Commits through the app, as a member of the generation that the worker's batches came in."""

    def __init__(self, app: BatchApp) -> None:
        self._app = app
        self.worker: BatchWorker | None = None

    async def __call__(self, offsets: Mapping[Partition, int]) -> None:
        generation = self.worker.generation if self.worker is not None else 0
        await self._app.commit_offsets({TP(*partition): offset for partition, offset in offsets.items()}, generation)


class Beside(TypedDict):
    """What every worker takes beside its own parts."""

    observed: Observed
    incarnation: str
    clock: WallClock
    privacy: Privacy | None
    on_stage: Callable[[str], None]


def build_worker(settings: Settings, kind: str, edges: Edges, commit: Commit) -> BatchWorker:
    """The worker of one class of input. Raises KeyError for a class that does not exist."""
    worker = _BUILDERS[kind](settings, edges, commit)
    commit.worker = worker
    return worker


def _cases(settings: Settings, edges: Edges, commit: Commit) -> BatchWorker:
    catalogue = load(settings.definitions)
    note_definitions(catalogue, edges.reader, edges.writer, wall_clock)
    plans = Plans((loaded.definition for loaded in catalogue.loaded), open_definition)
    partitions = edges.partitions[topics.EVENTS]
    send, state = deliver_through(edges.producer, partitions), ClickHouseState(edges.reader)
    writer = _kept(settings, edges)
    return CasesWorker(
        plans,
        state,
        edges.reader,
        writer,
        send,
        commit,
        partitions=partitions,
        figures=load_figure_rules(settings.definitions),
        naming=naming_of(settings.definitions),
        present=edges.present,
        cases_in_memory=settings.cases_in_memory,
        **_beside(edges),
    )


def _spans(settings: Settings, edges: Edges, commit: Commit) -> BatchWorker:
    keys, definitions = load_vocabulary().span_attributes, settings.definitions
    return SpansWorker(
        keys,
        edges.reader,
        _kept(settings, edges),
        commit,
        closing=load_figure_rules(definitions),
        naming=naming_of(definitions),
        **_beside(edges),
    )


def _sources(settings: Settings, edges: Edges, commit: Commit) -> BatchWorker:
    systems = load_systems(settings.mappings, _tell_mistakes)
    writer = _kept(settings, edges, systems.owners())
    send, route = send_through(edges.producer), routes_at(settings.definitions)
    return SourcesWorker(systems, edges.reader, writer, send, commit, route=route, **_beside(edges))


def _quality(settings: Settings, edges: Edges, commit: Commit) -> BatchWorker:
    domains = load_domains(settings.definitions).domains
    key = edges.privacy.tokens.state_key("quality").encode() if edges.privacy else b""
    guards = Guards(tuple(one for known in load(settings.definitions).definitions for one in known.guards))
    observer = Observer(domains, fingerprint_with(key), guards)
    partitions, send = edges.partitions[topics.EVENTS], tell_judge(edges.producer)
    writer = _kept(settings, edges)
    return QualityWorker(
        domains, guards, observer, edges.reader, writer, send, commit, partitions=partitions, **_beside(edges)
    )


_BUILDERS: Final[Mapping[str, Callable[[Settings, Edges, Commit], BatchWorker]]] = {
    "cases": _cases,
    "spans": _spans,
    "sources": _sources,
    "quality": _quality,
}


def _beside(edges: Edges) -> Beside:
    return {
        "observed": edges.observed,
        "incarnation": edges.incarnation,
        "clock": wall_clock,
        "privacy": edges.privacy,
        "on_stage": edges.on_stage,
    }


def _kept(settings: Settings, edges: Edges, owner_of_system: Mapping[str, str] | None = None) -> KeptWriter:
    """The writer that keeps dead letters masked and sealed."""
    names = edges.privacy.policy.vocabulary.names if edges.privacy else is_code
    return KeptWriter(edges.writer, keeper_of(settings, owner_of_system or {}, names))


def _tell_mistakes(system: str, error: DefinitionsError) -> None:
    mistakes = [str(mistake) for mistake in error.mistakes]
    log.error("a mapping has mistakes; what its system sends becomes dead letters", system=system, mistakes=mistakes)
