"""`flowglass gateway`: the composition root of the HTTP intake."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from ssl import SSLContext

import structlog

from metrics.exposition import Exposition, expose
from metrics.privacy.opened import open_privacy
from metrics.settings import Settings
from streams.broker.declaring import declared
from streams.engine.feeds import wall_clock
from streams.event_routes import routes_at
from streams.gateway.courier import Courier
from streams.gateway.events import EventReader
from streams.gateway.handlers import Reception
from streams.gateway.headers import keeper
from streams.gateway.letters import plain_place
from streams.gateway.limits import DEFAULT_LIMITS, Limits
from streams.gateway.observed import Observed
from streams.gateway.routes import build_app
from streams.gateway.senders import Sender, Senders
from streams.gateway.serving import listening
from streams.gateway.traces import TraceReader
from streams.gateway.webhooks import WebhookReader
from streams.privacy.mapping_words import mapping_words
from streams.producer import Producer, start_producer
from streams.transport.program import STOP_SIGNALS

log = structlog.get_logger(__name__)

BATCH_PATIENCE_SECONDS = 5.0
"""How long a batch is tried again before its senders are told 503: they have a time-out of their own."""


@asynccontextmanager
async def open_gateway(
    settings: Settings,
    senders: Sequence[Sender],
    systems: Collection[str],
    *,
    host: str,
    port: int,
    limits: Limits = DEFAULT_LIMITS,
    tls: SSLContext | None = None,
) -> AsyncIterator[int]:
    """A running gateway; yields its port. On leaving, what is under way is answered, then sending stops.

    Raises SettingError without the keys of privacy, unless that is switched off.
    """
    privacy = open_privacy(settings, mapping_words(settings.mappings))
    place = privacy.tokens.place if privacy else plain_place
    route = routes_at(settings.definitions)

    def events_reader() -> EventReader:
        return EventReader(limits, privacy.guard() if privacy else None, place, route)

    async def connect() -> Producer:
        return await _open_producer(settings)

    exposition = Exposition()
    courier = Courier(connect)
    known = Senders(senders)
    observed = Observed(exposition)
    reception = Reception(known, courier, observed, clock=wall_clock, limits=limits)
    webhooks = WebhookReader(systems, keeper(known.secret_headers))
    app = build_app(
        reception,
        webhooks,
        known,
        limits,
        lambda: courier.away,
        events_reader,
        observed.covered,
        partial(TraceReader, place),
    )
    async with AsyncExitStack() as open_parts:
        if (server := expose(settings, exposition, lambda: courier.away)) is not None:
            open_parts.callback(server.close)
        await courier.start()
        open_parts.push_async_callback(courier.close)
        yield await open_parts.enter_async_context(listening(app, host, port, limits, reception.drain, tls))


async def run_gateway(
    settings: Settings,
    senders: Sequence[Sender],
    systems: Collection[str],
    *,
    host: str,
    port: int,
    tls: SSLContext | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the port is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    async with open_gateway(settings, senders, systems, host=host, port=port, tls=tls) as bound:
        log.info("the gateway listens", host=host, port=bound, senders=[one.name for one in senders])
        await stop.wait()


async def _open_producer(settings: Settings) -> Producer:
    """A producer to topics that exist."""
    await declared(settings.broker, settings.partitions)
    return await start_producer(settings.broker, "flowglass-gateway", patience=BATCH_PATIENCE_SECONDS)
