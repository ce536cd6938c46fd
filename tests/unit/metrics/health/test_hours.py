"""Which hours are judged, and how hours are put together."""

from random import Random
from statistics import quantiles

import pytest

from metrics.commands.interface_days import days_of
from metrics.commands.interfaces import health_json
from metrics.health.due import HOURS_A_ROUND, Mark, Print, due, stretches
from metrics.health.durations import lower_median, percentile, put_together
from metrics.health.health import Health
from metrics.health.history import History, gaps
from metrics.health.measures import EVENTS, MEASURES, PROPAGATION
from metrics.health.policy import Verdict
from metrics.health.sums import operations, queues, versions
from metrics.health.window import Stretch, stretch_of
from metrics.queries.health_rows import HistoryHour, Judged
from metrics.words import DAY, HOUR, SECOND
from tests.fakes.health import call_figures, event_figures
from tests.unit.dashboards.fake_reader import FakeReader

RULES, TAKEN_IN = 7, 100 * HOUR


def seen(number: int) -> Print:
    return Print(number, 10 * number, TAKEN_IN)


def mark(number: int, settles: int | None = None, rules: int = RULES) -> Mark:
    return Mark(number, 10 * number, TAKEN_IN, settles, rules)


def test_hours_are_due_that_closed_or_of_which_something_came_or_went() -> None:
    prints = {0: seen(3), HOUR: seen(4), 2 * HOUR: seen(5), 5 * HOUR: seen(1)}
    marks = {0: mark(3), HOUR: mark(3), 3 * HOUR: mark(2)}
    found = due(prints, marks, 5 * HOUR + 1, RULES, forgotten=0)
    assert (found.new, found.settling, found.until) == ((HOUR, 2 * HOUR, 3 * HOUR), (), 5 * HOUR)


def test_an_hour_waits_for_the_time_at_which_something_in_it_is_decided() -> None:
    marks = {0: mark(3, settles=9 * HOUR), HOUR: mark(4, settles=9 * HOUR + 1)}
    prints = {0: seen(3), HOUR: seen(4)}
    assert due(prints, marks, 9 * HOUR, RULES, forgotten=0).settling == (0,)


def test_other_rules_judge_every_hour_again_but_not_those_whose_facts_the_store_forgets() -> None:
    assert due({0: seen(3)}, {0: mark(3)}, 9 * HOUR, RULES + 1, forgotten=0).new == (0,)
    assert due({0: seen(2)}, {0: mark(3)}, 9 * HOUR, RULES + 1, forgotten=TAKEN_IN + 1).new == ()


def test_changes_that_others_should_show_are_never_forgotten() -> None:
    forgotten = MEASURES[PROPAGATION].forgotten(9000 * DAY)
    assert due({0: Print(2, 20, 0)}, {0: mark(3)._replace(oldest_us=0)}, 9 * HOUR, RULES, forgotten).new == (0,)
    assert MEASURES[EVENTS].forgotten(9000 * DAY) == (9000 - 399) * DAY


def test_a_round_after_a_long_downtime_takes_the_earliest_hours_and_no_more() -> None:
    prints = {hour * HOUR: seen(1) for hour in range(1000)}
    found = due(prints, {}, 2000 * HOUR, RULES, forgotten=0)
    assert found.new == tuple(hour * HOUR for hour in range(HOURS_A_ROUND))
    assert found.until == HOURS_A_ROUND * HOUR


def test_hours_that_lie_close_are_asked_for_together_a_day_at_most() -> None:
    hours = [hour * HOUR for hour in (*range(30), 40, 47, 48)]
    assert [(begin // HOUR, end // HOUR) for begin, end in stretches(hours)] == [(0, 24), (24, 48), (48, 49)]
    assert list(stretches([])) == []


def test_percentiles_of_counted_durations_are_those_of_the_durations() -> None:
    durations = [Random(1).randrange(1, 200) for _ in range(999)]
    found = put_together([(durations[:1], [1]), *(([one], [1]) for one in durations[1:])])
    cuts = quantiles(durations, n=100, method="inclusive")
    assert [percentile(found, share) for share in (0.5, 0.95, 0.99)] == pytest.approx([cuts[49], cuts[94], cuts[98]])
    assert lower_median({1: 2, 5: 1, 9: 1}) == 1
    assert percentile({}, 0.5) != percentile({}, 0.5)


def test_an_operation_is_the_sum_of_its_hours_at_the_spans_that_measure_its_interface() -> None:
    stored = call_figures(calls=9, errors=2, took_us=[SECOND], took_calls=[9], given_up=1, fewest_attempts=3)
    now = call_figures(system="ukg", service="ukg", took_us=[3 * SECOND], given_up=1, fewest_attempts=2, retries=1,
                       shortest_wait_us=5, longest_wait_us=5, wait_us=[5], wait_calls=[1])  # fmt: skip
    (one,) = operations([stored, call_figures(kind="producer", calls=50), now])
    assert (one.calls, one.errors, one.given_up, one.fewest_attempts, one.service) == (10, 2, 2, 2, "hub")
    assert (one.median_us, one.shortest_wait_us, one.median_wait_us) == (SECOND, 5, 5)


def test_a_queue_is_told_by_its_producers_alone() -> None:
    sent = call_figures(kind="producer", calls=3, taken=2, lag_us=[7], lag_calls=[2], longest_lag_us=7)
    assert [(one.messages, one.waiting, one.p95_us) for one in queues([sent, call_figures(calls=9)])] == [(3, 1, 7)]


def test_versions_of_a_type_are_told_apart_over_all_hours() -> None:
    rows = [event_figures("/x", "a.b.v1", 1, 2, 50), event_figures("/x", "a.b.v1", 1, 3, 10)]
    found = versions([*rows, event_figures("/x", "a.b.v2", 2, 1, 7), event_figures("/x", "", 0, 0, 7)])
    assert [(one.stem, one.version, one.events, one.first_us, one.last_us) for one in found] == [
        ("a.b", 1, 5, 10, 50), ("a.b", 2, 1, 7, 7),
    ]  # fmt: skip


@pytest.mark.parametrize(("judged", "until"), [(None, 10), (5, 10), (14, 14), (99, 27)])
def test_a_window_is_read_as_stored_as_far_as_it_is_judged(judged: int | None, until: int) -> None:
    known = [] if judged is None else [Judged("calls", 0, judged * HOUR)]
    found = stretch_of(FakeReader(health_judged=known), "calls", 10 * HOUR + 5, 25 * HOUR + 5)
    assert found == Stretch(10 * HOUR, 10 * HOUR, until * HOUR, 27 * HOUR)


def test_a_gap_is_an_hour_that_is_judged_and_without_calls() -> None:
    history = History(-9 * HOUR, 0, 4 * HOUR, [HistoryHour(hour * HOUR, "client", 1, 0, 0, 1.0) for hour in (1, 5)])
    assert [hour // HOUR for hour in gaps(history, 9 * HOUR)] == [0, 2, 3]


def test_the_days_of_an_interface_count_judged_hours_in_which_nobody_called() -> None:
    hours = [
        HistoryHour(at, "client", 4, 1, 2, p95) for at, p95 in ((22 * HOUR, 5.0), (25 * HOUR, 9.0), (31 * HOUR, 7.0))
    ]
    found = days_of(History(0, 20 * HOUR, 30 * HOUR, hours), DAY + 8 * HOUR)
    assert [(one.start_us, one.calls, one.errors, one.quiet, one.worst_us, one.judged) for one in found] == [
        (0, 4, 1, 3, 5.0, True),
        (DAY, 8, 2, 5, 9.0, False),
    ]


def test_machines_are_told_durations_in_seconds_and_which_hours_are_judged() -> None:
    found = operations([call_figures(calls=2, took_calls=[2])])
    health = Health(found, [Verdict("standard", None, ())], queues([call_figures(kind="producer")]), [], [], [], [], [])
    told = health_json(health, History(0, 0, HOUR, [HistoryHour(at, "client", 1, 0, 0, 5e5) for at in (0, HOUR)]))
    (one,) = told["operations"]
    assert (one["p95_seconds"], one["longest_wait_seconds"], told["queues"][0]["longest_seconds"]) == (1.0, 0.0, 0.0)
    assert [(hour["hour"], hour["p95_seconds"], hour["judged"]) for hour in told["hours"]] == [
        ("1970-01-01T00:00:00.000000Z", 0.5, True),
        ("1970-01-01T01:00:00.000000Z", 0.5, False),
    ]
