"""What is slow or fails delays its own work: how long an event takes into the store beside each trouble."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest

from metrics.privacy.keyring import KEYS_FILE, ensure_keyring
from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import connect_url
from metrics.store.errors import StoreError
from streams import topics
from tests.contract.notifiers.servers import HttpReceiver
from tests.faults.scene import ORACLE, Hospital
from tests.faults.stack import Stack, send, wait_until
from tests.faults.test_paused_source import deliver, requests, rubbish
from tests.integration.alerts.programs import AlertsProgram
from tests.integration.alerts.store_scene import StoredCase, StoreScene

pytestmark = pytest.mark.timeout(600)
PROBES = 5
TIMES, SECONDS = 4.0, 3.0
"""An event beside a trouble may take so many times as long as in peace, and at least so many seconds."""
BULK = 40_000
TOLD_SECONDS = 15.0
"""So long at most an alert is on its way to a receiver that answers: it is looked for every second."""
DEAF = [f"deaf{number}" for number in range(6)]
"""Receivers that never answer. An attempt is given up after 5 s: one after the other they would take 30."""
HEAVY = "SELECT count() FROM (SELECT number, cityHash64(number) AS h FROM numbers(60000000) ORDER BY h LIMIT 10)"


class Probe:
    """Sends one event at a time and waits until it is stored."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._number = 1_000

    def seconds(self, topic: str = topics.EVENTS) -> float:
        self._number += 1
        record = requests(ORACLE, self._number, 1)
        began = time.monotonic()
        deliver(self._stack, topic, record)
        sql = "SELECT count() FROM v_cases WHERE case_id = %(case)s"
        wait_until(lambda: self._stack.value(sql, {"case": f"R-{self._number:05d}"}) > 0, every=0.02)
        return time.monotonic() - began

    def typical(self) -> float:
        return median(self.seconds() for _ in range(PROBES))

    def typical_while(self, lasts: Callable[[], bool]) -> float:
        """Of critical events, as long as something else lasts."""
        found: list[float] = []
        while lasts() and len(found) < PROBES:
            found.append(self.seconds(topics.EVENTS_CRITICAL))
        return median(found)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    ensure_keyring(tmp_path / KEYS_FILE)
    with Stack(tmp_path) as running:
        running.start_worker()
        yield running


def test_a_trouble_elsewhere_does_not_delay_events(
    stack: Stack, record_property: Callable[[str, object], None]
) -> None:
    probe = Probe(stack)
    probe.seconds()
    peace = probe.typical()
    beside: dict[str, float] = {}
    with slow_questions(stack):
        beside["slow questions to the store"] = probe.typical()
    with rubbish_of_another_source(stack):
        beside["another source sends rubbish"] = probe.typical()
    with messages_nobody_can_map(stack):
        beside["native messages nobody can map"] = probe.typical()
    with bulk_backlog(stack) as lasts:
        beside["a backlog of bulk, for critical events"] = probe.typical_while(lasts)
    told = {name: f"{seconds:.2f} s, {seconds / peace:.1f} times" for name, seconds in beside.items()}
    print(f"in peace {peace:.2f} s; beside {told}")
    record_property("latency", told)
    assert all(seconds <= max(TIMES * peace, SECONDS) for seconds in beside.values()), told


@contextmanager
def slow_questions(stack: Stack) -> Iterator[None]:
    """A page that asks for too much, again and again."""
    over, asked = threading.Event(), threading.Event()

    def ask() -> None:
        client = connect_url(stack.store_url, DEFAULT_DATABASE)
        while not over.is_set():
            try:
                asked.set()
                list(client.rows(HEAVY, {}))
            except StoreError:
                time.sleep(0.1)
        client.close()

    asking = threading.Thread(target=ask)
    asking.start()
    asked.wait()
    yield
    over.set()
    asking.join()


@contextmanager
def rubbish_of_another_source(stack: Stack) -> Iterator[None]:
    deliver(stack, topics.EVENTS, [rubbish(number) for number in range(500)])
    yield
    assert stack.value("SELECT count() FROM v_source_pauses WHERE paused = 1") == 1


@contextmanager
def messages_nobody_can_map(stack: Stack) -> Iterator[None]:
    """The worker of sources has its hands full of what its mapping fails at."""
    worker = stack.start_worker(module=("metrics.cli", "worker", "sources"))
    broken = [(b"%d" % n, b"{" * 500, [("fg-system", b"coupa")], None, None) for n in range(5_000)]
    deliver(stack, topics.NATIVE, broken)
    yield
    wait_until(lambda: stack.value("SELECT count() FROM v_dead_letters WHERE topic = 'flowglass.native'") > 0)
    worker.kill()
    worker.wait()


@contextmanager
def bulk_backlog(stack: Stack) -> Iterator[Callable[[], bool]]:
    """Gives whether it lasts."""
    steps = [step.record(feed="/bulk/prod") for step in Hospital(seed=3).steps(BULK)]
    asyncio.run(send(stack.broker_address, steps, topics.EVENTS_BULK))
    stored = "SELECT count() FROM v_events WHERE startsWith(origin, %(topic)s)"
    yield lambda: stack.value(stored, {"topic": f"{topics.EVENTS_BULK}/"}) < BULK


def test_webhooks_that_never_answer_delay_no_other_receiver_and_no_event(
    stack: Stack, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    probe, quick = Probe(stack), HttpReceiver()
    probe.seconds()
    peace = probe.typical()
    with (
        deaf_receiver() as (port, called),
        alerts_told(stack, tmp_path, alerts_file(port, quick.port)) as scene,
    ):
        told: list[float] = []
        for number in range(4):
            began = time.monotonic()
            scene.cases([StoredCase("p", f"c{number}", f"interface {number}")])
            wait_until(lambda number=number: any(b"interface %d" % number in got.body for got in quick.got))  # type: ignore[misc]
            told.append(time.monotonic() - began)
        beside = probe.typical()
        assert len(called) >= len(DEAF), "not every receiver that never answers was talked to: nothing was tried"
        waiting = "SELECT uniqExact(receiver) FROM v_alert_messages WHERE state = 'queued'"
        assert stack.value(waiting) == len(DEAF)  # nothing is dropped for them either
    quick.close()
    record_property("latency", {"alerts": told, "events": beside})
    print(f"alerts to the other receiver after {told} s; events in peace {peace:.2f} s, beside it {beside:.2f} s")
    assert max(told[1:]) < TOLD_SECONDS, told  # the first waits for the program to start
    assert beside <= max(TIMES * peace, SECONDS), (peace, beside)


def alerts_file(deaf_port: int, quick_port: int) -> str:
    """Everything goes to everybody, at once."""
    ports = dict.fromkeys(DEAF, deaf_port) | {"quick": quick_port}
    address = "http://127.0.0.1:{}/"
    receivers = {
        name: {"webhook": {"url": address.format(port), "secret": {"env": "HOOK"}}} for name, port in ports.items()
    }
    return json.dumps({
        "every": "1s",
        "conditions": {"breach": {"hold": "0s", "keep": "0s"}, "feed_silent": {"enabled": False}},
        "hosts": [{"name": "127.0.0.1", "private": True}],
        "receivers": receivers,
        "routes": [{"name": "all", "to": list(ports), "group_wait": "0s", "group_interval": "0s"}],
    })  # fmt: skip


@contextmanager
def deaf_receiver() -> Iterator[tuple[int, list[socket.socket]]]:
    """Takes every call and says nothing, ever: its port, and the calls."""
    calls: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        while True:
            try:
                calls.append(listener.accept()[0])
            except OSError:
                return

    taking = threading.Thread(target=take, daemon=True)
    taking.start()
    yield int(listener.getsockname()[1]), calls
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    taking.join()
    for call in calls:
        call.close()


@contextmanager
def alerts_told(stack: Stack, folder: Path, file: str) -> Iterator[StoreScene]:
    """The program that tells alerts, and a hand that writes cases in trouble."""
    program, scene = AlertsProgram(folder, stack.store_url, file), StoreScene(stack.store, time.time_ns() // 1_000)
    scene.feed()
    program.start()
    try:
        yield scene
    finally:
        program.kill()
