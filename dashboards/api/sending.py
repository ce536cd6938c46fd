"""Sending a file while it is made: in blocks, a few files at once, and never a part that looks like the whole."""

import threading
from collections.abc import Iterator
from typing import Final

import structlog
from flask import Response, request, stream_with_context

from dashboards.api.operation import Stream
from dashboards.api.problems import Refused

LOG = structlog.get_logger(__name__)
BLOCK_BYTES: Final = 1 << 16
MOST_AT_ONCE: Final = 2
"""Files that a server process makes at once: each holds one of its threads, and pages need the others."""


class Sender:
    """Sends files, `most` at once."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._turns = threading.BoundedSemaphore(most)

    def response(self, file: Stream) -> Response:
        """The file as a response. Raises Refused where enough are under way, and what making its first block raises."""
        if not self._turns.acquire(blocking=False):
            raise Refused(503, "As many exports as this server makes at once are under way; try again in a minute.")
        turn = _Turn(self._turns)
        try:
            blocks = _blocks(file.pieces)
            first = next(blocks)  # what can't be asked at all fails here, before a status is sent
        except BaseException:
            turn.end()
            raise
        named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        if request.method == "HEAD":
            turn.end()
            return Response(headers=named, mimetype=file.media)
        response = Response(stream_with_context(_sent(first, blocks, turn)), headers=named, mimetype=file.media)
        response.call_on_close(turn.end)
        return response


class _Turn:
    """One place among the files that are made at once; it ends once, by the end of the file or of the connection."""

    def __init__(self, turns: threading.BoundedSemaphore) -> None:
        self._turns = turns
        self._lock = threading.Lock()
        self._ended = False

    def end(self) -> None:
        with self._lock:
            if not self._ended:
                self._ended = True
                self._turns.release()


def _sent(first: bytes, blocks: Iterator[bytes], turn: _Turn) -> Iterator[bytes]:
    """A failure on the way breaks the connection, so that nobody takes a part for the whole."""
    try:
        yield first
        yield from blocks
    except Exception as problem:
        LOG.warning("export_broke_off", problem=str(problem)[:2000])
        raise
    finally:
        turn.end()


def _blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces in blocks worth sending, one at least."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= BLOCK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
