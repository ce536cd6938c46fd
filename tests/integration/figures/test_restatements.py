"""Closed intervals and their numbers, in a real store, by events that the real engine folds."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from metrics.figures.causes import CORRECTION, DEFINITION, LATE, OVERTURNED
from metrics.store.client import StoreClient
from metrics.words import DAY, HOUR, MINUTE
from tests.integration.figures.figure_scene import (
    CREATED,
    ISSUED,
    MONDAY,
    RECEIVED,
    REOPENED,
    REVERSED,
    RULES,
    FigureScene,
    a_week,
    delivered,
    ordering,
    step,
)


def test_a_late_event_restates_its_day_once_with_both_values_and_the_case(store: StoreClient) -> None:
    scene = FigureScene(store)
    a_week(scene)
    assert scene.restatements() == []
    late = delivered("D", MONDAY + 2 * HOUR, 4 * HOUR)
    scene.take(*late, at=MONDAY + 6 * DAY + HOUR)
    scene.publish()
    (found,) = scene.restatements()
    assert (found["start"], found["before"]["met"], found["after"]["met"]) == ("2026-03-02", "1", "2")
    assert (found["causes"], found["cause_counts"], found["case_ids"]) == ([LATE], [1], ["D"])
    assert set(found["event_ids"]) == {one.id for one in late}
    assert found["late_us"] == 6 * DAY - HOUR
    assert [one["revision"] for one in scene.restatements(facility="north")] == [1]
    assert scene.restatements("week") == [] == scene.restatements("month")  # neither was over


def test_days_that_are_published_keep_their_zone_whatever_is_declared_later(store: StoreClient) -> None:
    a_week(FigureScene(store))
    tokyo = FigureScene(store, rules=RULES._replace(zone=ZoneInfo("Asia/Tokyo")))
    tokyo.restart()
    tokyo.take(*delivered("D", MONDAY + 13 * HOUR, 4 * HOUR), at=MONDAY + 6 * DAY + HOUR)  # on Tuesday in Tokyo
    tokyo.publish()
    assert [found["start"] for found in tokyo.restatements()] == ["2026-03-02"]
    tokyo.publish(MONDAY + 9 * DAY)
    zones = {row["zone"] for row in store.rows("SELECT DISTINCT zone FROM v_published_figures")}
    assert zones == {"UTC"}


def test_what_comes_again_restates_nothing(store: StoreClient) -> None:
    scene = FigureScene(store)
    a_week(scene)
    scene.take(*delivered("A", MONDAY + HOUR, 3 * HOUR), at=MONDAY + 6 * DAY + HOUR)
    scene.restart()
    scene.take(*delivered("A", MONDAY + HOUR, 3 * HOUR), at=MONDAY + 6 * DAY + 2 * HOUR)
    assert scene.publish().restated == 0
    assert scene.restatements() == []


def test_two_late_events_in_one_round_are_one_restatement_that_lists_both(store: StoreClient) -> None:
    scene = FigureScene(store)
    a_week(scene)
    scene.take(*delivered("D", MONDAY + 2 * HOUR, 4 * HOUR), at=MONDAY + 6 * DAY + HOUR)
    scene.take(*delivered("E", MONDAY + 3 * HOUR, 4 * HOUR), at=MONDAY + 6 * DAY + 2 * HOUR)
    scene.publish()
    (found,) = scene.restatements()
    assert (found["after"]["met"], found["cause_counts"], found["case_ids"]) == ("3", [2], ["D", "E"])


def test_ordinary_progress_before_the_round_is_not_called_late(store: StoreClient) -> None:
    scene = FigureScene(store)
    scene.take(step(CREATED, "A", MONDAY + HOUR), at=MONDAY + HOUR)
    scene.publish()
    scene.take(step(ISSUED, "A", MONDAY + 2 * HOUR), at=MONDAY + 2 * HOUR)
    scene.publish(MONDAY + 6 * DAY)
    scene.restart()
    late = step(RECEIVED, "A", MONDAY + 4 * HOUR)
    scene.take(late, at=MONDAY + 6 * DAY + HOUR)
    scene.publish()
    found = [one for one in scene.restatements() if one["start"] == "2026-03-02"]
    assert [(one["causes"], one["event_ids"]) for one in found] == [([LATE], [late.id])]


def test_a_reversal_restates_as_a_correction_and_a_later_step_that_overturns_a_closed_day_says_so(
    store: StoreClient,
) -> None:
    scene = FigureScene(store)
    a_week(scene)
    reversal = step(REVERSED, "A", MONDAY + 6 * DAY + HOUR)
    again = step(REOPENED, "B", MONDAY + 6 * DAY + HOUR, facility="south")
    scene.take(reversal, again, at=reversal.time)
    scene.publish()
    corrected, overturned = scene.restatements(figure="cases")
    assert (corrected["before"], corrected["after"]) == ({"ended: received": "1", "opened": "1"}, {"opened": "1"})
    assert (corrected["causes"], corrected["event_ids"]) == ([CORRECTION], [reversal.id])
    assert (overturned["causes"], overturned["event_ids"]) == ([OVERTURNED], [again.id])


def test_another_definition_restates_as_such_and_a_late_event_with_it_is_listed_too(store: StoreClient) -> None:
    scene = FigureScene(store)
    a_week(scene)
    scene.restart(ordering(version=2, target=2 * HOUR))
    scene.take(step(ISSUED, "A", MONDAY + 2 * HOUR), at=MONDAY + 6 * DAY + HOUR)
    scene.publish()
    (found,) = scene.restatements()
    assert (found["before"]["missed"], found["after"]["missed"]) == ("0", "1")
    assert set(found["causes"]) == {DEFINITION, LATE}
    assert "1 00000001 became 2 00000002" in found["detail"]


def test_a_round_that_breaks_off_anywhere_is_made_good_by_the_next(store: StoreClient) -> None:
    scene = FigureScene(store)
    a_week(scene)
    tables = ("figure_changes", "figure_parts", "figure_restatements", "published_figures", "figure_marks")
    for n, table in enumerate(tables, 1):
        scene.take(*delivered(f"D{n}", MONDAY + 2 * HOUR, 4 * HOUR), at=MONDAY + 6 * DAY + n * HOUR)
        scene.store.dies_at = table
        with suppress(ConnectionError):
            scene.publish()
        scene.store.dies_at = ""
        scene.restart()
        scene.publish()
        found = scene.restatements()
        assert [one["case_ids"] for one in found] == [[f"D{m}"] for m in range(1, n + 1)], table
        assert [one["after"]["met"] for one in found] == [str(1 + m) for m in range(1, n + 1)], table
        assert all(one["causes"] == [LATE] for one in found)
    assert scene.publish().restated == 0


def test_an_interval_closes_so_long_after_its_end_and_no_sooner(store: StoreClient) -> None:
    scene = FigureScene(store)
    scene.take(*delivered("A", MONDAY + HOUR, 3 * HOUR), at=MONDAY + 5 * HOUR)
    assert scene.publish(MONDAY + DAY + 2 * HOUR - MINUTE).published == 0
    assert scene.publish(MONDAY + DAY + 2 * HOUR).published > 0
    assert {key[-2:] for key in scene.published()} == {("day", "2026-03-02")}
    scene.publish(MONDAY + 60 * DAY)
    assert {key[-2:] for key in scene.published()} == {
        ("day", "2026-03-02"),
        ("week", "2026-03-02"),
        ("month", "2026-03-01"),
    }
