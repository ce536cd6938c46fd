"""What is slow or fails delays its own work: how long an event takes into the store beside each trouble."""

import asyncio
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
from tests.faults.scene import ORACLE, Hospital
from tests.faults.stack import Stack, send, wait_until
from tests.faults.test_paused_source import deliver, requests, rubbish

pytestmark = pytest.mark.timeout(600)
PROBES = 5
TIMES, SECONDS = 4.0, 3.0
"""An event beside a trouble may take so many times as long as in peace, and at least so many seconds."""
BULK = 40_000
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
