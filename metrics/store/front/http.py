"""The part of HTTP/1.1 that ClickHouse clients use, over plain sockets.

The standard library's handler parses headers with the e-mail package, which costs more than a point query;
this reader costs a tenth of it and reads a body straight into memory that the engine can open as a file.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote

MAX_LINE = 1 << 20  # a request line carries the parameters of a query
MAX_HEADERS = 100
MAX_BODY = 4 << 30

_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}
_REASONS |= {408: "Request Timeout", 411: "Length Required", 413: "Content Too Large", 415: "Unsupported Media Type"}
_REASONS |= {500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable"}


class BadRequest(Exception):
    """The request can't be read; `status` is the HTTP status to answer with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class RequestHead:
    """Request line and headers. Header names are lower-case; `params` holds the last value of each URL parameter."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def keep_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"

    @property
    def chunked(self) -> bool:
        return "chunked" in self.headers.get("transfer-encoding", "").lower()

    @property
    def length(self) -> int:
        text = self.headers.get("content-length", "0")
        if not text.isdigit():
            raise BadRequest(400, f"content-length is not a number: {text!r}")
        if int(text) > MAX_BODY:
            raise BadRequest(413, f"a body of {text} bytes is larger than the limit of {MAX_BODY}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def read_head(stream: io.BufferedReader) -> RequestHead | None:
    """The next request's head, or None when the client has closed the connection."""
    line = stream.readline(MAX_LINE)
    if not line:
        return None
    parts = line.split()
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
        raise BadRequest(400, "this port speaks HTTP/1.1 only")
    headers: dict[str, str] = {}
    while (line := stream.readline(MAX_LINE)) not in (b"\r\n", b"\n", b""):
        name, colon, value = line.partition(b":")
        if not colon or len(headers) >= MAX_HEADERS:
            raise BadRequest(400, "malformed or too many headers")
        headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    path, _, query = parts[1].decode("latin-1").partition("?")
    return RequestHead(
        method=parts[0].decode("latin-1"),
        path=unquote(path),
        params=dict(parse_qsl(query, keep_blank_values=True)),
        headers=headers,
    )


def read_chunked(stream: BinaryIO) -> bytes:
    """The body of a request with chunked transfer encoding."""
    parts: list[bytes] = []
    total = 0
    while True:
        size_line = stream.readline(MAX_LINE).split(b";")[0].strip()
        try:
            size = int(size_line, 16)
        except ValueError as error:
            raise BadRequest(400, "malformed chunk size") from error
        total += size
        if total > MAX_BODY:
            raise BadRequest(413, f"the body is larger than the limit of {MAX_BODY} bytes")
        if size == 0:
            break
        parts.append(read_exactly(stream, size))
        stream.readline(MAX_LINE)
    while stream.readline(MAX_LINE) not in (b"\r\n", b"\n", b""):
        pass  # trailers
    return b"".join(parts)


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise ConnectionResetError(f"the client closed the connection after {len(data)} of {size} bytes")
    return data


def write_answer(stream: BinaryIO, answer: Answer, keep_alive: bool) -> None:
    """Send a response of known length."""
    stream.write(_head(answer, keep_alive, f"Content-Length: {len(answer.body)}"))
    if len(answer.body):
        stream.write(answer.body)
    stream.flush()


def write_chunked_head(stream: BinaryIO, answer: Answer, keep_alive: bool) -> None:
    stream.write(_head(answer, keep_alive, "Transfer-Encoding: chunked"))


def write_chunk(stream: BinaryIO, data: bytes) -> None:
    """Send one chunk; an empty one ends the body."""
    stream.write(b"%x\r\n" % len(data))
    stream.write(data)
    stream.write(b"\r\n")
    stream.flush()


def _head(answer: Answer, keep_alive: bool, framing: str) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Status')}"]
    lines += [f"{name}: {_header_safe(value)}" for name, value in answer.headers.items()]
    lines += [framing, "Connection: keep-alive" if keep_alive else "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def _header_safe(value: str) -> str:
    return value if value.isprintable() else json.dumps(value)[1:-1]
