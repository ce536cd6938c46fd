"""Accepts connections and answers requests, one thread a connection."""

import contextlib
import io
import logging
import socket
import socketserver
import threading
import uuid
from typing import BinaryIO, cast

from metrics.store.front.engine import Engine, Streamed, failure
from metrics.store.front.http import (
    Answer,
    BadRequest,
    RequestHead,
    read_head,
    write_answer,
    write_chunk,
    write_chunked_head,
)
from metrics.store.front.request import read_work
from metrics.store.front.statement import Refused

_LOG = logging.getLogger(__name__)
_LOOPBACK_NAMES = {"127.0.0.1", "localhost", "[::1]"}
_IDLE_SECONDS = 300.0


class FrontServer(socketserver.ThreadingTCPServer):
    """Listens on loopback only. `stop` waits for running requests."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, engine: Engine) -> None:
        self.engine = engine
        self._running = 0
        self._stopping = False
        self._idle = threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def begin(self) -> bool:
        """Count a request as running; False when the server is stopping and takes no more of them."""
        with self._idle:
            self._running += not self._stopping
            return not self._stopping

    def end(self) -> None:
        with self._idle:
            self._running -= 1
            self._idle.notify_all()

    def drain(self, seconds: float) -> bool:
        """Take no more requests, wait until none runs; False when some still did at the end of the wait."""
        with self._idle:
            self._stopping = True
            return self._idle.wait_for(lambda: self._running == 0, seconds)


class _Handler(socketserver.BaseRequestHandler):
    """One client connection: requests one after another until it closes."""

    server: FrontServer

    def handle(self) -> None:
        connection: socket.socket = self.request
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(_IDLE_SECONDS)
        reader = cast(io.BufferedReader, connection.makefile("rb", 1 << 16))
        writer = cast(BinaryIO, connection.makefile("wb", 1 << 16))
        try:
            while self._one(reader, writer):
                pass
        except (ConnectionError, TimeoutError):
            pass  # the client went away: nobody is left to tell
        finally:
            for stream in (reader, writer):
                with contextlib.suppress(OSError):  # unsent bytes to a client that is gone
                    stream.close()

    def _one(self, reader: io.BufferedReader, writer: BinaryIO) -> bool:
        """Answer one request; False ends the connection."""
        try:
            head = read_head(reader)
        except BadRequest as error:
            write_answer(writer, Answer(error.status, f"{error}\n".encode()), keep_alive=False)
            return False
        if head is None:
            return False
        if not self.server.begin():
            write_answer(writer, Answer(503, b"the store is stopping\n"), keep_alive=False)
            return False
        try:
            return self._answer(head, reader, writer)
        finally:
            self.server.end()

    def _answer(self, head: RequestHead, reader: io.BufferedReader, writer: BinaryIO) -> bool:
        query_id = head.params.get("query_id") or str(uuid.uuid4())
        try:
            _refuse_foreign(head)
            if head.path in ("/ping", "/replicas_status") or (head.path == "/" and _is_bare(head)):
                write_answer(writer, Answer(body=b"Ok.\n"), head.keep_alive)
                return head.keep_alive
            if head.path != "/":
                raise BadRequest(404, f"there is nothing at {head.path}")
            if head.headers.get("expect", "").lower() == "100-continue":
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                writer.flush()
            answer = self.server.engine.run(read_work(head, reader, query_id), reader)
        except (ConnectionError, TimeoutError):
            raise
        except BadRequest as error:
            write_answer(writer, Answer(error.status, f"{error}\n".encode()), keep_alive=False)
            return False
        except Exception as error:  # the engine's errors are RuntimeError; whatever it is, the client is told
            return self._fail(error, head, query_id, writer)
        return _send(answer, head, writer)

    def _fail(self, error: Exception, head: RequestHead, query_id: str, writer: BinaryIO) -> bool:
        answer = failure(error, query_id)
        # A statement that was refused before its payload was read leaves bytes in the stream.
        keep_alive = head.keep_alive and not isinstance(error, Refused)
        if answer.status == 500:
            _LOG.info("query %s failed: %s", query_id, error)
        write_answer(writer, answer, keep_alive)
        return keep_alive


def _send(answer: Answer | Streamed, head: RequestHead, writer: BinaryIO) -> bool:
    if isinstance(answer, Answer):
        write_answer(writer, answer, head.keep_alive)
        return head.keep_alive
    write_chunked_head(writer, answer.head, head.keep_alive)
    try:
        for block in answer.chunks:
            write_chunk(writer, block)
    except (ConnectionError, TimeoutError):
        raise
    except Exception as error:
        # Too late for a status: the missing last chunk tells the client that the result is incomplete.
        _LOG.warning("a streamed result broke off: %s", error)
        return False
    write_chunk(writer, b"")
    return head.keep_alive


def _is_bare(head: RequestHead) -> bool:
    return head.method == "GET" and "query" not in head.params


def _refuse_foreign(head: RequestHead) -> None:
    """A web page must not reach the store through its reader's browser (DNS rebinding, cross-site posts)."""
    host = head.headers.get("host", "localhost").rsplit(":", 1)[0] if "host" in head.headers else "localhost"
    if host not in _LOOPBACK_NAMES or "origin" in head.headers or "sec-fetch-site" in head.headers:
        raise BadRequest(403, "the embedded store answers programs on this machine only, no browsers")
    if head.method not in ("GET", "POST"):
        raise BadRequest(405, f"{head.method} is not supported")
