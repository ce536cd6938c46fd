"""A source that sends rubbish is kept away, alone, in real workers; a resume and a replay bring everything back."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from metrics.privacy.keyring import KEYS_FILE, ensure_keyring, read_keyring
from metrics.privacy.sealing import Sealer
from metrics.store.queries import Queries
from streams import topics
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.letters import Which, read_letters, read_originals
from streams.dead_letters.originals import REPLAY_HEADER
from streams.producer import Outgoing, start_producer
from tests.faults.figures import record
from tests.faults.scene import COUPA, ORACLE, Step
from tests.faults.stack import PARTITIONS, ROOT, Stack, wait_until
from tests.unit.streams.spans.otlp import message, span

pytestmark = pytest.mark.timeout(600)
RUBBISH = 150
AT_ONCE = 20
GOOD, BAD = "sap-adapter", "coupa-adapter"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    ensure_keyring(tmp_path / KEYS_FILE)  # with it originals of dead letters are kept
    with Stack(tmp_path) as running:
        yield running


def test_a_source_over_its_limit_is_kept_away_until_it_is_resumed_and_nothing_is_lost(stack: Stack) -> None:
    worker = stack.start_worker()
    deliver(stack, topics.EVENTS, [rubbish(number) for number in range(RUBBISH)])
    wait_until(lambda: paused(stack) == {COUPA: "limit"}, every=0.2)
    wait_until(lambda: letters(stack) == {"bad_time": RUBBISH}, every=0.2)

    aside = requests(COUPA, 0, AT_ONCE)
    deliver(stack, topics.EVENTS, aside)
    deliver(stack, topics.EVENTS, requests(ORACLE, 1_000, AT_ONCE))
    wait_until(lambda: cases(stack, 1_000) == AT_ONCE)  # while the other is away
    wait_until(lambda: letters(stack).get(SOURCE_PAUSED) == AT_ONCE, every=0.2)
    assert cases(stack, 0) == 0
    assert originals(stack, SOURCE_PAUSED) == {(record[0], record[1]) for record in aside}

    worker.kill()
    worker.wait()
    stack.start_worker()
    deliver(stack, topics.EVENTS, requests(COUPA, AT_ONCE, AT_ONCE))
    wait_until(lambda: letters(stack).get(SOURCE_PAUSED) == 2 * AT_ONCE, every=0.2)

    assert run(stack, "source", "resume", COUPA, "--why", "the mapping is right again").returncode == 0
    probes = probe_until(stack, lambda number: requests(COUPA, 2 * AT_ONCE + number, 1), lambda: cases(stack, 0) > 0)
    done = run(stack, "dlq", "replay", "--reason", SOURCE_PAUSED, "--source", COUPA, "--wait", "60", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["sent"] >= 2 * AT_ONCE

    wanted = 2 * AT_ONCE + probes
    wait_until(lambda: cases(stack, 0) == wanted, every=0.2)
    assert letters(stack)["bad_time"] == RUBBISH
    record(11, f"{RUBBISH} unreadable records of a source: as many dead letters, a pause, nobody else delayed")
    count = "SELECT count() AS rows, uniqExact(event_id) AS ids FROM v_events"
    assert stack.rows(count) == [{"rows": wanted + AT_ONCE, "ids": wanted + AT_ONCE}]


def test_a_replayed_record_is_the_one_that_came_and_says_that_it_is_a_replay(stack: Stack) -> None:
    stack.start_worker()
    headers = [
        ("ce_specversion", b"1.0"), ("ce_id", b"b-1"), ("ce_source", COUPA.encode()), ("ours", b"\xff\x00"),
        ("ce_type", b"requisition.submitted.v1"), ("content-type", b"application/json"), ("ours", b"again"),
    ]  # fmt: skip
    came: Outgoing = (b"wrong\x00key", b'{"objects":[', headers, 2, None)
    deliver(stack, topics.EVENTS, [came])
    wait_until(lambda: letters(stack) == {"malformed_json": 1}, every=0.2)
    done = run(stack, "dlq", "replay", "--all", "--wait", "60", "--json")
    assert done.returncode == 1
    assert [one["reason"] for one in json.loads(done.stdout)["died_again"]] == ["malformed_json"]

    first, second = asyncio.run(records_of(stack.broker_address, topics.EVENTS, 2, 2))
    assert (second.key, second.value, second.headers[:-1]) == (first.key, first.value, first.headers)
    assert (first.key, first.headers) == (came[0], tuple(headers))
    assert second.headers[-1][0] == REPLAY_HEADER
    listed = json.loads(run(stack, "dlq", "list", "--json").stdout)["dead_letters"]
    assert [one["state"] for one in listed] == ["died_again"] * 2
    assert len({one["message"] for one in listed}) == 1


def test_a_service_whose_spans_cannot_be_read_is_kept_away_and_its_neighbours_in_the_same_record_are_not(
    stack: Stack,
) -> None:
    stack.start_worker(module=("metrics.cli", "worker", "spans"))
    broken = message(*(span(trace_id=b"", name=str(n)) for n in range(RUBBISH)), resource={"service.name": BAD})
    deliver(stack, topics.SPANS, [(None, broken.SerializeToString(), [("x", b"1")], 1, None)])
    wait_until(lambda: paused(stack) == {BAD: "limit"}, every=0.2)

    deliver(stack, topics.SPANS, [mixed(1)])
    wait_until(lambda: spans(stack) == {GOOD: 3})  # while the other is away
    wait_until(lambda: letters(stack) == {"bad_trace_id": RUBBISH, SOURCE_PAUSED: 1}, every=0.2)
    assert run(stack, "source", "resume", BAD).returncode == 0
    probes = probe_until(stack, lambda number: [mixed(2 + number)], lambda: BAD in spans(stack), topics.SPANS)
    done = run(stack, "dlq", "replay", "--reason", SOURCE_PAUSED, "--source", BAD, "--wait", "60", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: spans(stack) == {GOOD: 3 * (1 + probes), BAD: 2 * (1 + probes)}, every=0.2)
    assert stack.value("SELECT count() - uniqExact(trace_id, span_id) FROM v_span_records") == 0


def rubbish(number: int) -> Outgoing:
    """A record of the bad source that nobody can read."""
    key, value = Step(90_000 + number, "requisition.submitted.v1", COUPA, 0, (("requisition", f"X-{number}"),)).record()
    at = value.index(b'"time":"') + len(b'"time":"')
    return key, value[:at] + b"13/45/" + value[at:], [], None, None


def requests(source: str, first: int, count: int) -> list[Outgoing]:
    """Good events, each of a case of its own, numbered from `first`."""
    now = datetime.now(UTC) - timedelta(hours=1)
    steps = [
        Step(number, "requisition.submitted.v1", source, 0, (("requisition", f"R-{number:05d}"),))
        for number in range(first, first + count)
    ]
    return [(*step.record(feed=source, begin=now), [], None, None) for step in steps]


def mixed(number: int) -> Outgoing:
    """A record with spans of both services, as a Collector batches them."""
    good, bad = (
        message(*(_numbered(number, one) for one in ids), resource={"service.name": service})
        for service, ids in ((GOOD, (1, 2, 3)), (BAD, (4, 5)))
    )
    good.resource_spans.extend(bad.resource_spans)
    return None, good.SerializeToString(), [], number % PARTITIONS, None


def _numbered(record: int, one: int) -> Any:
    return span(span_id=(record * 16 + one).to_bytes(8, "big"))


def deliver(stack: Stack, topic: str, records: Sequence[Outgoing]) -> None:
    async def go() -> None:
        async with await start_producer(stack.broker_address, "test") as producer:
            await producer.send_many(topic, records)
            await producer.flush()

    asyncio.run(go())


def probe_until(
    stack: Stack, make: Callable[[int], list[Outgoing]], done: Callable[[], bool], topic: str = topics.EVENTS
) -> int:
    """Send a record a second until the worker has heard of the resume; how many it took."""
    for number in range(60):
        deliver(stack, topic, make(number))
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            if done():
                return number + 1
            time.sleep(0.1)
    raise AssertionError("the resume was never heard of")


def run(stack: Stack, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command as people run it."""
    environment = {
        **os.environ,
        "FLOWGLASS_BROKER_URL": stack.broker_address,
        "FLOWGLASS_STORE_URL": stack.store_url,
        "FLOWGLASS_DATA_DIR": str(stack.folder),
        "FLOWGLASS_PRIVACY": "off",
    }
    command = [sys.executable, "-m", "metrics.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def paused(stack: Stack) -> dict[str, str]:
    return {row["source"]: row["cause"] for row in stack.rows("SELECT * FROM v_source_pauses WHERE paused = 1")}


def letters(stack: Stack) -> dict[str, int]:
    sql = "SELECT reason, count() AS n FROM v_dead_letters GROUP BY reason"
    return {row["reason"]: row["n"] for row in stack.rows(sql)}


def originals(stack: Stack, reason: str) -> set[tuple[bytes | None, bytes]]:
    """Key and value of the records that letters keep, opened."""
    reader, seal = Queries(stack.store), Sealer(read_keyring(stack.folder / KEYS_FILE))
    found = read_originals(reader, seal, read_letters(reader, Which(reason=reason)), 0)
    return {(original.key, original.value) for _, original in found if not isinstance(original, str)}


def cases(stack: Stack, first: int) -> int:
    """Cases of requisitions numbered `first` and the 999 after it."""
    sql = """SELECT uniqExact(case_id) FROM v_cases WHERE process = 'requisition_to_pay'
             AND intDiv(toUInt32OrZero(substring(case_id, 3)), 1000) = %(thousand)s AND startsWith(case_id, 'R-')"""
    return int(stack.value(sql, {"thousand": first // 1000}))


def spans(stack: Stack) -> dict[str, int]:
    sql = "SELECT service, count() AS n FROM v_spans GROUP BY service"
    return {row["service"]: row["n"] for row in stack.rows(sql)}


async def records_of(broker: str, topic: str, partition: int, count: int) -> list["ConsumerRecord[bytes, bytes]"]:
    """The first records of a partition, as they lie in the log."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, partition)])
        return [await asyncio.wait_for(consumer.getone(), 30) for _ in range(count)]
    finally:
        await consumer.stop()
