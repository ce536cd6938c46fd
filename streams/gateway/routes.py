"""The paths of the gateway."""

import threading
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from aiohttp import web

from streams.gateway.events import EventReader
from streams.gateway.handlers import Reception, Route, refused
from streams.gateway.handshake import handshake
from streams.gateway.limits import Limits
from streams.gateway.problems import Problem
from streams.gateway.replies import Reply
from streams.gateway.senders import EVENTS, INTAKE, TRACES, Sender, Senders
from streams.gateway.traces import JSON, PROTOBUF, TraceReader, encoding_of, status_body
from streams.gateway.webhooks import WebhookReader

_PATHS: Final = f"post to {EVENTS}, {TRACES} or {INTAKE}SYSTEM; /health and /ready tell how the gateway is"

Covered = Callable[[Mapping[str, int], Mapping[str, int]], None]
"""Told of attributes that were dropped, by event type, and of words that no vocabulary has, by attribute."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _nobody_counts(dropped: Mapping[str, int], unknown: Mapping[str, int]) -> None:
    """Where nobody asks what privacy keeps out."""


def build_app(
    reception: Reception,
    webhooks: WebhookReader,
    senders: Senders,
    limits: Limits,
    not_ready: Callable[[], str],
    events_reader: Callable[[], EventReader] | None = None,
    covered: Covered = _nobody_counts,
    traces_reader: Callable[[], TraceReader] = TraceReader,
) -> web.Application:
    """The application. `not_ready`: '' or why the gateway can take nothing.

    `events_reader` and `traces_reader` make a reader for one thread; `covered` is told what privacy kept out.
    """
    app = web.Application(middlewares=[_as_problems])
    to_events = events_route(events_reader or partial(EventReader, limits), covered)
    to_traces = traces_route(traces_reader)

    async def events(request: web.Request) -> web.Response:
        return await reception.serve(request, to_events)

    async def traces(request: web.Request) -> web.Response:
        return await reception.serve(request, to_traces)

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def ready(_: web.Request) -> web.Response:
        reason = not_ready()
        return web.Response(text=f"{reason or 'ready'}\n", status=503 if reason else 200)

    async def intake(request: web.Request) -> web.Response:
        return await reception.serve(request, intake_route(webhooks, request.match_info["system"]))

    async def may_i(request: web.Request) -> web.Response:
        return handshake(request, senders)

    app.router.add_post(EVENTS, events)
    app.router.add_post(TRACES, traces)
    app.router.add_post(f"{INTAKE}{{system}}", intake)
    for path in (EVENTS, f"{INTAKE}{{system}}"):
        app.router.add_options(path, may_i)
    app.router.add_get("/health", health)
    app.router.add_get("/ready", ready)
    return app


def events_route(new_reader: Callable[[], EventReader], covered: Covered) -> Route:
    """CloudEvents."""
    readers = threading.local()  # one reader is not for several threads

    def read(request: web.Request, body: bytes, sender: Sender) -> Reply:
        if not hasattr(readers, "own"):
            readers.own = new_reader()
        reader: EventReader = readers.own
        try:
            return reader.read(body, request.headers, sender.name)
        finally:
            dropped, unknown = reader.take_dropped(), reader.take_unknown()
            if dropped or unknown:
                covered(dropped, unknown)

    return Route(EVENTS, _nothing, read, refused)


def traces_route(new_reader: Callable[[], TraceReader] = TraceReader) -> Route:
    """OTLP/HTTP: answers are in the encoding of the request."""
    readers = threading.local()  # one reader is not for several threads

    def check(request: web.Request) -> None:
        encoding_of(request.headers)

    def read(request: web.Request, body: bytes, sender: Sender) -> Reply:
        if not hasattr(readers, "own"):
            readers.own = new_reader()
        reader: TraceReader = readers.own
        return reader.read(body, encoding_of(request.headers), sender.name)

    def refuse(request: web.Request, problem: Problem) -> web.Response:
        content = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        encoding = PROTOBUF if content == PROTOBUF else JSON
        response = refused(request, problem)
        response.body = status_body(problem, encoding)
        response.headers["Content-Type"] = encoding
        return response

    return Route(TRACES, check, read, refuse)


def intake_route(webhooks: WebhookReader, system: str) -> Route:
    """A product's webhook."""

    def check(_: web.Request) -> None:
        webhooks.check(system)

    def read(request: web.Request, body: bytes, sender: Sender) -> Reply:
        return webhooks.read(body, system, request.headers, request.query_string, sender.name, sender.key)

    label = f"{INTAKE}{system}" if webhooks.knows(system) else INTAKE
    return Route(label, check, read, refused)


def _nothing(_: web.Request) -> None:
    """Nothing to check before the body."""


@web.middleware
async def _as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """aiohttp's own refusals as problems too."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return refused(request, Problem(404, "no_such_path", f"there is nothing here; {_PATHS}"))
    except web.HTTPMethodNotAllowed as error:
        allowed = {"Allow": ", ".join(sorted(error.allowed_methods))}
        return refused(
            request, Problem(405, "wrong_method", f"{request.method} is not used here; {_PATHS}", headers=allowed)
        )
