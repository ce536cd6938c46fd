"""Running an app as a program: clean on a signal, loud on an error."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from streams.transport.app import BatchApp
from streams.transport.collector import calm_collector

log = structlog.get_logger(__name__)

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
LEAVE_SECONDS = 10.0
CHATTY = ("faust", "mode", "aiokafka", "asyncio")


async def nothing() -> None:
    """Nothing to do before stopping."""


def run(app: BatchApp, before_stop: Callable[[], Awaitable[None]] = nothing, stop_within: float = 8.0) -> int:
    """Run until SIGTERM or SIGINT (returns 0) or until an agent or hook raises (returns 1, error in the log).

    On a signal: reading stops, batches not begun are dropped (nothing of them is committed), then `before_stop` is
    awaited, at most `stop_within` seconds: the place to flush and commit. It must wait for a batch that is being
    worked on. After an error nothing is flushed or committed.
    """
    quieten()
    calm_collector()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(serve(app, before_stop, stop_within))


async def serve(
    app: BatchApp,
    before_stop: Callable[[], Awaitable[None]] = nothing,
    stop_within: float = 8.0,
    stop: asyncio.Event | None = None,
) -> int:
    """As `run`, on the loop that is running; `stop` set ends it like a signal would."""
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        starting = asyncio.ensure_future(app.start())
        await _first(starting, stop, app)
        if app.crashed:
            return await _crash(app)
        return await _stop(app, before_stop, stop_within)
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


async def _first(starting: "asyncio.Future[None]", stop: asyncio.Event, app: BatchApp) -> None:
    """Wait for a stop, a crash or a failed start."""
    ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(app._crashed.wait())]
    everything: list[asyncio.Future[Any]] = [starting, *ends]
    try:
        await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        if starting.done() and not starting.cancelled() and starting.exception() is None:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        elif starting.done() and not app.crashed:
            await app.crash(starting.exception() or RuntimeError("the app did not start"))
    finally:
        for end in everything:
            end.cancel()


async def _stop(app: BatchApp, before_stop: Callable[[], Awaitable[None]], within: float) -> int:
    if app.consumer.started:
        app.consumer.stop_flow()
        app.flow_control.suspend()
        app.flow_control.clear()
    status = 0
    try:
        async with asyncio.timeout(within):
            await before_stop()
    except Exception:
        log.exception("worker.flush_before_stop_failed", app=app.conf.id)
        status = 1
    await _leave(app)
    return status


async def _crash(app: BatchApp) -> int:
    reason = app.crash_reason
    log.error("worker.crashed", app=app.conf.id, reason=repr(reason), exc_info=reason)
    await _leave(app)
    return 1


async def _leave(app: BatchApp) -> None:
    """Stop the app, and let the group know. A broker that is away cannot be told: it misses the member by itself."""
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await app.stop()
    except Exception as error:  # the program ends either way
        log.warning("worker.left_without_a_word", app=app.conf.id, error=repr(error))


def quieten(level: int = logging.WARNING) -> None:
    """Faust, mode and aiokafka report each rebalance at INFO; show warnings and errors only."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(level)


def new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
