"""The gateway's server: listening, and stopping only when the requests under way are answered."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ssl import SSLContext

from aiohttp import web

from streams.gateway.limits import Limits

_silent = logging.getLogger("streams.gateway.aiohttp")
_silent.disabled = True  # aiohttp would log pieces of requests that it can't parse


@asynccontextmanager
async def listening(
    app: web.Application,
    host: str,
    port: int,
    limits: Limits,
    drain: Callable[[], Awaitable[None]],
    tls: SSLContext | None = None,
) -> AsyncIterator[int]:
    """Serve an application; yields the port (0: a free one is taken). Raises OSError when it is taken.

    On leaving nobody new is let in, `drain` waits for the requests under way, and connections are closed only then:
    aiohttp's own shutdown throws away the rest of a body that is still coming.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_silent,
        auto_decompress=False,
        keepalive_timeout=limits.idle_seconds,
        lingering_time=limits.lingering_seconds,
        shutdown_timeout=1.0,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=tls, backlog=1024)
        await site.start()
        yield site.port
        await site.stop()
        await drain()
    finally:
        await runner.cleanup()
