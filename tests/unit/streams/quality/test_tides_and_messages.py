"""The judge's present, and what the readers send."""

from metrics.quality.facts import Fact
from metrics.words import SECOND, Marker
from streams.engine.feeds import NEVER
from streams.quality import tides as module
from streams.quality.messages import FACTS_A_RECORD, Tide, pack, unpack
from streams.quality.reading import Reading
from streams.quality.tides import LONGEST_HOLD_SECONDS, Tides
from tests.unit.metrics.quality.telling import START, observer, told

NOW = START + 3600 * SECOND


class Passing:
    """Seconds since the start, as the test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def fact(n: int) -> Fact:
    return Fact("worker", str(n), "told", "department", "ukg", f"e{n}", "A", n, n, f"e{n}", "f")


def test_a_live_feed_stands_at_the_moment_up_to_which_all_partitions_are_complete() -> None:
    tides = Tides(lambda: NOW, 2)
    tides.take(Tide(0, "", "", NOW))
    assert tides.now("f") == NEVER
    tides.take(Tide(1, "", "", NOW - 5 * SECOND))
    assert tides.now("f") == NOW - 5 * SECOND


def test_a_partition_that_nobody_reads_holds_judgement_back_for_ten_minutes_at_most() -> None:
    passing = Passing()
    tides = Tides(lambda: NOW, 2, since=passing)
    tides.take(Tide(0, "", "", NOW))
    passing.seconds = LONGEST_HOLD_SECONDS - 1
    assert tides.now("f") == NEVER
    passing.seconds = LONGEST_HOLD_SECONDS
    assert tides.now("f") == NOW - round(LONGEST_HOLD_SECONDS) * SECOND
    assert module.LONGEST_HOLD_SECONDS == 600


def test_partitions_of_other_topics_of_events_hold_judgement_back_too() -> None:
    tides = Tides(lambda: NOW, 2, topics=3)
    for place in range(5):
        tides.take(Tide(place, "", "", NOW))
        tides.take(Tide(place, "history", "live", NOW))
    assert tides.now("f") == tides.now("history") == NEVER
    tides.take(Tide(5, "", "", NOW - SECOND))
    assert tides.now("f") == tides.now("history") == NOW - SECOND


def test_a_target_whose_feed_is_in_its_history_is_judged_at_its_own_time() -> None:
    tides = Tides(lambda: NOW, 1)
    tides.take(Tide(0, "", "", NOW))
    tides.take(Tide(0, "ukg history", "backfill", START, ("ukg",)))
    assert tides.now("workday", "ukg") == START
    assert tides.now("workday", "identity") == NOW
    tides.take(Tide(0, "ukg history", "end", START, ("ukg",)))
    assert tides.now("workday", "ukg") == NOW, "a file that is through holds nothing up"


def test_what_is_stored_of_feeds_gives_the_same_present_again() -> None:
    tides = Tides(lambda: NOW, 1)
    tides.take(Tide(0, "history", "backfill", START, ("ukg",)))
    again = Tides(lambda: NOW, 1)
    again.restore(list(tides.take_changed(judged=False)))
    assert again.now("history") == START
    assert list(again.take_changed(judged=True)) == []


def test_tides_travel_behind_all_the_facts_they_speak_of() -> None:
    facts, said = [fact(n) for n in range(FACTS_A_RECORD + 1)], [Tide(0, "f", "", 5)]
    records = [unpack(value) for value in pack(facts, said)]
    assert [len(one.facts) for one in records] == [FACTS_A_RECORD, 1]
    assert [one.tides for one in records] == [[], said]
    assert [one.tides for one in map(unpack, pack([], said))] == [said]
    assert list(pack([], [])) == []


def test_a_reader_says_what_feeds_told_and_how_complete_its_partition_is() -> None:
    reading = Reading(observer())
    event = told("a", "worker.changed.v1", "worker/7", "/ukg/x", 2, feed="nightly")
    reading.read(
        3, [event], [Marker(feed="nightly", kind="backfill", partition=3, count=0, origin="", position=0)], at_end=True
    )
    _, tides = reading.take(NOW)
    assert tides == [Tide(3, "nightly", "backfill", event.time, ("ukg",)), Tide(3, "", "", NOW)]
    reading.read(3, [], [], at_end=False)
    assert reading.take(NOW) == ([], [])


def test_a_partition_without_records_is_complete_once_the_others_are() -> None:
    reading = Reading(observer())
    reading.read(0, [], [], at_end=False)
    for partition in (0, 1):
        reading.stands_unless_read(partition)
    assert reading.take(NOW)[1] == [Tide(1, "", "", NOW)]


def test_a_reference_that_says_nothing_earlier_is_sent_once() -> None:
    reading = Reading(observer())
    named = [
        told(f"r{hour}", "requisition.created.v1", f"requisition/R{hour}", "/coupa/x", hour, ("cost_center", "C", "of"))
        for hour in (5, 6, 4, 4)
    ]
    reading.read(0, named, [], at_end=False)
    assert [one.proof for one in reading.take(NOW)[0]] == ["r5", "r4"]


def test_a_reader_without_news_says_nothing_unless_it_is_time_to() -> None:
    reading = Reading(observer())
    reading.read(0, [], [], at_end=True)
    assert reading.take(NOW, quietly=True) == ([], [])
    assert reading.take(NOW) == ([], [Tide(0, "", "", NOW)])
    reading.read(0, [told("a", "worker.changed.v1", "worker/7", "/ukg/x", 2)], [], at_end=True)
    assert len(reading.take(NOW, quietly=True)[1]) == 2
