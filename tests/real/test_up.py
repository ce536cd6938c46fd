"""`flowglass up --broker --store`: the whole product on an Apache Kafka and a store that it did not start."""

import asyncio
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from streams.runtime.stack import WORKERS
from tests.faults.live import soon, submitted
from tests.faults.stack import send, wait_until
from tests.integration.runtime.up_process import Up, is_running
from tests.integration.store.front_process import start_front, stop_front
from tests.real.kafka import Kafka
from tests.real.sent import event_ids, span_ids

LATER = 500
"""Events that come once the stack goes on: what the simulated group sends live depends on the hour."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def store_url(tmp_path: Path) -> Iterator[str]:
    """A store's front that somebody else started, empty."""
    front = start_front(tmp_path / "store")
    yield front.url
    assert front.process.poll() is None, "what is external is not stopped"
    stop_front(front)


@pytest.fixture
def start_up(kafka: Kafka, store_url: str, tmp_path: Path) -> Iterator[Callable[[], Up]]:
    def start() -> Up:
        return Up(tmp_path / "data", "--broker", kafka.address, "--store", store_url, "--days", "3")

    yield start
    assert is_running(kafka.pid()), "what is external is not stopped"


def test_the_whole_stack_runs_on_external_parts_and_goes_on_after_a_stop(
    start_up: Callable[[], Up], kafka: Kafka, store_url: str
) -> None:
    with start_up() as first:
        first.wait_for("history is through")
        programs = first.programs()
        beside = {"dashboards", "alerts", "gateway", "folder", "simulator"}
        assert set(programs) == beside | {f"worker-{kind}" for kind in WORKERS}
        assert b"<title>" in urllib.request.urlopen(first.url, timeout=10).read()
        assert first.stop() == 0, first.said()
        assert not any(is_running(pid) for pid in programs.values())
    with start_up() as second:
        second.wait_for("history is through")
        store = connect_url(store_url, DEFAULT_DATABASE)
        asyncio.run(send(kafka.address, [submitted(f"R-{n}", soon(3600)) for n in range(LATER)]))
        everything_sent_is_stored(kafka.address, store)
        assert [row["unread"] for row in store.rows("SELECT unread FROM v_incarnations", {})] == [0]
        store.close()
        assert second.stop() == 0, second.said()


def everything_sent_is_stored(broker: str, store: StoreClient) -> None:
    """Waits until the workers have caught up with what was sent by now, and compares in both directions."""
    events, spans = asyncio.run(event_ids(broker)), asyncio.run(span_ids(broker))
    assert len(events) > LATER
    assert spans
    wait_until(lambda: not events - stored_events(store))
    wait_until(lambda: not spans - stored_spans(store))
    assert not stored_events(store) - asyncio.run(event_ids(broker))
    assert not stored_spans(store) - asyncio.run(span_ids(broker))


def stored_events(store: StoreClient) -> set[str]:
    return {row["event_id"] for row in store.rows("SELECT event_id FROM v_events", {})}


def stored_spans(store: StoreClient) -> set[tuple[str, str]]:
    return {(row["trace_id"], row["span_id"]) for row in store.rows("SELECT trace_id, span_id FROM v_spans", {})}
