"""From committed state to messages, on the real engine."""

from collections.abc import Callable
from pathlib import Path
from time import time_ns

import pytest

from metrics.store.client import StoreClient
from metrics.words import HOUR, MINUTE, SECOND
from tests.faults.figures import record
from tests.integration.alerts.evaluating import Died, Running, plan_of, told
from tests.integration.alerts.store_scene import StoredCase, StoreScene

pytestmark = pytest.mark.store

FILE = """\
interfaces: [{interface: "*", owner: integration_team}]
hosts: [{name: 127.0.0.1, private: true}]
receivers: {hook: {webhook: {url: "http://127.0.0.1:9/x", secret: {env: HOOK}}}}
routes: [{name: all, to: hook, group_wait: 5s, group_interval: 1m}]
inhibit: [{name: r, while: {kind: breach}, hold: {kind: [at_risk, stuck]}, equal: [process, cause]}]
"""
NOW = time_ns() // 1000
INTERFACES = ("coupa→erp", "erp→wms", "hr→idp")
"""Three that are broken."""


@pytest.fixture
def scene(store: StoreClient) -> StoreScene:
    made = StoreScene(store, NOW)
    made.feed()
    return made


@pytest.fixture
def running(store: StoreClient, tmp_path: Path) -> Callable[[], Running]:
    return lambda: Running(store, plan_of(tmp_path, FILE))


def broken(count: int) -> list[StoredCase]:
    return [StoredCase(f"p{n % 2}", f"c{n}", INTERFACES[n % 3]) for n in range(count)]


def test_ten_thousand_breaches_of_three_broken_interfaces_in_two_processes_are_six_alerts(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    cases = broken(10_000)
    run = running()
    for part in range(10):  # they come within ten seconds, and are looked at meanwhile
        scene.cases(cases[part * 1000 : (part + 1) * 1000])
        if part % 3 == 0:
            assert run.round(NOW + part * SECOND) == []
    run.round(NOW + 16 * SECOND)
    expected = {
        (f"p{p}", name): sum(1 for n in range(10_000) if n % 2 == p and INTERFACES[n % 3] == name)
        for p in range(2)
        for name in INTERFACES
    }
    found = {(one["process"], one["cause"]): one["count"] for one in run.alerts()}
    record(16, f"{len(cases):,} breaches of {len(INTERFACES)} interfaces in 2 processes: {len(found)} alerts")
    assert found == expected
    assert {one["owner"] for one in run.alerts()} == {"integration_team"}
    assert sum(float(one["amounts"][8:-2]) for one in run.alerts()) == 100_000
    messages = run.round(NOW + 25 * SECOND)
    assert told(messages) == [("hook", "firing", 1)] * 6
    assert run.round(NOW + 40 * SECOND) == []


def test_cases_without_a_broken_interface_are_gathered_by_the_stage_they_wait_in(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    scene.cases([StoredCase("p", f"c{n}", state=("a", "b")[n % 2]) for n in range(10)])
    run = running()
    run.round(NOW)
    run.round(NOW + 15 * SECOND)
    assert [(one["cause_kind"], one["cause"], one["count"], one["owner"]) for one in run.alerts()] == [
        ("stage", "a", 5, "procurement"),
        ("stage", "b", 5, "procurement"),
    ]


def test_only_a_call_that_failed_the_case_where_it_waits_is_a_cause(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    scene.cases(
        [
            StoredCase("well", "a", "x", failed=False),
            StoredCase("before", "b", "x", failed_ago=90 * MINUTE),
            StoredCase("here", "c", "x"),
            StoredCase("named", "d", "x", by_object=True),
        ]
    )
    run = running()
    run.round(NOW)
    run.round(NOW + 15 * SECOND)
    assert {one["process"]: one["cause_kind"] for one in run.alerts()} == {
        "well": "stage",
        "before": "stage",
        "here": "interface",
        "named": "interface",
    }


def test_a_cause_is_remembered_while_the_case_waits_however_old_its_failure_gets(
    scene: StoreScene, running: Callable[[], Running], store: StoreClient
) -> None:
    scene.cases([StoredCase("p", "c", "coupa→erp")])
    run = running()
    run.round(NOW)
    run.round(NOW + 15 * SECOND)
    store.command("TRUNCATE TABLE spans")
    run.round(NOW + 2 * MINUTE)
    run.restart(NOW)
    run.round(NOW + 3 * MINUTE)
    assert [one["cause"] for one in run.alerts()] == ["coupa→erp"]


def test_an_alert_is_resolved_when_its_cases_go_on(scene: StoreScene, running: Callable[[], Running]) -> None:
    cases = broken(60)
    scene.cases(cases)
    run = running()
    for second in (0, 15, 25):
        run.round(NOW + second * SECOND)
    scene.cases([one._replace(status="met", open=False) for one in cases if one.interface == "hr→idp"])
    run.round(NOW + 30 * SECOND)
    messages = run.round(NOW + 95 * SECOND)
    assert told(messages) == [("hook", "resolved", 1)] * 2
    assert len(run.alerts()) == 4
    left = next(run.client.rows("SELECT countIf(left IS NULL) AS here, count() AS all FROM v_alert_cases"))
    assert (left["here"], left["all"]) == (40, 60)


def test_what_history_brings_is_muted_and_only_what_still_holds_fires_when_the_feed_is_live(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    scene.feed("history", "backfill")
    old = [one._replace(feed="history") for one in broken(600)]
    scene.cases(old)
    run = running()
    for second in (0, 15, 60, 600):
        assert run.round(NOW + second * SECOND) == []
    assert (len(run.alerts("muted")), run.alerts()) == (6, [])
    scene.cases([one._replace(status="met", open=False) for one in old if one.interface != "hr→idp"])
    scene.feed("history", "live")
    run.round(NOW + 700 * SECOND)
    messages = run.round(NOW + 706 * SECOND)
    assert told(messages) == [("hook", "firing", 1)] * 2
    assert {one["cause"] for one in run.alerts()} == {"hr→idp"}


def test_cases_of_live_feeds_are_counted_without_those_of_feeds_in_their_history(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    scene.feed("history", "backfill")
    scene.cases([StoredCase("p", "live", "x"), StoredCase("p", "old", "x", feed="history")])
    run = running()
    run.round(NOW)
    run.round(NOW + 15 * SECOND)
    assert [one["count"] for one in run.alerts()] == [1]


def test_simulated_trouble_is_an_alert_of_its_own_and_says_so(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    scene.cases([StoredCase("p", "real", "x"), StoredCase("p", "played", "x", simulated=True)])
    run = running()
    for second in (0, 15):
        run.round(NOW + second * SECOND)
    messages = run.round(NOW + 25 * SECOND)
    assert sorted(one.message.is_simulated for one in messages) == [False, True]
    assert [(one["count"], one["simulated"]) for one in run.alerts()] == [(1, 0), (1, 1)]


def test_no_case_and_no_amount_is_in_a_label_or_a_link(scene: StoreScene, running: Callable[[], Running]) -> None:
    scene.cases([StoredCase("p", "CASE-4711", "x", amount="99812.34")])
    run = running()
    for second in (0, 15):
        run.round(NOW + second * SECOND)
    (queued,) = run.round(NOW + 25 * SECOND)
    (alert,) = queued.message.alerts
    assert "99812" not in str(alert.labels)
    assert "CASE-4711" not in str(queued.message)


def test_stuck_cases_need_no_clock(scene: StoreScene, running: Callable[[], Running]) -> None:
    scene.cases([StoredCase("p", "c", "x", status="running")])
    run = running()
    run.round(NOW + 25 * MINUTE)
    assert run.alerts("pending") == []
    scene.feed(seen=NOW + 31 * MINUTE)
    run.round(NOW + 31 * MINUTE)
    run.round(NOW + 32 * MINUTE)
    assert [(one["kind"], one["cause"]) for one in run.alerts()] == [("stuck", "x")]


def test_a_silent_feed_and_a_standing_worker_are_told_within_two_minutes(
    scene: StoreScene, running: Callable[[], Running]
) -> None:
    scene.feed("quiet", seen=NOW - 20 * MINUTE)
    scene.flushed("cases", NOW, unread=7)
    run = running()
    run.round(NOW)
    assert [(one["kind"], one["cause"]) for one in run.alerts()] == [("feed_silent", "quiet")]
    run.round(NOW + 91 * SECOND)
    assert ("pipeline_stale", "cases") in [(one["kind"], one["cause"]) for one in run.alerts()]
    record(17, "a worker that stands still is told in the round 91 s after its last flush (the clock is an argument)")
    assert told(run.round(NOW + 97 * SECOND)) != []
    scene.flushed("cases", NOW + 100 * SECOND)
    run.round(NOW + 101 * SECOND)
    assert "pipeline_stale" not in [one["kind"] for one in run.alerts()]


@pytest.mark.parametrize("fails_at", range(1, 5))
def test_wherever_the_program_dies_nothing_is_lost_and_nothing_doubled(
    scene: StoreScene, running: Callable[[], Running], fails_at: int
) -> None:
    """Each round writes up to four tables; it dies before the n-th, and another one takes over."""
    cases = broken(60)
    scene.cases(cases)
    run, seen = running(), dict[str, int]()

    def round_that_dies(second: int) -> None:
        run.writer.left = fails_at - 1
        try:
            queued = run.round(NOW + second * SECOND)
        except Died:
            queued = []
        for one in queued:  # sent, and the program dies before it writes that down
            seen[one.message.id] = seen.get(one.message.id, 0) + 1
        run.restart(NOW)
        for one in run.store.queue():
            seen[one.message.id] = seen.get(one.message.id, 0) + 1
            run.store.save_messages([one], "delivered")

    for second in (0, 15, 25, 40):
        round_that_dies(second)
        run.round(NOW + second * SECOND + 1) if second < 25 else None
    for one in run.round(NOW + 50 * SECOND):
        seen[one.message.id] = seen.get(one.message.id, 0) + 1
    assert len(seen) == 6, "each alert was told, under one id"
    assert len(run.alerts()) == 6
    run.restart(NOW)
    assert run.round(NOW + HOUR) == [], "who starts anew knows what was said"


def test_every_query_of_alerting_runs_on_an_empty_store(running: Callable[[], Running]) -> None:
    run = running()
    assert run.rounds.run(NOW).failed == frozenset()
