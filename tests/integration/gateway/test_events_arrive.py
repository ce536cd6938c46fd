"""CloudEvents over HTTP, into the topic of events."""

import json
from pathlib import Path

from streams import topics
from streams.codecs.cloudevents import decode_batch
from tests.integration.gateway.running import BATCH, STRUCTURED, Log, gateway
from tests.unit.streams.gateway.built import event


async def test_a_structured_event_arrives_as_it_was_sent(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.EVENTS)
    async with gateway(broker, data_dir) as client:
        status, answer, _ = await client.post("/events", json.dumps(event("PO-7")), STRUCTURED)
    assert (status, answer) == (200, {"id": "created-PO-7", "status": "accepted"})
    records = await kafka.since(marks)
    (found,), markers, dead = decode_batch(records, "log-1")
    assert (found.id, found.type, found.subject) == ("created-PO-7", "purchase_order.created.v1", "purchase_order/PO-7")
    assert (markers, dead, records[0].key) == ([], [], b"purchase_order/PO-7")


async def test_binary_mode_takes_its_attributes_from_headers(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.EVENTS)
    sent = event("PO-8", subject=None)
    data = json.dumps(sent.pop("data"))
    headers = {f"ce-{name}": value for name, value in sent.items()}
    headers |= {"ce-subject": "purchase_order/PO%2D8%20%C3%A4", "Content-Type": "application/json"}
    async with gateway(broker, data_dir) as client:
        status, answer, _ = await client.post("/events", data, headers)
    assert (status, answer["id"]) == (200, "created-PO-8")
    (found,), _, _ = decode_batch(await kafka.since(marks), "log-1")
    assert found.subject == "purchase_order/PO-8 ä"
    assert found.objects[0].id == "PO-8"


async def test_a_batch_is_answered_event_by_event_and_the_good_ones_are_taken(
    broker: str, data_dir: Path, kafka: Log
) -> None:
    marks = await kafka.marks(topics.EVENTS)
    batch = [event("PO-1"), event("PO-2", time="yesterday"), event("PO-3"), 17]
    async with gateway(broker, data_dir) as client:
        status, answers, _ = await client.post("/events", json.dumps(batch), BATCH)
    assert status == 207
    assert [one["status"] for one in answers] == ["accepted", "refused", "accepted", "refused"]
    assert [one["id"] for one in answers] == ["created-PO-1", "created-PO-2", "created-PO-3", ""]
    assert (answers[1]["reason"], answers[1]["kept"]) == ("bad_time", "as a dead letter")
    events, _, dead = decode_batch(await kafka.since(marks), "log-1")
    assert sorted(one.id for one in events) == ["created-PO-1", "created-PO-3"]
    assert sorted(one.reason for one in dead) == ["bad_time", "not_cloudevents"]
    assert {one.origin for one in dead} == {"http/tests"}


async def test_an_unreadable_event_is_answered_and_kept_without_its_secrets(
    broker: str, data_dir: Path, kafka: Log
) -> None:
    marks = await kafka.marks(topics.EVENTS)
    bad = event("PO-9", type="Not a type!", data={"objects": [], "password": "hunter2"})
    async with gateway(broker, data_dir) as client:
        for _ in range(2):
            status, problem, headers = await client.post("/events", json.dumps(bad), STRUCTURED)
            assert (status, problem["reason"], problem["status"]) == (422, "bad_type", 422)
            assert headers["Content-Type"] == "application/problem+json"
            assert "purchase_order.created.v1" in problem["detail"]
    _, _, dead = decode_batch(await kafka.since(marks), "log-1")
    assert len({(one.origin, one.position) for one in dead}) == 1
    assert b"hunter2" not in dead[0].payload
    assert b'"password": "***"' in dead[0].payload
    assert dict(dead[0].record_headers) == {"content-type": b"application/cloudevents+json"}
