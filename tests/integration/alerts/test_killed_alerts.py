"""kill -9 of the program while a webhook receiver comes and goes: each message arrives, known by its id."""

import json
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import sleep, time_ns

import pytest

from metrics.store.client import StoreClient
from tests.contract.notifiers.servers import HttpReceiver
from tests.integration.alerts.programs import AlertsProgram, wait_until
from tests.integration.alerts.store_scene import StoredCase, StoreScene
from tests.integration.store.front_process import StoreFront

pytestmark = [pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(400)]

FILE = """\
every: 1s
conditions:
  breach: {hold: 0s, keep: 0s}
  feed_silent: {enabled: false}
hosts: [{name: 127.0.0.1, private: true}]
receivers:
  hook: {webhook: {url: "http://127.0.0.1:%d/x", secret: {env: HOOK}}}
routes: [{name: all, to: hook, group_wait: 0s, group_interval: 0s}]
"""
KILLS = 4


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    made = HttpReceiver()
    yield made
    made.close()


@pytest.fixture
def program(tmp_path: Path, store_front: StoreFront, receiver: HttpReceiver) -> Iterator[AlertsProgram]:
    made = AlertsProgram(tmp_path, store_front.url, FILE % receiver.port)
    yield made
    made.kill()


def arrived(receiver: HttpReceiver) -> dict[str, dict[str, str]]:
    """Message id → cause → status, of what was taken (each answer but 200 is none)."""
    bodies = [json.loads(got.body) for got in receiver.got]
    return {one["message"]: {alert["labels"]["cause"]: alert["status"] for alert in one["alerts"]} for one in bodies}


def is_heard(receiver: HttpReceiver, cause: str) -> bool:
    return any(cause in one for one in arrived(receiver).values())


def test_each_firing_and_each_end_arrives_although_the_program_is_killed(
    store: StoreClient, program: AlertsProgram, receiver: HttpReceiver
) -> None:
    scene, chance = StoreScene(store, time_ns() // 1000), random.Random(7)
    scene.feed()
    for number in range(KILLS):
        receiver.replies = [(503, {})] * chance.randrange(3)
        scene.cases([StoredCase("p", f"c{number}-{n}", f"interface {number}") for n in range(5)])
        program.start()
        wait_until(partial(is_heard, receiver, f"interface {number}"), "it fires")
        sleep(chance.random())
        program.kill()
        store.command("ALTER TABLE alert_leases DELETE WHERE 1 SETTINGS mutations_sync = 2")  # nobody waits 30 s here
    gone = [StoredCase("p", f"c{number}-{n}", status="met", open=False) for number in range(KILLS) for n in range(5)]
    scene.cases(gone)
    program.start()
    wait_until(lambda: sum("resolved" in one.values() for one in arrived(receiver).values()) == KILLS, "all ends")
    assert program.stop() == 0
    told = sorted((cause, status) for one in arrived(receiver).values() for cause, status in one.items())
    assert told == sorted((f"interface {n}", status) for n in range(KILLS) for status in ("firing", "resolved"))
    states = list(store.rows("SELECT state, count() AS n FROM v_alert_messages GROUP BY state"))
    assert states == [{"state": "delivered", "n": 2 * KILLS}]
