"""The program against a real Alertmanager: grouped, posted again, resolved, and nothing lost while it is away."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import sleep, time_ns

import pytest

from metrics.store.client import StoreClient
from tests.contract.notifiers.servers import HttpReceiver
from tests.integration.alerts.programs import Alertmanager, AlertsProgram, wait_until
from tests.integration.alerts.store_scene import StoredCase, StoreScene
from tests.integration.store.front_process import StoreFront

pytestmark = [pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(400)]

FILE = """\
every: 1s
conditions:
  breach: {hold: 1s, keep: 1s}
  feed_silent: {enabled: false}
hosts: [{name: 127.0.0.1, private: true}]
receivers:
  manager: {alertmanager: {url: "http://127.0.0.1:%d", resend: 2s, hold: 60s}}
routes: [{name: all, to: manager}]
"""
INTERFACES = ("coupa to erp", "erp to warehouse", "hr to identity")


@pytest.fixture
def pages() -> Iterator[HttpReceiver]:
    """What Alertmanager pages people with."""
    receiver = HttpReceiver()
    yield receiver
    receiver.close()


@pytest.fixture
def manager(tmp_path: Path, pages: HttpReceiver) -> Iterator[Alertmanager]:
    made = Alertmanager(tmp_path / "alertmanager", pages.port)
    yield made
    made.stop()


@pytest.fixture
def program(tmp_path: Path, store_front: StoreFront, manager: Alertmanager) -> Iterator[AlertsProgram]:
    made = AlertsProgram(tmp_path, store_front.url, FILE % manager.port)
    yield made
    made.kill()


def paged(pages: HttpReceiver) -> list[tuple[str, str, str]]:
    """(status, process, cause) of each page."""
    bodies = [json.loads(got.body) for got in pages.got]
    return [(one["status"], one["commonLabels"]["process"], one["commonLabels"]["cause"]) for one in bodies]


def made(store: StoreClient) -> int:
    """Messages so far."""
    return int(store.command("SELECT count() FROM v_alert_messages"))


def test_a_broken_interface_with_four_hundred_cases_is_one_page_and_one_all_clear(
    store: StoreClient, manager: Alertmanager, program: AlertsProgram, pages: HttpReceiver
) -> None:
    scene = StoreScene(store, time_ns() // 1000)
    scene.feed()
    cases = [StoredCase(f"p{n % 2}", f"c{n}", INTERFACES[n % 3]) for n in range(2400)]
    scene.cases(cases)
    manager.start()
    program.start()
    six = {(f"p{p}", name): "400" for p in range(2) for name in INTERFACES}
    wait_until(lambda: manager.alerts() == six, "six alerts with 400 cases each")
    wait_until(lambda: len(paged(pages)) == 6, "six pages")
    sleep(8)  # longer than Alertmanager's resolve_timeout: they are posted again
    assert manager.alerts() == six
    assert Counter(status for status, _, _ in paged(pages)) == {"firing": 6}

    manager.stop()  # it forgets what fires; its own log of pages stays
    scene.cases([one._replace(status="met", open=False) for one in cases if one.interface == INTERFACES[0]])
    scene.cases([StoredCase("p9", f"n{n}", INTERFACES[0]) for n in range(7)])
    wait_until(lambda: made(store) == 9, "one more has fired and two have ended, while nobody hears it")
    assert "trying again" in program.said()
    sleep(5)
    manager.start()
    after = {key: count for key, count in six.items() if key[1] != INTERFACES[0]} | {("p9", INTERFACES[0]): "7"}
    assert wait_until(lambda: manager.alerts() == after, "all that changed meanwhile") < 30
    wait_until(lambda: len(paged(pages)) >= 9, "a page for the new one and two all clears")
    assert Counter(paged(pages))["resolved", "p0", INTERFACES[0]] == 1
    assert Counter(paged(pages))["resolved", "p1", INTERFACES[0]] == 1
    assert Counter(status for status, _, _ in paged(pages)) == {"firing": 7, "resolved": 2}
    assert program.stop() == 0
    rows = list(store.rows("SELECT state, count() AS n FROM v_alert_messages GROUP BY state"))
    assert rows == [{"state": "delivered", "n": 9}]
