"""Runs requests on the embedded engine and answers as a ClickHouse server does."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metrics.store.front.connections import Connections
from metrics.store.front.http import Answer
from metrics.store.front.payload import Payloads
from metrics.store.front.request import Work
from metrics.store.front.sessions import Session, Sessions
from metrics.store.front.statement import Refused, first_words, output_format, parse_set, single

_CODE = re.compile(r"Code: (\d+)")
_NOT_FOUND = {"60", "81"}  # unknown table, unknown database
_LINES = "TabSeparated"  # as Native: its pieces, one after the other, are the whole
_BAD_REQUEST = {"62", "46", "47", "26", "27", "457", "456", "36", "115"}


@dataclass(frozen=True, slots=True)
class Streamed:
    """A response whose length is not known yet; chunks are the engine's blocks, in order."""

    head: Answer
    chunks: Iterator[bytes]


class Engine:
    """The statements of all clients, each on a connection of its own; safe to call from many threads."""

    def __init__(self, connections: Connections, sessions: Sessions) -> None:
        self._connections = connections
        self._sessions = sessions
        self._payloads = Payloads()

    def run(self, work: Work, stream: Any) -> Answer | Streamed:
        """Execute one request. `stream` is where the rest of an insert's payload is read from."""
        session = self._sessions.get(work.session_id) if work.session_id else Session()
        if work.insert is not None:
            return self._insert(work, session, stream)
        sql = single(work.sql)
        first, second = first_words(sql)
        if first in ("USE", "SET"):
            return self._change_session(work, session, sql)
        if (first, second) in (("CREATE", "TEMPORARY"), ("BEGIN", "TRANSACTION")):
            raise Refused(48, "NOT_IMPLEMENTED", f"{first} {second} needs a session with state, which is not kept here")
        form = output_format(sql, work.default_format)
        streams = form == "Native" or output_format(sql, "") == _LINES
        if work.streaming and streams and first in ("SELECT", "WITH"):
            return self._stream(work, session, sql, form)
        return self._query(work, session, sql, form)

    def _query(self, work: Work, session: Session, sql: str, form: str) -> Answer:
        with self._connections.lend(work.database or session.database, {**session.settings, **work.settings}) as chdb:
            result = chdb.query(sql, form, params=dict(work.params))
            body = bytes(result.bytes() or b"")  # a copy: the engine frees its own buffer with the result
        return Answer(body=body, headers=self._headers(work, _summary(result, len(body)), form if len(body) else ""))

    def _stream(self, work: Work, session: Session, sql: str, form: str) -> Streamed:
        settings = {**session.settings, **work.settings}
        chunks = self._blocks(work.database or session.database, settings, sql, form, work.params)
        first = next(chunks, b"")  # errors of the query itself surface here, before the response has begun

        def all_chunks() -> Iterator[bytes]:
            if first:
                yield first
            yield from chunks

        return Streamed(Answer(headers=self._headers(work, None, form)), all_chunks())

    def _blocks(
        self, database: str, settings: Mapping[str, str], sql: str, form: str, params: Mapping[str, str]
    ) -> Iterator[bytes]:
        with self._connections.lend(database, settings) as chdb, chdb.send_query(sql, form, dict(params)) as blocks:
            for block in blocks:
                yield block.bytes()

    def _insert(self, work: Work, session: Session, stream: Any) -> Answer:
        assert work.insert is not None
        settings = {**session.settings, **work.settings}
        with self._payloads.file(work.payload, stream, work.more) as path:
            sql = work.insert.from_file(path, settings)
            with self._connections.lend(work.database or session.database, {}) as chdb:
                result = chdb.query(sql, "TabSeparated", params=dict(work.params))
        return Answer(headers=self._headers(work, _summary(result, 0), ""))

    def _change_session(self, work: Work, session: Session, sql: str) -> Answer:
        """USE and SET are tried on a connection of their own; what they change is a value kept under the session id."""
        if first_words(sql)[0] == "USE":
            changed = session.using(re.sub(r"\A\W*USE\s+(DATABASE\s+)?", "", sql, flags=re.IGNORECASE).strip(' `"\n'))
        else:
            changed = session.setting(parse_set(sql))
        with self._connections.lend(changed.database or work.database, changed.settings):
            pass
        self._sessions.put(work.session_id, changed)
        return Answer(headers=self._headers(work, {}, ""))

    def _headers(self, work: Work, summary: Mapping[str, str] | None, form: str) -> dict[str, str]:
        headers = {
            "X-ClickHouse-Query-Id": work.query_id,
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Server-Display-Name": "flowglass-embedded",
            "Content-Type": "application/octet-stream",
        }
        if summary is not None:
            headers["X-ClickHouse-Summary"] = json.dumps(summary)
        if form:
            headers["X-ClickHouse-Format"] = form
        return headers


def failure(error: Exception, query_id: str) -> Answer:
    """The answer to a failed statement, with ClickHouse's error code in the header that clients look at."""
    text = str(error)
    found = _CODE.search(text)
    code = found.group(1) if found else "1002"  # UNKNOWN_EXCEPTION
    status = 404 if code in _NOT_FOUND else 400 if code in _BAD_REQUEST else 500
    headers = {"X-ClickHouse-Exception-Code": code, "X-ClickHouse-Query-Id": query_id, "Content-Type": "text/plain"}
    return Answer(status=status, body=(text.rstrip() + "\n").encode(), headers=headers)


def _summary(result: Any, size: int) -> dict[str, str]:
    return {
        "read_rows": str(result.storage_rows_read()),
        "read_bytes": str(result.storage_bytes_read()),
        "written_rows": str(result.rows_written()),
        "written_bytes": str(result.bytes_written()),
        "total_rows_to_read": "0",
        "result_rows": str(result.rows_read()),
        "result_bytes": str(size),
        "elapsed_ns": str(int(result.elapsed() * 1e9)),
    }
