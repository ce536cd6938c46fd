"""An unmodified clickhouse-connect client against the embedded front."""

import datetime as dt
import gzip
import http.client
import json
from collections.abc import Iterator
from typing import Any

import clickhouse_connect
import pyarrow as pa
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store

EARLY = dt.datetime(1948, 5, 1, tzinfo=dt.UTC)


def another(front: StoreFront, **options: Any) -> Client:
    return clickhouse_connect.get_client(
        host="127.0.0.1", port=front.port, database="flowglass", tz_mode="aware", **options
    )


@pytest.fixture
def client(store_front: StoreFront) -> Iterator[Client]:
    client = clickhouse_connect.get_client(
        host="127.0.0.1", port=store_front.port, database="flowglass", tz_mode="aware"
    )
    client.command("DROP TABLE IF EXISTS protocol")
    client.command(
        "CREATE TABLE protocol (x UInt64, t LowCardinality(String), d DateTime64(6, 'UTC'), a Array(String))"
        " ENGINE = MergeTree ORDER BY x SETTINGS non_replicated_deduplication_window = 100"
    )
    yield client
    client.command("DROP TABLE protocol")
    client.close()


ROWS = [(1, "it's", EARLY, ["a", "b'"]), (2, "tab\tand\nline", EARLY, [])]
COLUMNS = ["x", "t", "d", "a"]


@pytest.mark.parametrize("compress", [False, "lz4", "zstd", "gzip"])
def test_native_inserts_come_back_as_they_went_in(store_front: StoreFront, client: Client, compress: str) -> None:
    other = another(store_front, compress=compress)
    summary = other.insert("protocol", ROWS, column_names=COLUMNS, settings={"async_insert": 0})
    assert summary.written_rows == 2
    assert other.query("SELECT * FROM protocol ORDER BY x").result_rows == ROWS
    other.close()


def test_arrow_inserts_and_arrow_results(client: Client) -> None:
    table = pa.table(
        {"x": pa.array([1], pa.uint64()), "t": ["q"], "d": pa.array([-5], pa.timestamp("us", tz="UTC")), "a": [["z"]]}
    )
    assert client.insert_arrow("protocol", table).written_rows == 1
    assert client.query_arrow("SELECT * FROM protocol").to_pylist() == table.to_pylist()


def test_a_large_insert_is_read_straight_from_the_socket(client: Client) -> None:
    count = 50_000
    table = pa.table({"x": pa.array(range(count), pa.uint64()), "t": ["q" * 50] * count})
    assert client.insert_arrow("protocol", table).written_rows == count
    assert client.command("SELECT sum(x) FROM protocol") == count * (count - 1) // 2


@pytest.mark.parametrize("value", ["it's", "a\nb\tc\\", "é €", "x' OR 1=1 --", "{y:String}", ""])
def test_parameters_travel_as_values(client: Client, value: str) -> None:
    assert client.query("SELECT {v:String}", parameters={"v": value}).result_rows == [(value,)]
    assert client.query("SELECT {v:Array(String)}", parameters={"v": [value, "b"]}).result_rows == [([value, "b"],)]


def test_a_null_and_a_long_parameter_travel_too(store_front: StoreFront, client: Client) -> None:
    assert client.query("SELECT {v:Nullable(String)}", parameters={"v": None}).result_rows == [(None,)]
    ids = [f"id-{number}" for number in range(5_000)]
    assert client.query("SELECT length({v:Array(String)})", parameters={"v": ids}).result_rows == [(5_000,)]
    form = another(store_front, form_encode_query_params=True)
    assert form.query("SELECT length({v:Array(String)})", parameters={"v": ids}).result_rows == [(5_000,)]
    form.close()


def test_large_results_stream(client: Client) -> None:
    with client.query_row_block_stream("SELECT number, toString(number) FROM numbers(300000)") as blocks:
        sizes = [len(block) for block in blocks]
    assert sum(sizes) == 300_000
    assert len(sizes) > 1


def test_a_stream_may_be_abandoned(client: Client) -> None:
    with client.query_row_block_stream("SELECT number FROM numbers(10000000)") as blocks:
        next(iter(blocks))
    assert client.command("SELECT 1") == 1


def test_settings_reach_queries_and_inserts(client: Client) -> None:
    result = client.query("SELECT getSetting('max_block_size')", settings={"max_block_size": 4321})
    assert result.result_rows == [(4321,)]
    for _ in range(2):
        client.insert("protocol", ROWS, column_names=COLUMNS, settings={"insert_deduplication_token": "once"})
    assert client.command("SELECT count() FROM protocol") == 2
    with pytest.raises(DatabaseError, match="UNKNOWN_SETTING"):
        client.insert("protocol", ROWS, column_names=COLUMNS, settings={"no_such_setting": 1})


def test_errors_carry_clickhouses_code(client: Client) -> None:
    for sql, code in [
        ("SELECT * FROM nowhere", 60),
        ("SELEC 1", 62),
        ("SELECT 1; SELECT 2", 62),
        ("SELECT throwIf(number = 5) FROM numbers(10)", 395),
        ("SELECT 1 INTO OUTFILE '/tmp/never'", 344),
    ]:
        with pytest.raises(DatabaseError) as failed:
            client.query(sql)
        assert failed.value.code == code
    with pytest.raises(DatabaseError) as failed:
        client.query("SELECT sleep(3)", settings={"max_execution_time": 1})
    assert failed.value.code == 159
    assert client.command("SELECT 1") == 1


def test_read_only_queries_cannot_write(client: Client) -> None:
    with pytest.raises(DatabaseError) as failed:
        client.command("INSERT INTO protocol (x) VALUES (9)", settings={"readonly": 2})
    assert failed.value.code == 164
    assert client.command("SELECT count() FROM protocol") == 0


def test_the_summary_and_the_query_id_are_in_the_headers(store_front: StoreFront) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", store_front.port)
    body = gzip.compress(b"SELECT number FROM numbers(5) FORMAT JSONEachRow")
    connection.request("POST", "/?query_id=mine&wait_end_of_query=1", body, {"Content-Encoding": "gzip"})
    answer = connection.getresponse()
    assert answer.read().count(b"\n") == 5
    assert answer.headers["X-ClickHouse-Query-Id"] == "mine"
    summary = json.loads(answer.headers["X-ClickHouse-Summary"])
    assert (summary["read_rows"], summary["result_rows"]) == ("5", "5")
    connection.close()


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
def test_a_web_page_cannot_reach_the_store_through_a_browser(store_front: StoreFront, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", store_front.port)
    connection.request("POST", "/", b"SELECT 1", headers)
    assert connection.getresponse().status == 403
    connection.close()


def test_a_broken_body_is_answered_not_swallowed(store_front: StoreFront) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", store_front.port)
    connection.request("POST", "/", b"not gzip", {"Content-Encoding": "gzip"})
    assert connection.getresponse().status == 400
    connection.close()
    connection.request("POST", "/?query=INSERT+INTO+flowglass.markers+FORMAT+Arrow", b"no arrow at all")
    answer = connection.getresponse()
    assert answer.headers["X-ClickHouse-Exception-Code"]
    assert b"DB::Exception" in answer.read()
    connection.close()
