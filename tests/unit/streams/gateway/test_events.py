"""Forms of CloudEvents, and what a batch is answered."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from streams import topics
from streams.gateway.events import EventReader
from streams.gateway.limits import DEFAULT_LIMITS
from streams.gateway.problems import Problem
from streams.gateway.replies import Reply
from tests.unit.streams.gateway.built import event

STRUCTURED, BATCH, JSON = (
    "application/cloudevents+json; charset=utf-8",
    "application/cloudevents-batch+json",
    "application/json",
)


def reply(body: Any, content: str = STRUCTURED, **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return EventReader(replace(DEFAULT_LIMITS, event=10_000, events=3)).read(
        raw, {"content-type": content, **named}, "me"
    )


@pytest.mark.parametrize("content", [STRUCTURED, "application/cloudevents", JSON])
def test_one_event_is_one_record(content: str) -> None:
    found = reply(event(), content)
    assert (found.status, found.taken, [topic for topic, _ in found.records]) == (200, 1, [topics.EVENTS])


def test_an_event_goes_to_the_topic_of_its_priority() -> None:
    reader = EventReader(DEFAULT_LIMITS, route=lambda one: topics.EVENTS_BULK if one.type else topics.EVENTS)
    found = reader.read(json.dumps([event("PO-1"), event("PO-2")]).encode(), {"content-type": BATCH}, "me")
    assert [topic for topic, _ in found.records] == [topics.EVENTS_BULK] * 2


@pytest.mark.parametrize("content", [BATCH, JSON])
def test_a_list_is_a_batch(content: str) -> None:
    found = reply([event("PO-1"), event("PO-2")], content)
    assert (found.status, found.taken, found.refused) == (200, 2, 0)
    assert [one["index"] for one in msgspec.json.decode(found.body)] == [0, 1]


@pytest.mark.parametrize(
    ("batch", "status", "taken"),
    [([], 200, 0), ([event()], 200, 1), ([event(), 1], 207, 1), ([1, {}], 422, 0), ([[event()]], 422, 0)],
)
def test_the_status_of_a_batch_tells_whether_all_some_or_none_were_taken(batch: Any, status: int, taken: int) -> None:
    found = reply(batch, BATCH)
    assert (found.status, found.taken) == (status, taken)
    assert len(found.records) == len(batch)


@pytest.mark.parametrize(
    "content", ["", "text/plain", "application/cloudevents+avro", "application/cloudevents-batch+avro"]
)
def test_other_content_is_answered_with_the_three_forms(content: str) -> None:
    with pytest.raises(Problem) as told:
        reply(event(), content)
    assert (told.value.status, BATCH in told.value.detail) == (415, True)


def test_too_long_a_batch_is_refused_whole() -> None:
    with pytest.raises(Problem) as told:
        reply([event()] * 4, BATCH)
    assert told.value.status == 413


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_value"),
        (b"{", "malformed_json"),
        (b"[]", "not_cloudevents"),
        (b"\xff", "not_utf8"),
        (b'{"specversion": NaN}', "malformed_json"),
        (event(id=None), "missing_attribute"),
        (event(specversion="0.3"), "unsupported_version"),
        (event(data=None), "no_objects"),
        (event(data={"objects": [], "attributes": {"x": "y" * 10_000}}), "too_large"),
        (event(type="flowglass.feed.marker.v1", data={"feed": "f", "kind": "end", "count": 0}), "bad_marker"),
    ],
)
def test_an_event_that_cannot_be_read_is_told_why_and_kept(body: Any, reason: str) -> None:
    found = reply(body)
    problem = msgspec.json.decode(found.body)
    assert (found.status, found.refused, problem["reason"], problem["kept"]) == (422, 1, reason, "as a dead letter")
    ((_, (_, _, headers, _, _)),) = found.records
    assert json.loads(dict(headers)["fg-dead-letter"])["reason"] == reason


@pytest.mark.parametrize("body", [b"[", b'{"a": 1}', b"[1, "])
def test_a_batch_that_is_no_list_is_one_dead_letter(body: bytes) -> None:
    found = reply(body, BATCH)
    assert (found.status, found.refused, len(found.records)) == (422, 1, 1)


def test_binary_mode_needs_json_and_readable_headers() -> None:
    head = {f"ce_{name}": str(value) for name, value in event().items() if name != "data"}
    data = event()["data"]
    assert reply(data, JSON, **head).status == 200
    assert msgspec.json.decode(reply(data, "text/xml", **head).body)["reason"] == "unsupported_content"
    for broken in ("%ff", "\udcff"):
        assert msgspec.json.decode(reply(data, JSON, **head | {"ce_subject": broken}).body)["reason"] == "bad_header"
