"""Answers that pass by: the same rows as any other answer's, and few of them in memory at once."""

import tracemalloc

import pytest

from metrics.store.client import StoreClient
from metrics.store.errors import StoreError

MANY = "SELECT number AS n, repeat('x', 200) || toString(number) AS text, [(1, 'a')] AS pairs FROM numbers(100000)"


def test_they_are_the_rows_that_any_answer_has(store: StoreClient) -> None:
    sql = """SELECT number AS n, toDateTime64(number, 6, 'UTC') AS at, [('a', toString(number))] AS pairs, NULL AS none
             FROM numbers(%(n)s)"""
    assert list(store.passing(sql, {"n": 10_000})) == list(store.rows(sql, {"n": 10_000}))


def test_no_row_is_no_row(store: StoreClient) -> None:
    assert list(store.passing("SELECT 1 AS n WHERE 0")) == []


def test_few_of_many_rows_are_in_memory(store: StoreClient) -> None:
    tracemalloc.start()
    try:
        assert sum(row["n"] for row in store.passing(MANY)) == 99_999 * 50_000
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20 << 20  # the whole answer: 70 MiB


def test_one_that_nobody_reads_to_its_end_is_let_go(store: StoreClient) -> None:
    for _ in range(20):
        answer = store.passing(MANY)
        assert next(answer)["n"] == 0
        answer.close()  # type: ignore[attr-defined]
    assert store.ping()


def test_an_error_on_the_way_is_the_stores(store: StoreClient) -> None:
    with pytest.raises(StoreError):
        list(store.passing("SELECT throwIf(number = 90000) AS n FROM numbers(100000)"))
