"""A proxy before the store's front that is unkind to inserts: slow, refusing, or gone once the insert was applied."""

import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

KINDS = ("slow", "refused", "gone after it was applied")
SLOW_SECONDS = 2.0


class UnkindStore:
    """Forwards requests to a front on loopback; a share of the inserts meets one of `KINDS`, chosen by a seed."""

    def __init__(self, front_port: int, *, share: float, seed: int) -> None:
        self.met: Counter[str] = Counter()
        self._front_port = front_port
        self._chance, self._share = random.Random(seed), share
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fate(self, body: bytes, path: str) -> str:
        """What an insert meets, or nothing."""
        if b"INSERT" not in body[:200].upper() and "INSERT" not in path.upper():
            return ""
        with self._lock:
            kind = self._chance.choice(KINDS) if self._chance.random() < self._share else ""
            self.met[kind or "kept"] += 1
        return kind

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, list[Any], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._front_port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = _body(self)
                kind = store.fate(body, self.path)
                if kind == "refused":
                    self.answer(500, [], b"Code: 999. DB::Exception: refused on purpose. (KEEPER_EXCEPTION)\n")
                    return
                if kind == "slow":
                    time.sleep(SLOW_SECONDS)
                headers = {name: value for name, value in self.headers.items() if name.lower() in _PASSED}
                status, found, data = store.ask(self.command, self.path, body, headers)
                if kind == "gone after it was applied":
                    reset(self.connection)
                    self.close_connection = True
                    return
                self.answer(
                    status, [pair for pair in found if pair[0].lower().startswith(("x-", "content-type"))], data
                )

            def do_GET(self) -> None:
                self.do_POST()

            def answer(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """The worker's log tells enough."""

        return Handler


_PASSED = ("content-type", "content-encoding", "accept-encoding", "user-agent", "authorization")


def _body(request: BaseHTTPRequestHandler) -> bytes:
    if request.headers.get("transfer-encoding", "").lower() != "chunked":
        return request.rfile.read(int(request.headers.get("content-length") or 0))
    parts = []
    while size := int(request.rfile.readline().split(b";")[0], 16):
        parts.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(parts)


def reset(connection: socket.socket) -> None:
    """Close with a reset, so that the client sees its connection break and not end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
