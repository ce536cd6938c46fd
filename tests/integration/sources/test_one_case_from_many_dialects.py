"""Real programs: native messages of four products become one case, with no trace carrier in any of them."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streams import topics
from streams.producer import Outgoing, start_producer
from streams.sources.native import CAUSE, outgoing
from tests.faults.stack import Stack, wait_until
from tests.faults.stack import send as send_events
from tests.integration.sources.asking import questions
from tests.integration.sources.one_order import ANSWERS, MILESTONES, REQUISITION, STORY

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("sources")) as made:
        made.start_worker(module=("metrics.cli", "worker", "sources"))
        made.start_worker()
        yield made


async def send(broker: str, records: list[Outgoing]) -> None:
    async with await start_producer(broker, "test") as producer:
        await producer.send_many(topics.NATIVE, records)
        await producer.flush()


def answer(asked: dict[str, Any]) -> Outgoing:
    """What the asked system answers, sent as its own message with the cause beside it."""
    system, body = ANSWERS[asked["cause"]["subject"]]
    assert asked["system"] == system
    return outgoing(system, body, {CAUSE: json.dumps(asked["cause"])})


def test_a_requisition_is_followed_through_four_products_into_one_case(stack: Stack) -> None:
    asyncio.run(send(stack.broker_address, [outgoing(system, body) for system, body in STORY]))
    asked = asyncio.run(questions(stack.broker_address, len(ANSWERS)))
    asyncio.run(send(stack.broker_address, [answer(one) for one in asked]))
    state = "SELECT state FROM v_cases WHERE process = 'requisition_to_pay'"
    wait_until(lambda: [row["state"] for row in stack.rows(state)] == ["paid"], within=200, every=0.5)
    reached = stack.rows(
        "SELECT milestone FROM v_milestones WHERE case_id = %(case)s ORDER BY first", {"case": REQUISITION}
    )
    assert [row["milestone"] for row in reached] == MILESTONES
    sources = stack.rows("SELECT DISTINCT source FROM v_case_events WHERE case_id = %(case)s", {"case": REQUISITION})
    assert len(sources) == 4
    assert stack.value("SELECT count() FROM v_dead_letters") == 0
    assert stack.value("SELECT count() FROM v_case_events WHERE trace_id != ''") == 0


def test_the_same_messages_again_change_nothing(stack: Stack) -> None:
    stack.settle("cases", "sources")
    before = stack.rows("SELECT * FROM v_cases ORDER BY case_id")
    events = stack.value("SELECT count() FROM v_events")
    asyncio.run(send(stack.broker_address, [outgoing(system, body) for system, body in STORY]))
    stack.settle("sources")
    stack.settle("cases")
    assert stack.value("SELECT count() FROM v_event_records") > events
    assert stack.value("SELECT count() FROM v_events") == events
    assert stack.rows("SELECT * FROM v_cases ORDER BY case_id") == before


def test_a_secret_that_a_message_carries_is_nowhere(stack: Stack, tmp_path: Path) -> None:
    broken = next(body for system, body in STORY if system == "ariba").replace(
        b"<OrderRequest>", b"<Unknown><OrderRequest>"
    )
    asyncio.run(send(stack.broker_address, [outgoing("ariba", broken)]))
    wait_until(lambda: stack.value("SELECT count() FROM v_dead_letters") == 1, within=100, every=0.5)
    for table in ("events", "dead_letters", "cases", "case_events", "objects", "source_states"):
        rows = stack.rows(f"SELECT * FROM {table}")
        assert "canary-Secret-17" not in repr(rows), table
    assert "canary-Secret-17" not in stack.worker_log()


def test_an_event_that_breaks_its_contract_goes_on_and_is_an_exception_of_the_owner(stack: Stack) -> None:
    told = {
        "specversion": "1.0", "id": "broken", "source": "/erp/test", "type": "requisition.approved.v1",
        "subject": "worker/1", "time": "2026-03-05T10:00:00Z", "data": {"objects": [{"type": "worker", "id": "1"}]},
    }  # fmt: skip
    asyncio.run(send_events(stack.broker_address, [(b"1", json.dumps(told).encode())]))
    found = "SELECT type, code, domain, events FROM v_contract_breaches WHERE source = '/erp/test'"
    wait_until(lambda: len(stack.rows(found)) > 0, within=100, every=0.5)
    assert stack.value("SELECT count() FROM v_events WHERE event_id = 'broken'") == 1
    (row, *_) = stack.rows(found)
    assert (row["type"], row["events"]) == ("requisition.approved.v1", 1)
    assert row["domain"]
