"""A question that takes more than the store gives one is broken off there, and people are told what to ask instead."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboards.api.asking import Everybody
from dashboards.api.operations import OPERATIONS
from dashboards.api.routes import add_api
from dashboards.reading import KeepingReader, TooMuch
from metrics.queries.rows import Process
from metrics.store.client import StoreClient, connect_url
from metrics.store.errors import QuestionTooLarge, StoreUnavailable
from metrics.store.queries import BOUNDS, READ_SETTINGS, Queries
from tests.integration.store.front_process import StoreFront
from tests.security.figures import Record

pytestmark = pytest.mark.store
HUGE = {
    "max_execution_time": "SELECT count() FROM system.numbers WHERE number % 2 = 3",
    "max_rows_to_read": "SELECT sum(number) FROM numbers(5000000000)",
    "max_result_rows": "SELECT number FROM numbers(3000000)",
    "max_memory_usage": "SELECT length(groupArray(number)) FROM numbers(2000000000)",
}


@pytest.fixture(scope="module")
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    opened = connect_url(store_front.url)
    yield opened
    opened.close()


def small(**bounds: int) -> Mapping[str, int]:
    return {**BOUNDS, **bounds}


@pytest.mark.parametrize("name", HUGE)
def test_what_takes_too_much_is_broken_off_by_the_store(
    name: str, client: StoreClient, tmp_path: Path, record: Record
) -> None:
    (tmp_path / "huge.sql").write_text(HUGE[name])
    tight = {"max_rows_to_read": 1_000_000, "max_result_rows": 1000, "max_memory_usage": 64 << 20}
    bounds = {"max_rows_to_read": 0, **{bound: most for bound, most in tight.items() if bound == name}}
    queries = Queries(client, directory=tmp_path, seconds=1, bounds=small(**bounds))
    with pytest.raises(QuestionTooLarge):
        queries.table("huge")
    record(12, "questions that were too large for the store", 1, 0)


def test_the_bounds_reach_the_store_with_every_question(client: StoreClient, tmp_path: Path) -> None:
    wanted = {**READ_SETTINGS, **BOUNDS}
    names = ", ".join(f"'{name}'" for name in wanted)
    (tmp_path / "held.sql").write_text(f"SELECT name, value FROM system.settings WHERE name IN ({names})")
    held = Queries(client, directory=tmp_path, bounds=BOUNDS).table("held").to_pylist()
    assert {row["name"]: int(row["value"]) for row in held} == wanted


class Heavy:
    """A store for which one question is too large, or all are."""

    def __init__(self, *heavy: str) -> None:
        self.asked = 0
        self._heavy = heavy

    def rows(self, name: str, _row_type: type, /, **_parameters: object) -> list[Any]:
        self.asked += 1
        if not self._heavy or name in self._heavy:
            raise QuestionTooLarge("Code: 158. DB::Exception: Limit for rows", 158)
        return []


def test_the_interface_says_what_to_ask_instead_and_not_to_ask_again() -> None:
    server = Flask("bounded")
    add_api(server, OPERATIONS, Everybody(KeepingReader(Heavy()), Heavy(), None))
    answer = server.test_client().get("/api/v1/slas")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "shorter period" in (answer.json or {})["detail"]
    assert "DB::" not in answer.text
    assert "Retry-After" not in answer.headers


def test_a_question_that_was_too_large_is_not_asked_again_at_once_and_others_are() -> None:
    clock, heavy = [0.0], Heavy("heavy")
    kept = KeepingReader(heavy, lambda: clock[0])
    for _ in range(3):
        with pytest.raises(TooMuch) as told:
            kept.rows("heavy", Process)
        assert "DB::" not in str(told.value)
        clock[0] += 5
    assert heavy.asked == 1
    assert kept.rows("light", Process) == []
    clock[0] += KeepingReader.TOO_MUCH_SECONDS
    with pytest.raises(TooMuch):
        kept.rows("heavy", Process)
    assert heavy.asked == 3


def test_a_writer_may_try_again_what_was_too_large() -> None:
    assert issubclass(QuestionTooLarge, StoreUnavailable)
