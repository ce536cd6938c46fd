"""The body of a request: read within its limits of size and time, and unpacked within them too."""

import asyncio
import zlib
from collections.abc import Mapping
from typing import Final, Protocol

from aiohttp import ClientError, web

from streams.gateway.limits import Limits
from streams.gateway.problems import Problem
from streams.gateway.room import Full, Held

FULL_RETRY_SECONDS: Final = 2.0
_STEP: Final = 256 << 10  # bytes unpacked at once
_GZIP_WINDOW: Final = 31
_ZLIB_WINDOW: Final = 15
_MEMBERS: Final = 64  # gzip members of one body: each costs a copy of what follows it


class Incoming(Protocol):
    """What is read of a request; aiohttp's Request has it."""

    @property
    def content_length(self) -> int | None: ...
    @property
    def content(self) -> "Chunks": ...


class Chunks(Protocol):
    """A body as it arrives."""

    def is_eof(self) -> bool:
        """Whether all of it has come."""

    def read_nowait(self) -> bytes:
        """All that has come."""

    async def readany(self) -> bytes:
        """The next bytes; b'' at the end."""


async def read_body(request: Incoming, limits: Limits, held: Held) -> bytes:
    """The body as it came over the wire. Raises Problem."""
    declared = request.content_length or 0
    if declared > limits.body:
        raise too_large(limits)
    if request.content.is_eof():  # all of it came with the head: no time to be measured
        whole = request.content.read_nowait()
        if len(whole) > limits.body:
            raise too_large(limits)
        _grow(held, len(whole))
        return whole
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while chunk := await request.content.readany():
                size += len(chunk)
                if size > limits.body:
                    raise too_large(limits)
                _grow(held, len(chunk))
                chunks.append(chunk)
    except TimeoutError:
        detail = f"the body did not arrive within {limits.body_seconds:g} s; send it again, in smaller pieces"
        raise Problem(408, "too_slow", detail, headers={"Connection": "close"}) from None
    except (ClientError, web.RequestPayloadError, ConnectionError):
        raise Problem(400, "broken_body", "the body ended before its announced length; send it again") from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def unpack(body: bytes, headers: Mapping[str, str], limits: Limits, held: Held) -> bytes:
    """The body without its Content-Encoding. Raises Problem: for an unknown one, and when it grows past the limit."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding in ("gzip", "x-gzip"):
        return _inflate(body, _GZIP_WINDOW, limits, held)
    if encoding == "deflate":
        return _inflate(body, _ZLIB_WINDOW, limits, held)
    detail = f"Content-Encoding {encoding[:32]!r} is not understood; send gzip, deflate, or no encoding"
    raise Problem(415, "unknown_encoding", detail, headers={"Accept-Encoding": "gzip, deflate"})


def too_large(limits: Limits) -> Problem:
    """The body is larger than the limit, packed or unpacked."""
    detail = f"the body is larger than {limits.body} bytes; split it, or send documents by reference"
    return Problem(413, "too_large", detail, headers={"Connection": "close"})


def _inflate(body: bytes, window: int, limits: Limits, held: Held) -> bytes:
    """Unpack step by step, so that a small body never becomes more than the limit in memory; members add up."""
    pieces: list[bytes] = []
    size = 0
    rest = body
    members = 0
    try:
        while rest:
            members += 1
            if members > _MEMBERS:
                raise Problem(400, "broken_body", f"the body has more than {_MEMBERS} gzip members; send one")
            stream = zlib.decompressobj(window)
            while not stream.eof:
                piece = stream.decompress(rest, _STEP)
                rest = stream.unconsumed_tail
                if not piece and not rest and not stream.eof:
                    raise Problem(400, "broken_body", "the compressed body is truncated; send it again whole")
                size += len(piece)
                if size > limits.body:
                    raise too_large(limits)
                _grow(held, len(piece))
                pieces.append(piece)
            rest = stream.unused_data
    except zlib.error:
        raise Problem(400, "broken_body", "the body is not compressed as its Content-Encoding says") from None
    return b"".join(pieces)


def _grow(held: Held, by: int) -> None:
    try:
        held.grow(by)
    except Full:
        detail = "the gateway holds as many messages as it may; send this again in a moment"
        raise Problem(503, "full", detail, retry_after=FULL_RETRY_SECONDS) from None
