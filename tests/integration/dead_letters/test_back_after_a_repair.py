"""Real programs: what a wrong mapping could not read comes back once it is repaired, once, and tells nobody's data."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from metrics.privacy.keyring import KEYS_FILE, ensure_keyring
from metrics.store.outcome import OUTCOME, outcome_query
from metrics.store.tables import TABLES
from streams import topics
from streams.producer import Outgoing, start_producer
from streams.sources.native import outgoing
from tests.faults.figures import record
from tests.faults.scene import COUPA, Step
from tests.faults.stack import ROOT, Stack, wait_until
from tests.integration.dead_letters.depot import (
    CANARIES,
    FORMS,
    OWNER,
    REASONS,
    SYSTEM,
    hopeless,
    message,
    right,
    wrong,
)

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(400)]
SOURCES = ("metrics.cli", "worker", "sources")
HOPELESS = 900


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("dead_letters")
    mappings = folder / "mappings"
    mappings.mkdir()
    with pytest.MonkeyPatch.context() as environment, Stack(folder) as made:
        environment.setenv("FLOWGLASS_MAPPINGS", str(mappings))
        ensure_keyring(folder / KEYS_FILE)
        yield made


def mapping(stack: Stack) -> Path:
    return stack.folder / "mappings" / f"{SYSTEM}.yaml"


def deliver(stack: Stack, topic: str, records: list[Outgoing]) -> None:
    async def go() -> None:
        async with await start_producer(stack.broker_address, "test") as producer:
            await producer.send_many(topic, records)
            await producer.flush()

    asyncio.run(go())


def dlq(stack: Stack, *words: str) -> tuple[int, Any]:
    """The exit code of `flowglass dlq …` and what it printed as JSON."""
    environment = {
        **os.environ,
        "FLOWGLASS_BROKER_URL": stack.broker_address,
        "FLOWGLASS_STORE_URL": stack.store_url,
        "FLOWGLASS_DATA_DIR": str(stack.folder),
    }
    command = [sys.executable, "-m", "metrics.cli", "dlq", *words, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert not any(canary in done.stdout + done.stderr for canary in CANARIES)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def requisitions() -> list[Outgoing]:
    """A case for each order to come."""
    begin = datetime.now(UTC) - timedelta(hours=1)
    steps = [
        Step(number, "requisition.submitted.v1", COUPA, 0, (("requisition", f"R-{number:05d}"),))
        for number in range(1, len(FORMS) + 1)
    ]
    return [(*step.record(feed=COUPA, begin=begin), [], None, None) for step in steps]


def outcome(stack: Stack) -> dict[str, list[dict[str, Any]]]:
    return {table: stack.rows(outcome_query(table)) for table in OUTCOME}


def test_letters_of_a_wrong_mapping_have_reason_owner_and_a_masked_excerpt(stack: Stack) -> None:
    mapping(stack).write_text(wrong())
    stack.start_worker()
    stack.start_worker(module=SOURCES)
    deliver(stack, topics.EVENTS, requisitions())
    bad = [message(form, number) for number, form in enumerate(FORMS, 1)]
    deliver(stack, topics.NATIVE, [*bad, hopeless(HOPELESS), outgoing("depto", b'{"name": "Zimtstern"}')])
    wait_until(lambda: stack.value("SELECT count() FROM v_dead_letters") == len(bad) + 2, every=0.2)

    _, told = dlq(stack, "list", "--system", SYSTEM)
    assert sorted(one["reason"] for one in told["dead_letters"]) == sorted([*REASONS, "bad_time"])
    assert {(one["owner"], one["source"], one["original"]) for one in told["dead_letters"]} == {
        (OWNER, "/depot/default", "kept")
    }
    assert all(
        '"requested_by": {"name": "Aaaaa Aaaaaaaaa", "ssn": "999-99-9999"}' in one["excerpt"]
        for one in told["dead_letters"]
    )
    (stranger,) = dlq(stack, "list", "--reason", "unknown_system")[1]["dead_letters"]
    assert (stranger["owner"], stranger["system"]) == ("integration", "depto")


def test_a_rehearsal_says_what_each_would_become_and_sends_nothing(stack: Stack) -> None:
    code, told = dlq(stack, "replay", "--system", SYSTEM, "--dry-run")
    assert code == 1
    assert sorted(one["dies"]["reason"] for one in told["would"]) == sorted([*REASONS, "bad_time"])
    mapping(stack).write_text(right())
    code, told = dlq(stack, "replay", "--system", SYSTEM, "--dry-run")
    gives = [one["gives"] for one in told["would"] if not one["dies"]]
    assert gives == [{"purchase_order.created.v1": 1}] * len(FORMS)
    assert stack.value("SELECT count() FROM v_events WHERE type = 'purchase_order.created.v1'") == 0


def test_after_the_repair_a_replay_brings_the_events_into_their_cases(stack: Stack) -> None:
    stack.start_worker(module=SOURCES)  # of the repaired mapping; the old one is ended below
    old = stack._workers[1]
    old.terminate()
    assert old.wait(30) == 0
    first = {one["message"]: one for one in dlq(stack, "list", "--system", SYSTEM)[1]["dead_letters"]}

    code, told = dlq(stack, "replay", "--system", SYSTEM, "--wait", "90")
    assert (code, told["sent"], told["read"]) == (1, len(FORMS) + 1, True)
    (again,) = told["died_again"]
    assert again["reason"] == "bad_time"
    assert "99/99/9999 aaaaaa" in again["detail"]

    joined = """SELECT case_id FROM v_case_events WHERE process = 'requisition_to_pay'
                AND type = 'purchase_order.created.v1' ORDER BY case_id"""
    wanted = [f"R-{number:05d}" for number in range(1, len(FORMS) + 1)]
    wait_until(lambda: [row["case_id"] for row in stack.rows(joined)] == wanted, every=0.3)
    (kept,) = [one for one in first.values() if one["reason"] == "no_message_kind"]
    time = stack.value("SELECT toString(time) FROM v_events WHERE subject = 'purchase_order/D-1'")
    assert datetime.fromisoformat(time).replace(tzinfo=UTC) == datetime.fromisoformat(kept["ingested"])


def test_the_same_replay_again_changes_nothing(stack: Stack) -> None:
    stack.settle("cases", "sources")  # a case's row follows its events
    before = outcome(stack)
    assert dlq(stack, "replay", "--system", SYSTEM) == (0, {"sent": 0, "died_again": [], "skipped": [], "read": True})
    ids = [row["id"] for row in stack.rows("SELECT id FROM v_dead_letters WHERE system = 'depot' AND replay_of = ''")]
    code, told = dlq(stack, "replay", *ids, "--wait", "90")
    assert (code, told["sent"], len(told["died_again"]), told["read"]) == (1, len(FORMS) + 1, 1, True)
    records = "SELECT count() FROM v_event_records WHERE type = 'purchase_order.created.v1'"
    wait_until(lambda: stack.value(records) == 2 * len(FORMS), every=0.3)
    stack.settle("cases", "sources")
    after = outcome(stack)
    assert after == before
    record(12, f"{told['sent']} dead letters sent again twice: {len(after)} tables of outcome equal")


def test_nothing_that_a_message_said_is_anywhere_in_clear(stack: Stack) -> None:
    assert stack.value("SELECT count() FROM dead_letters WHERE sealed != ''") > 0
    for table in TABLES:
        told = repr(stack.rows(f"SELECT * FROM {table}"))
        assert not [canary for canary in CANARIES if canary in told], table
    log = (stack.folder / "worker.log").read_text()
    assert not [canary for canary in CANARIES if canary in log]
