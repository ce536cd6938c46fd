"""When every partition of a feed is through, all workers take the newest of its events for its present."""

import msgspec
import pytest

from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.words import SECOND, Marker
from streams.engine.event_rows import event_rows, marker_rows
from streams.engine.feed_ends import settle_ends
from streams.engine.feeds import Feeds, wall_clock
from tests.fakes.events import event

pytestmark = pytest.mark.store


def marker(kind: str, partition: int, position: int) -> Marker:
    return Marker(feed="/test", kind=kind, partition=partition, count=0, origin="log", position=position)


def worker() -> Feeds:
    """It has read partition 0 to its end."""
    feeds = Feeds(lambda: 1_000 * SECOND)
    feeds.see([event("asked", 5)])
    feeds.mark(marker("end", 0, 9))
    return feeds


def stored(store: StoreClient, markers: list[Marker]) -> None:
    now = wall_clock()  # what came in long ago is not kept
    told = (event("asked", 5), event("ordered", 8))
    events = [msgspec.structs.replace(one, feed="/test", recorded=now, ingested=now) for one in told]
    writer = ClickHouseWriter(store)
    writer.send(writer.prepare_rows("events", event_rows(events)))
    writer.send(writer.prepare_rows("markers", marker_rows(markers, SECOND)))


def test_a_partition_that_is_still_in_its_history_is_waited_for(store: StoreClient) -> None:
    stored(store, [marker("end", 0, 9), marker("backfill", 1, 0)])
    feeds = worker()
    assert settle_ends(feeds, store) == 0
    assert (feeds.now("/test"), feeds.unsettled()) == (5 * SECOND, ["/test"])


def test_what_another_worker_read_counts_once_all_are_through(store: StoreClient) -> None:
    markers = [marker("end", 0, 9), marker("backfill", 1, 0), marker("end", 1, 4)]
    stored(store, markers)
    feeds = worker()
    assert settle_ends(feeds, store) == 1
    assert (feeds.now("/test"), feeds.unsettled()) == (8 * SECOND, [])


def test_a_feed_that_is_live_asks_for_nothing(store: StoreClient) -> None:
    feeds = worker()
    feeds.mark(marker("live", 1, 5))
    assert settle_ends(feeds, store) == 0
