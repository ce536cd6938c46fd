"""From an HTTP request to what the engine is asked: the statement, its parameters, settings and payload."""

import email.parser
import email.policy
import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from metrics.store.front.http import BadRequest, RequestHead, read_chunked, read_exactly
from metrics.store.front.statement import TRANSPORT_PARAMS, InsertHead, Refused, parse_insert

_PEEK = 1 << 16  # an INSERT's head must end within the first 64 KiB of the body
_PARAM = "param_"


@dataclass(frozen=True, slots=True)
class Work:
    """One request in the engine's terms. An insert has `insert`, `payload` and `more` bytes still in the stream."""

    sql: str = ""
    insert: InsertHead | None = None
    payload: bytes | memoryview = b""
    more: int = 0
    params: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    database: str = ""
    default_format: str = "TabSeparated"
    streaming: bool = False
    query_id: str = ""
    session_id: str = ""


def read_work(head: RequestHead, stream: io.BufferedReader, query_id: str) -> Work:
    """Read the request's body as far as needed. Of an uncompressed insert only the head is read here."""
    _refuse_unsupported(head)
    start, more = _read_body(head, stream)
    params = dict(head.params)
    if head.headers.get("content-type", "").startswith("multipart/form-data"):
        params |= _form_fields(head, bytes(start))
        start = b""
    query = params.get("query", "").encode()
    insert = parse_insert(query or bytes(start[:_PEEK]))
    if insert is None:
        start = bytes(start) + (read_exactly(stream, more) if more else b"")
        more = 0
    payload: bytes | memoryview = start if insert is None or query else memoryview(start)[insert.size :]
    if insert is not None and not len(payload) and not more and len(query) > insert.size:
        payload = query[insert.size :]
    return Work(
        sql="" if insert else "\n".join(part for part in (query.decode(), _text(payload)) if part),
        insert=insert,
        payload=payload,
        more=more,
        params={name[len(_PARAM) :]: value for name, value in params.items() if name.startswith(_PARAM)},
        settings={k: v for k, v in params.items() if k not in TRANSPORT_PARAMS and not k.startswith(_PARAM)},
        database=params.get("database", "") or head.headers.get("x-clickhouse-database", ""),
        default_format=params.get("default_format") or head.headers.get("x-clickhouse-format") or "TabSeparated",
        streaming=params.get("wait_end_of_query", "0") == "0",
        query_id=query_id,
        session_id=params.get("session_id", ""),
    )


def _refuse_unsupported(head: RequestHead) -> None:
    for name in ("compress", "decompress"):
        if head.params.get(name, "0") not in ("0", ""):
            message = f"'{name}' (ClickHouse's own block compression) is not supported here: use Content-Encoding"
            raise Refused(48, "NOT_IMPLEMENTED", message)


def _read_body(head: RequestHead, stream: io.BufferedReader) -> tuple[bytes, int]:
    """The body's start and how many bytes of it are still unread; only a plain body is left unread."""
    encoding = head.headers.get("content-encoding", "")
    if head.chunked:
        return _decompressed(read_chunked(stream), encoding), 0
    length = head.length
    if encoding:
        return _decompressed(read_exactly(stream, length), encoding), 0
    start = read_exactly(stream, min(length, _PEEK)) if length else b""
    if length > len(start) and head.headers.get("content-type", "").startswith("multipart/"):
        start += read_exactly(stream, length - len(start))
    return start, length - len(start)


def _decompressed(data: bytes, encoding: str) -> bytes:
    try:
        match encoding.lower():
            case "" | "identity":
                return data
            case "gzip":
                return gzip.decompress(data)
            case "deflate":
                return zlib.decompress(data)
            case "lz4":
                import lz4.frame

                return bytes(lz4.frame.decompress(data))
            case "zstd":
                from backports import zstd

                return bytes(zstd.decompress(data))
    except (OSError, zlib.error, RuntimeError, EOFError, ValueError) as error:
        raise BadRequest(400, f"the body is not valid {encoding}: {error}") from error
    except Exception as error:  # zstd's own error class derives from Exception
        raise BadRequest(400, f"the body is not valid {encoding}: {error}") from error
    raise BadRequest(415, f"Content-Encoding {encoding!r} is not known; use gzip, deflate, lz4 or zstd")


def _form_fields(head: RequestHead, body: bytes) -> dict[str, str]:
    """The text fields of a multipart form (clients use it when parameters are too long for a URL)."""
    source = b"Content-Type: " + head.headers["content-type"].encode("latin-1") + b"\r\n\r\n" + body
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(source)
    fields: dict[str, str] = {}
    for part in form.iter_parts():
        if part.get_filename():
            raise Refused(48, "NOT_IMPLEMENTED", "external data is not supported by the embedded store")
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        fields[str(name)] = content.decode() if isinstance(content, bytes) else ""
    return fields


def _text(payload: bytes | memoryview) -> str:
    try:
        return bytes(payload).decode()
    except UnicodeDecodeError as error:
        raise BadRequest(400, "the statement is not UTF-8") from error
