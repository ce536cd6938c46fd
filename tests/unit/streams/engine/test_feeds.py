"""What time it is for a feed: its watermark in its history, the wall clock once it is live."""

from metrics.words import SECOND, Marker
from streams.engine.feeds import NEVER, Feeds
from tests.fakes.events import event

WALL = 1_000_000 * SECOND


def feeds() -> Feeds:
    return Feeds(lambda: WALL)


def marker(kind: str, partition: int = 0) -> Marker:
    return Marker(feed="/test", kind=kind, partition=partition, count=0, origin="test", position=0)


def test_a_feed_that_never_said_anything_is_live() -> None:
    time = feeds()
    assert time.now("unheard of") == WALL
    time.see([event("asked", 5)])
    assert time.now("/test") == WALL


def test_history_runs_on_the_newest_event_and_not_backwards() -> None:
    time = feeds()
    time.mark(marker("backfill"))
    for at in (5, 9, 7):
        time.see([event("asked", at)])
    assert time.now("/test") == 9 * SECOND


def test_history_is_as_late_as_the_partition_that_is_furthest_behind() -> None:
    time = feeds()
    for partition in (0, 1):
        time.mark(marker("backfill", partition))
    time.see([event("asked", 100)], partition=0)
    assert time.now("/test") == NEVER
    time.see([event("asked", 40)], partition=1)
    assert time.now("/test") == 40 * SECOND


def test_a_partition_that_is_through_no_longer_holds_the_others_back() -> None:
    time = feeds()
    for partition in (0, 1):
        time.mark(marker("backfill", partition))
    time.see([event("asked", 100)], partition=0)
    time.mark(marker("end", 1))
    assert time.now("/test") == 100 * SECOND


def test_a_feed_is_live_only_when_no_partition_is_in_its_history() -> None:
    time = feeds()
    for partition in (0, 1):
        time.mark(marker("backfill", partition))
        time.see([event("asked", 3)], partition)
    time.mark(marker("live", 0))
    assert time.now("/test") == 3 * SECOND
    time.mark(marker("live", 1))
    assert time.now("/test") == WALL


def test_a_file_that_is_through_keeps_its_last_time_for_good() -> None:
    time = feeds()
    time.mark(marker("backfill"))
    time.see([event("asked", 8)])
    time.mark(marker("end"))
    assert time.now("/test") == 8 * SECOND


def test_nothing_falls_due_while_the_backlog_is_being_read() -> None:
    time = feeds()
    time.see([event("asked", 8)])
    time.caught_up = False
    assert time.now("/test") == NEVER
    assert time.now("unheard of") == NEVER


def test_a_changed_feed_is_handed_out_once() -> None:
    time = feeds()
    time.see([event("asked", 8)])
    assert [feed.name for feed in time.take_dirty()] == ["/test"]
    assert time.take_dirty() == []


def test_a_feed_that_is_through_has_the_present_of_all_its_partitions() -> None:
    time = feeds()
    time.mark(marker("backfill"))
    time.see([event("asked", 5)])
    assert time.unsettled() == []
    time.mark(marker("end"))
    assert time.unsettled() == ["/test"]
    time.settle("/test", 9 * SECOND)
    assert (time.now("/test"), time.unsettled()) == (9 * SECOND, [])


def test_a_present_that_is_settled_never_goes_back_and_another_marker_asks_again() -> None:
    time = feeds()
    time.mark(marker("end"))
    time.see([event("asked", 7)])
    time.settle("/test", 3 * SECOND)
    assert time.now("/test") == 7 * SECOND
    time.mark(marker("end"))
    assert time.unsettled() == ["/test"]
