"""One request from its head to its answer: who, whether now, what it says, sent and acknowledged."""

import asyncio
import traceback
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final, NamedTuple

import structlog
from aiohttp import web

from streams.codecs.traceparent import parse_traceparent
from streams.gateway.bodies import read_body, unpack
from streams.gateway.courier import RETRY_SECONDS, Away, Courier
from streams.gateway.limits import Limits
from streams.gateway.observed import NOBODY, Observed
from streams.gateway.problems import PROBLEM_CONTENT, Problem
from streams.gateway.rates import Bucket
from streams.gateway.replies import Reply
from streams.gateway.room import Held, Room
from streams.gateway.senders import Sender, Senders, signed_by

log = structlog.get_logger(__name__)

LARGE: Final = 256 << 10
"""Bytes from which a body is unpacked and read in a thread, while other requests go on."""


class Route(NamedTuple):
    """What differs between the paths. `check` comes before the body is read; both raise Problem."""

    label: str
    check: Callable[[web.Request], None]
    read: Callable[[web.Request, bytes, Sender], Reply]
    refuse: Callable[[web.Request, Problem], web.Response]


class Visit:
    """A request under way: whose it is, as far as that is known."""

    def __init__(self) -> None:
        self.sender = NOBODY


class Reception:
    """Takes the requests of one gateway."""

    def __init__(
        self,
        senders: Senders,
        courier: Courier,
        observed: Observed,
        *,
        clock: Callable[[], int],
        limits: Limits,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        """`clock`: microseconds since 1970 UTC. `ticks`: seconds that only grow."""
        self._senders = senders
        self._courier = courier
        self._observed = observed
        self._clock = clock
        self._limits = limits
        self._ticks = ticks
        self._buckets = {one.name: Bucket(one.rate, ticks) for one in senders.all if one.rate is not None}
        self._room = Room(limits.held)
        observed.watch_held(lambda: self._room.held)
        self._one_thread = asyncio.Lock()
        self._under_way = 0
        self._none_under_way = asyncio.Event()
        self._leaving = False

    async def drain(self) -> None:
        """Wait for the requests under way, each the last of its connection; at most as long as the limits say."""
        self._leaving = True
        if self._under_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none_under_way.wait(), self._limits.stop_seconds)

    async def serve(self, request: web.Request, route: Route) -> web.Response:
        """The answer to a request, whatever comes of it."""
        self._under_way += 1
        try:
            answer = await self._answer(request, route)
        finally:
            self._under_way -= 1
            if not self._under_way and self._leaving:
                self._none_under_way.set()
        if self._leaving:
            answer.force_close()
        return answer

    async def _answer(self, request: web.Request, route: Route) -> web.Response:
        began = self._ticks()
        visit = Visit()
        try:
            answer = await self._take(request, route, visit)
        except Problem as problem:
            answer = route.refuse(request, problem)
        except Away as away:
            detail = f"{away}; nothing of this is called taken, so send it again"
            answer = route.refuse(request, Problem(503, "broker_away", detail, retry_after=RETRY_SECONDS))
        except Exception as error:  # a fault of ours: the sender keeps its message, and the log shows none of it
            log.error("a request failed", path=route.label, error=type(error).__name__, place=_place(error))
            detail = "the gateway failed on this message, and its log says where; nothing of it is called taken"
            answer = route.refuse(request, Problem(500, "internal", detail))
        trace = parse_traceparent(request.headers.get("traceparent", ""))
        trace_id = trace[0] if trace else ""
        self._observed.answered(route.label, visit.sender, answer.status, self._ticks() - began, trace_id)
        return answer

    async def _take(self, request: web.Request, route: Route, visit: Visit) -> web.Response:
        candidates = self._senders.candidates(request.headers, request.path)
        route.check(request)
        if self._courier.away:
            raise Away(self._courier.away)
        if len(candidates) == 1:
            self._wait_for(candidates[0])
        with self._room.hold() as held:
            body = await read_body(request, self._limits, held)
            sender = signed_by(candidates, request.headers, body, self._clock())
            visit.sender = sender.name
            bucket = self._wait_for(sender)
            reply = await self._read(request, route, body, sender, held)
            if bucket is not None:
                bucket.take(max(1, len(reply.records)))
            if reply.records:
                await self._courier.deliver(reply.records)
        self._observed.read(route.label, sender.name, reply.taken, reply.refused)
        return web.Response(body=reply.body, status=reply.status, headers={"Content-Type": reply.content_type})

    def _wait_for(self, sender: Sender) -> Bucket | None:
        """The bucket of a sender that may send now. Raises Problem."""
        bucket = self._buckets.get(sender.name)
        if bucket is not None and sender.rate is not None and (seconds := bucket.wait()):
            rate = f"{sender.rate.per_second:g} a second"
            detail = f"sender {sender.name} sends more than {rate}; slow down, or raise `rate` where it is declared"
            raise Problem(429, "over_rate", detail, retry_after=seconds)
        return bucket

    async def _read(self, request: web.Request, route: Route, body: bytes, sender: Sender, held: Held) -> Reply:
        def read() -> Reply:
            return route.read(request, unpack(body, request.headers, self._limits, held), sender)

        packed = "content-encoding" in request.headers
        if len(body) < (LARGE >> 4 if packed else LARGE):
            return read()
        async with self._one_thread:
            return await asyncio.to_thread(read)


def refused(request: web.Request, problem: Problem) -> web.Response:
    """The answer that says why, as application/problem+json."""
    headers = {**problem.headers, "Content-Type": PROBLEM_CONTENT}
    response = web.Response(body=problem.body(), status=problem.status, headers=headers)
    if headers.get("Connection") == "close":
        response.force_close()
    return response


def _place(error: BaseException) -> str:
    """Where it happened, without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames[-4:]))
