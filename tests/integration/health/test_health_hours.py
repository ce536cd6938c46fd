"""Stored hours of health say what spans and events say, however and whenever those came."""

from itertools import count
from random import Random

import pytest

from metrics.health.health import read_operations, read_spoken
from metrics.health.history import gaps, read_history
from metrics.health.measures import CALLS, EVENTS, PROPAGATION
from metrics.health.sums import queues
from metrics.health.window import read_calls
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.words import DAY, HOUR, MINUTE, SECOND
from tests.integration.health.call_oracle import Call, drawn, expected
from tests.integration.health.health_scene import MONDAY, HealthScene

pytestmark = pytest.mark.store
GRACE = 10 * MINUTE
NUMBERS = count(1)


@pytest.fixture
def scene(store: StoreClient) -> HealthScene:
    return HealthScene(store)


def compared(row: dict[str, object]) -> dict[str, object]:
    """A stored row as the oracle tells it."""
    plain = ("calls", "errors", "retries", "failed_messages", "recovered", "given_up", "unsettled", "fewest_attempts")
    took, waits, lags = (dict(zip(row[f"{n}.us"], row[f"{n}.calls"], strict=True)) for n in ("took", "wait", "lag"))
    ends = (row["shortest_wait_us"], row["longest_wait_us"], waits)
    own = {"took": took, "waits": ends, "taken": row["taken"], "lags": (row["longest_lag_us"], lags)}
    return {name: row[name] for name in plain} | own


def stored(scene: HealthScene) -> dict[tuple[object, ...], dict[str, object]]:
    key = ("hour_us", "interface", "operation", "kind", "service")
    return {tuple(row[name] for name in key): compared(row) for row in scene.hours()}


def counted(calls: list[Call], as_of: int) -> dict[tuple[object, ...], dict[str, object]]:
    hours = sorted({one.start - one.start % HOUR for one in calls})
    hours = [hour for hour in hours if hour + HOUR <= as_of]
    return {(hour, *key): one for hour in hours for key, one in expected(calls, hour, as_of).items()}


def call(trace: str, at: int, *, failed: bool = False, kind: str = "client", parent: str = "") -> Call:
    """A call of the interface `orders`, `at` microseconds after Monday."""
    return Call(trace, f"{next(NUMBERS)}", kind, "hub", "orders", "POST", MONDAY + at, SECOND, failed, parent)


def test_each_stored_hour_is_what_counting_its_calls_one_by_one_gives(scene: HealthScene) -> None:
    """And stays so while spans come in any order, twice, and with time."""
    random, calls = Random(4), drawn(1, MONDAY, 20, 80)
    first = random.sample(calls, len(calls) // 2)
    scene.bring(first)
    scene.now = MONDAY + 15 * HOUR
    scene.judge()
    assert stored(scene) == counted(first, scene.now - GRACE)
    scene.bring(random.sample(calls, len(calls)))
    scene.now = MONDAY + 12 * DAY
    scene.judge()
    assert stored(scene) == counted(calls, scene.now - GRACE)
    assert sum(row["calls"] for row in scene.hours()) == sum(one.kind != "consumer" for one in calls)


def test_a_window_of_stored_and_open_hours_says_what_its_spans_say(scene: HealthScene) -> None:
    scene.bring(drawn(2, MONDAY, 40, 60))
    queries, as_of = Queries(scene.client), MONDAY + 50 * HOUR
    scene.now = MONDAY + 25 * HOUR
    before = read_operations(queries, MONDAY, as_of, None), queues(read_calls(queries, MONDAY, as_of, None))
    scene.judge()
    assert (read_operations(queries, MONDAY, as_of, None), queues(read_calls(queries, MONDAY, as_of, None))) == before
    assert sum(one.calls for one, _ in before[0]) > 80


def test_delivering_again_changes_no_stored_hour(scene: HealthScene) -> None:
    calls = drawn(3, MONDAY, 3, 12)
    rows = scene.bring(calls)
    scene.judge()
    known = scene.written()
    scene.store("spans", rows)
    scene.bring(calls)
    assert scene.judge().rows == 0
    assert scene.written() == known


def test_a_late_span_heals_its_hour_and_the_hour_in_which_its_message_began(scene: HealthScene) -> None:
    """Also when the round that finds it breaks off, wherever it does."""
    scene.bring([call("t", 5 * MINUTE, failed=True), call("u", 65 * MINUTE)])
    scene.judge()
    assert [(row["calls"], row["given_up"], row["recovered"]) for row in scene.hours()] == [(1, 1, 0), (1, 0, 0)]
    scene.bring([call("t", 70 * MINUTE)])
    for table in ("health_hours", "health_judged"):
        scene.dies_at = table
        with pytest.raises(ConnectionError):
            scene.judge()
    scene.dies_at = ""
    assert scene.judge().hours == 2
    assert [(row["calls"], row["given_up"], row["recovered"]) for row in scene.hours()] == [(1, 0, 1), (2, 0, 0)]


def test_a_message_that_is_taken_late_is_taken_in_the_hour_in_which_it_was_sent(scene: HealthScene) -> None:
    sent = call("t", 5 * MINUTE, kind="producer")
    scene.bring([sent])
    scene.judge()
    scene.bring([call("t", 3 * HOUR, kind="consumer", parent=sent.span)])
    scene.judge()
    (row,) = scene.hours()
    assert (row["taken"], row["longest_lag_us"]) == (1, 3 * HOUR - 5 * MINUTE - SECOND)


def test_time_alone_gives_a_message_up(scene: HealthScene) -> None:
    scene.bring([call("t", 5 * MINUTE, failed=True)])
    scene.now = MONDAY + HOUR + GRACE
    scene.judge()
    assert [(row["unsettled"], row["given_up"]) for row in scene.hours()] == [(1, 0)]
    scene.now = MONDAY + 2 * HOUR + 5 * MINUTE + SECOND + GRACE
    scene.judge()
    assert [(row["unsettled"], row["given_up"]) for row in scene.hours()] == [(1, 0)]
    scene.now += 1
    scene.judge()
    assert [(row["unsettled"], row["given_up"]) for row in scene.hours()] == [(0, 1)]


def test_an_hour_without_calls_is_told_apart_from_one_that_nobody_judged(scene: HealthScene) -> None:
    scene.bring([call("t", 5 * MINUTE), call("u", 3 * HOUR)])
    scene.now = MONDAY + 6 * HOUR + GRACE
    scene.judge()
    history = read_history(Queries(scene.client), "orders", MONDAY - DAY, MONDAY + 8 * HOUR, None)
    assert (history.known_us, history.judged_us) == (MONDAY, MONDAY + 6 * HOUR)
    assert [(hour - MONDAY) // HOUR for hour in gaps(history, MONDAY + 8 * HOUR)] == [1, 2, 4, 5]
    assert [one.calls for one in history.hours] == [1, 1]


def test_hours_whose_spans_nobody_has_read_are_not_judged(scene: HealthScene) -> None:
    scene.bring([call("t", 5 * MINUTE), call("u", 3 * HOUR)])
    scene.behind("spans", MONDAY + 2 * HOUR + GRACE)
    scene.judge()
    assert [(row["hour_us"] - MONDAY) // HOUR for row in scene.hours()] == [0]
    history = read_history(Queries(scene.client), "orders", MONDAY, MONDAY + 8 * HOUR, None)
    assert history.judged_us == MONDAY + 2 * HOUR
    assert [one.calls for one in history.hours] == [1, 1]
    assert not scene.judging[CALLS].round(1 << 50, caught_up=False).hours


def test_what_was_purged_leaves_its_hour_and_what_the_store_forgets_stays_as_it_was_judged(scene: HealthScene) -> None:
    scene.bring([call("t", 5 * MINUTE), call("u", 6 * MINUTE)])
    scene.judge()
    scene.client.command("TRUNCATE TABLE spans")
    scene.now += 90 * DAY
    assert scene.judge().rows == 0
    assert [row["calls"] for row in scene.hours()] == [2]
    scene.now -= 90 * DAY
    assert scene.judge().rows == 1
    assert scene.hours() == []


def test_events_are_told_by_source_and_type_with_what_breaks_their_contract_and_what_could_not_be_read(
    scene: HealthScene,
) -> None:
    for _ in range(2):
        scene.tell("e1", "worker.hired.v1", MONDAY + MINUTE)
        scene.tell("e2", "worker.hired.v2", MONDAY + 2 * MINUTE)
        scene.break_contract("e2", "worker.hired.v2", MONDAY + 2 * MINUTE)
        scene.lose("/coupa/prod", MONDAY + 3 * MINUTE)
    scene.judge(EVENTS)
    found = [
        (row["system"], row["interface"], row["operation"], row["calls"], row["errors"], row["dead_letters"])
        for row in scene.hours(EVENTS)
    ]
    assert found == [
        ("coupa", "/coupa/prod", "", 0, 0, 1),
        ("coupa", "/coupa/prod", "worker.hired.v1", 1, 0, 0),
        ("coupa", "/coupa/prod", "worker.hired.v2", 1, 1, 0),
    ]
    scene.tell("e3", "worker.hired.v2", MONDAY + 90 * MINUTE)
    scene.judge(EVENTS)
    (drifting,) = read_spoken(Queries(scene.client), MONDAY, MONDAY + 9 * HOUR, None)
    assert [(version, events) for version, events, _ in drifting.versions] == [(1, 1), (2, 2)]


def test_changes_are_told_by_who_should_show_them_against_what_is_allowed(scene: HealthScene) -> None:
    scene.hop("c1", MONDAY + MINUTE, "pending", None)
    scene.judge(PROPAGATION)
    (row,) = scene.hours(PROPAGATION)
    assert (row["calls"], row["unsettled"], row["median_us"]) == (1, 1, None)
    scene.hop("c1", MONDAY + MINUTE, "missing", None)
    scene.judge(PROPAGATION)
    assert [row["errors"] for row in scene.hours(PROPAGATION)] == [1]
    scene.hop("c2", MONDAY + 2 * MINUTE, "in_time", MONDAY + 32 * MINUTE)
    scene.hop("c1", MONDAY + MINUTE, "late", MONDAY + 3 * HOUR + MINUTE)
    scene.judge(PROPAGATION)
    (row,) = scene.hours(PROPAGATION)
    assert (row["interface"], row["operation"], row["system"]) == ("workday", "worker.employment", "identity")
    assert (row["calls"], row["errors"], row["unsettled"], row["allowed_us"]) == (2, 1, 0, HOUR)
    assert (row["median_us"], row["took.calls"]) == (105 * MINUTE, [1, 1])


def test_a_change_older_than_the_store_keeps_events_is_still_healed(scene: HealthScene) -> None:
    scene.now = MONDAY + 1200 * DAY
    scene.hop("c1", MONDAY + MINUTE, "pending", None)
    scene.judge(PROPAGATION)
    scene.hop("c1", MONDAY + MINUTE, "missing", None)
    scene.judge(PROPAGATION)
    assert [(row["unsettled"], row["errors"]) for row in scene.hours(PROPAGATION)] == [(0, 1)]


@pytest.mark.parametrize("days", [-400, 60_000])
def test_what_files_brought_does_not_decide_when_hours_of_calls_and_dead_letters_close(
    scene: HealthScene, days: int
) -> None:
    scene.now = MONDAY + 2 * HOUR + GRACE + MINUTE
    scene.ended(MONDAY + days * DAY)
    for name in (CALLS, EVENTS):
        scene.bring([call("t", 5 * MINUTE), call("u", 125 * MINUTE)])
        scene.lose("/coupa/prod", MONDAY + 5 * MINUTE)
        scene.judge(name)
        assert [(row["hour_us"] - MONDAY) // HOUR for row in scene.hours(name)] == [0]


def test_hours_that_were_marked_before_they_were_over_are_judged_when_they_are(scene: HealthScene) -> None:
    scene.bring([call("t", 5 * MINUTE), call("u", 125 * MINUTE)])
    wall, scene.now = MONDAY + 2 * HOUR + 30 * MINUTE, MONDAY + 9 * DAY
    scene.judge()
    scene.client.command(
        f"ALTER TABLE health_judged UPDATE judged = fromUnixTimestamp64Micro({wall}, 'UTC') WHERE 1", {}
    )
    scene.now = wall
    scene.bring([call("v", 126 * MINUTE)])
    history = read_history(Queries(scene.client), "orders", MONDAY, wall, None)
    assert (history.judged_us, [one.calls for one in history.hours]) == (MONDAY + HOUR, [1, 2])
    scene.now = MONDAY + 4 * HOUR + GRACE
    scene.judge()
    history = read_history(Queries(scene.client), "orders", MONDAY, scene.now, None)
    assert (history.judged_us, [one.calls for one in history.hours]) == (MONDAY + 4 * HOUR, [1, 2])


FIRST, SECOND_HOUR = MONDAY + 5 * MINUTE, MONDAY + 30 * HOUR


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("places", "hour"), [((1, 2), 0), ((2, 1), 30)])
def test_an_event_told_again_with_another_time_counts_in_the_hour_of_its_first_record_alone(
    scene: HealthScene, places: tuple[int, int], hour: int, *, apart: bool
) -> None:
    """Whichever record comes first."""
    for at, place in zip((FIRST, SECOND_HOUR), places, strict=True):
        scene.tell("e1", "worker.hired.v1", at, position=place)
        if apart:
            scene.judge(EVENTS)
    scene.judge(EVENTS)
    assert [((row["hour_us"] - MONDAY) // HOUR, row["calls"]) for row in scene.hours(EVENTS)] == [(hour, 1)]
    asked = MONDAY, MONDAY + 40 * HOUR
    assert [one.versions[0][1] for one in read_spoken(Queries(scene.client), *asked, None)] == [1]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("places", "hour"), [((1, 2), 0), ((2, 1), 30)])
def test_a_span_sent_again_with_another_start_counts_in_the_hour_of_its_first_record_alone(
    scene: HealthScene, places: tuple[int, int], hour: int, *, apart: bool
) -> None:
    sent = [Call("t", "s", "client", "hub", "orders", "POST", at, SECOND, False, "") for at in (FIRST, SECOND_HOUR)]
    for one, place in zip(sent, places, strict=True):
        scene.bring([one], position=place)
        if apart:
            scene.judge()
    scene.judge()
    assert [((row["hour_us"] - MONDAY) // HOUR, row["calls"]) for row in scene.hours()] == [(hour, 1)]
