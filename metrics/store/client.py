"""The connection to the store: one typed, thread-safe wrapper around clickhouse-connect for every program."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.httputil import get_pool_manager
from clickhouse_connect.driver.query import QueryResult
from urllib3.exceptions import HTTPError

from metrics.secret_file import read_secret
from metrics.settings import DEFAULT_DATABASE, Settings
from metrics.store.errors import StoreMismatch, StoreUnavailable, classified
from metrics.store.tables import TABLES

CONNECT_SECONDS = 5
ANSWER_SECONDS = 120
POOL_SIZE = 16
_PIECE_BYTES = 1 << 20
_BLOCK_ROWS = 4_096
"""So many rows of an answer that passes by are in memory at once."""

IN_ORDER: Mapping[str, int | str] = {"select_sequential_consistency": 1}
"""What programs that load their state send with every question: a replica that lacks a row that another acknowledged
does not answer. A store on its own takes it and has nothing to do."""

_LOOPBACK = ("127.0.0.1", "localhost")
_BYTES = {field.name: "bytes" for schema in TABLES.values() for field in schema if pa.types.is_binary(field.type)}

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoreUrl:
    """`http(s)://[user[:password]@]host[:port][?password_file=FILE]`; the port defaults to 8123, or 8443 with https.

    A password in a file may be shown and logged with its URL; the file is read when the URL is.
    """

    host: str
    port: int
    secure: bool
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "StoreUrl":
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StoreMismatch(f"the store's URL must look like http://host:8123, not {url!r}")
        secure, options = parts.scheme == "https", dict(parse_qsl(parts.query, keep_blank_values=True))
        if options.keys() - {"password_file"} or (options and parts.password):
            raise StoreMismatch(f"the URL of the store at {parts.hostname} takes ?password_file=FILE, and no other")
        return cls(
            host=parts.hostname,
            port=parts.port or (8443 if secure else 8123),
            secure=secure,
            user=unquote(parts.username or "default"),
            password=read_secret(Path(options["password_file"])) if options else unquote(parts.password or ""),
        )


class StoreClient:
    """Statements to one database of the store. Methods raise the errors of `metrics.store.errors`, nothing else.

    May be shared by threads: there is no session, and nothing a statement does lasts beyond it.
    """

    def __init__(self, client: Client, database: str) -> None:
        self._client = client
        self.database = database

    def command(self, sql: str, parameters: Values | None = None, *, in_database: bool = True) -> Any:
        """Run a statement; the answer is its single value, a row's texts, or a summary when it gives no rows.

        `in_database=False` runs it outside the client's database, which may not exist yet.
        """
        try:
            return self._client.command(sql, parameters=dict(parameters or {}), use_database=in_database)
        except ClickHouseError as error:
            raise classified(error) from error

    def rows(self, sql: str, values: Values | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a SELECT as dicts. Times are aware datetimes in UTC; columns that hold bytes give bytes."""
        result = self.query(sql, values)
        names = result.column_names
        return (dict(zip(names, row, strict=True)) for row in result.result_rows)

    def passing(self, sql: str, values: Values | None = None) -> Iterator[dict[str, Any]]:
        """As `rows`, but the answer is never in memory whole: for results that grow with what the store holds."""
        try:
            with self._client.query_row_block_stream(
                sql,
                parameters=dict(values or {}),
                settings={"max_block_size": _BLOCK_ROWS},
                column_formats=dict(_BYTES),
            ) as blocks:
                names = cast(QueryResult, blocks.source).column_names
                for block in blocks:
                    for row in block:
                        yield dict(zip(names, row, strict=True))
        except ClickHouseError as error:
            raise classified(error) from error
        except (OSError, HTTPError) as error:
            raise StoreUnavailable(f"the store's answer broke off: {error}") from error

    def query(self, sql: str, parameters: Values | None = None, settings: Values | None = None) -> QueryResult:
        """The result of a SELECT with column names and rows; parameters are `{name:Type}` or `%(name)s`."""
        try:
            return self._client.query(
                sql, parameters=dict(parameters or {}), settings=dict(settings or {}), column_formats=dict(_BYTES)
            )
        except ClickHouseError as error:
            raise classified(error) from error

    def query_arrow(self, sql: str, parameters: Values | None = None, settings: Values | None = None) -> pa.Table:
        """The result of a SELECT as an Arrow table; texts are strings."""
        try:
            return self._client.query_arrow(
                sql, parameters=dict(parameters or {}), settings=dict(settings or {}), use_strings=True
            )
        except ClickHouseError as error:
            raise classified(error) from error

    def stream(self, sql: str, form: str, settings: Values | None = None) -> Iterator[bytes]:
        """The result of a SELECT in a format, piece by piece as the store sends it; one that breaks off is an error."""
        try:
            answer = cast(RawIOBase, self._client.raw_stream(sql, settings=dict(settings or {}), fmt=form))
            with closing(answer):
                while piece := answer.read(_PIECE_BYTES):
                    yield piece
        except ClickHouseError as error:
            raise classified(error) from error
        except (OSError, HTTPError) as error:
            raise StoreUnavailable(f"the store's answer broke off: {error}") from error

    def insert(self, target: str, form: str, data: bytes, settings: Values) -> None:
        """Send one block: `INSERT INTO target FORMAT form`; returns once the store has taken it."""
        try:
            self._client.raw_insert(target, insert_block=data, settings=dict(settings), fmt=form)
        except ClickHouseError as error:
            raise classified(error) from error

    def has_setting(self, name: str) -> bool:
        """Whether this version of the engine knows a setting."""
        return name in self._client.server_settings

    def ping(self) -> bool:
        """Whether the store answers; never raises."""
        return bool(self._client.ping())

    def close(self) -> None:
        self._client.close()
        self._client.close_connections()


def connect(settings: Settings) -> StoreClient:
    """The store that the settings name; each question sees all that was acknowledged before it, on whatever replica."""
    return connect_url(settings.store_url, settings.database, sent=IN_ORDER)


def connect_url(
    url: str,
    database: str = DEFAULT_DATABASE,
    *,
    answer_seconds: float = ANSWER_SECONDS,
    connect_seconds: float = CONNECT_SECONDS,
    sent: Values | None = None,
) -> StoreClient:
    """The store at `url`; `sent`: settings of the engine that go with every statement.

    Raises StoreUnavailable when it can't be reached, StoreMismatch when it refuses us.
    """
    where = StoreUrl.parse(url)
    try:
        client = clickhouse_connect.get_client(
            host=where.host,
            port=where.port,
            secure=where.secure,
            username=where.user,
            password=where.password,
            connect_timeout=connect_seconds,
            send_receive_timeout=answer_seconds,
            autogenerate_session_id=False,
            compress=False if where.host in _LOOPBACK else "lz4",
            tz_mode="aware",
            client_name="flowglass",
            settings=dict(sent or {}),
            pool_mgr=get_pool_manager(maxsize=POOL_SIZE),
        )
    except ClickHouseError as error:
        raise classified(error) from error
    except OSError as error:
        raise StoreUnavailable(f"the store at {where.host}:{where.port} can't be reached: {error}") from error
    client.database = database
    return StoreClient(client, database)
