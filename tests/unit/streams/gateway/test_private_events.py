"""CloudEvents through a gateway with privacy: what it sends on and what it answers."""

import json
from typing import Any

import pytest

from metrics.privacy.tokens import Tokens
from streams.gateway.events import EventReader
from streams.gateway.letters import Place, plain_place
from streams.gateway.limits import DEFAULT_LIMITS
from streams.gateway.replies import Reply
from streams.gateway.traces import JSON, TraceReader
from tests.unit.metrics.privacy.ring import RETIRED, RING, ROTATED, guard
from tests.unit.streams.gateway.built import event

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
W1 = Tokens(RING).id("W-1")
HIRED = event(
    type="worker.hired.v1", subject="worker/W-1", id="hired-W-1",
    data={"objects": [{"type": "worker", "id": "W-1", "qualifier": "subject"}],
          "attributes": {"facility": "north", "name": "Jo Ash"}, "actor": "W-1"},
)  # fmt: skip


def read(body: Any, content: str = STRUCTURED, **headers: str) -> tuple[EventReader, Reply]:
    reader = EventReader(DEFAULT_LIMITS, guard())
    told = {"content-type": content, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return reader, reader.read(json.dumps(body).encode(), told, "me")


def sent(reply: Reply) -> dict[str, Any]:
    ((_, (_, value, _, _, _)),) = reply.records
    found: dict[str, Any] = json.loads(value or b"")
    return found


@pytest.mark.parametrize("form", ["structured", "batch", "binary"])
def test_what_goes_to_the_broker_is_protected(form: str) -> None:
    if form == "binary":
        given = {f"ce_{name}": str(value) for name, value in HIRED.items() if name != "data"}
        reader, reply = read(HIRED["data"], "application/json", **given)
    else:
        reader, reply = read([HIRED] if form == "batch" else HIRED, BATCH if form == "batch" else STRUCTURED)
    assert reply.status == 200
    (_, (key, value, _, _, _)) = reply.records[0]
    assert key == f"worker/{W1}".encode()
    assert b"W-1" not in (value or b"")
    assert sent(reply)["data"]["attributes"] == {"facility": "north"}
    assert reader.take_dropped() == {"worker.hired.v1": 1}


def test_the_sender_is_answered_with_its_own_id() -> None:
    assert json.loads(read(HIRED)[1].body) == {"id": "hired-W-1", "status": "accepted"}


@pytest.mark.parametrize("change", [{"time": "by Jo Ash"}, {"sequence": "Jo Ash"}, {"precision": "Jo Ash"}])
def test_a_refusal_quotes_no_value(change: dict[str, str]) -> None:
    reply = read({**HIRED, **change})[1]
    assert reply.status == 422
    assert b"Jo" not in reply.body


def test_in_a_list_of_answers_an_id_that_is_no_code_is_left_out() -> None:
    reply = read([{**HIRED, "id": "by Jo Ash"}, {"id": "Jo Ash"}, HIRED], BATCH)[1]
    assert [one["id"] for one in json.loads(reply.body)] == ["", "", "hired-W-1"]


@pytest.mark.parametrize("readers", ["events", "traces"])
def test_nobody_can_guess_a_short_body_from_the_place_of_its_dead_letter(readers: str) -> None:
    place = Tokens(RING).place

    def sent_on(place: Place) -> Any:
        if readers == "traces":
            reply = TraceReader(place).read(b"078051120", JSON, "me")
        else:
            reply = EventReader(DEFAULT_LIMITS, guard(), place).read(b"078051120", {"content-type": STRUCTURED}, "me")
        return reply.records

    assert str(place(b"078051120")) in str(sent_on(place))
    assert sent_on(place) == sent_on(Tokens(ROTATED).place) != sent_on(plain_place)
    assert sent_on(place) != sent_on(Tokens(RETIRED).place)


def test_an_id_that_may_be_a_name_is_not_repeated_in_a_list_of_answers() -> None:
    bad = {**HIRED, "id": "Quartermain", "time": "soon"}
    assert b"Quartermain" not in read([bad, HIRED], BATCH)[1].body
