"""Products' webhooks, into the topic of native messages."""

import hashlib
import hmac
from pathlib import Path

import msgspec

from streams import topics
from streams.gateway.rates import Rate
from streams.gateway.senders import Sender
from streams.gateway.signatures import Signature
from tests.integration.gateway.running import EVERYBODY, TOKEN, Log, gateway

BODY = b'{"number": "REQ0010023", "state": "3", "password": "hunter2"}'
SECRET = b"0123456789abcdef0123"
SIGNED = Sender(
    name="signed",
    paths=("/intake/servicenow",),
    signature=Signature(header="x-signature", secrets=(SECRET,), prefix="sha256="),
)


async def test_a_webhook_keeps_its_headers_and_loses_its_credentials(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.NATIVE)
    headers = {
        "Content-Type": "application/json",
        "X-Correlation-Id": "c-17",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "Cookie": "session=abc",
        "X-Api-Key": "abcdef",
        "fg-system": "coupa",
        "fg-dead-letter": "{}",
        "fg-simulated": "1",
    }
    async with gateway(broker, data_dir) as client:
        status, answer, _ = await client.post("/intake/servicenow?table=sc_request&token=abc", BODY, headers)
    assert (status, answer) == (200, {"status": "accepted"})
    (record,) = await kafka.since(marks)
    found = {name: value.decode() for name, value in record.headers}
    found.pop("user-agent")
    assert found == {
        "content-type": "application/json",
        "x-correlation-id": "c-17",
        "traceparent": headers["traceparent"],
        "fg-simulated": "1",
        "fg-sender": "tests",
        "fg-query": "table=sc_request&token=***",
        "fg-system": "servicenow",
    }
    assert (record.key, record.value) == (b"servicenow", BODY.replace(b"hunter2", b"***"))


async def test_an_unknown_system_is_answered_with_those_that_there_are(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir) as client:
        status, problem, _ = await client.post("/intake/cuopa", BODY)
    assert (status, problem["known"]) == (404, ["coupa", "s4hana", "servicenow"])
    assert "coupa" in problem["detail"]


async def test_a_platform_that_asks_first_is_told_that_it_may_post(broker: str, data_dir: Path) -> None:
    slow = msgspec.structs.replace(EVERYBODY, rate=Rate(2.0, 4.0))
    asked = {"WebHook-Request-Origin": "eventmesh.example", "Authorization": f"Bearer {TOKEN}"}
    async with gateway(broker, data_dir, slow) as client:
        for path in ("/events", "/intake/s4hana"):
            async with client.session.options(client.url + path, headers=asked) as answer:
                assert (answer.status, answer.headers["Allow"]) == (200, "POST, OPTIONS")
                assert answer.headers["WebHook-Allowed-Origin"] == "eventmesh.example"
                assert answer.headers["WebHook-Allowed-Rate"] == "120"
        async with client.session.options(f"{client.url}/events", headers={"Authorization": "Bearer x"}) as answer:
            assert answer.status == 401


async def test_a_sender_is_known_by_its_signature_of_the_body(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.NATIVE)
    right = "sha256=" + hmac.new(SECRET, BODY, hashlib.sha256).hexdigest()
    async with gateway(broker, data_dir, SIGNED, EVERYBODY) as client:
        nobody = {"Authorization": ""}
        status, _, _ = await client.post("/intake/servicenow", BODY, nobody | {"X-Signature": right})
        assert status == 200
        status, problem, _ = await client.post("/intake/servicenow", BODY + b" ", nobody | {"X-Signature": right})
        assert (status, problem["reason"]) == (401, "unknown_sender")
        status, problem, _ = await client.post("/intake/coupa", BODY, nobody | {"X-Signature": right})
        assert (status, problem["reason"]) == (403, "not_allowed")
        status, problem, answer = await client.post("/intake/servicenow", BODY, nobody)
        assert (status, answer["WWW-Authenticate"]) == (401, "Bearer")
    (record,) = await kafka.since(marks)
    assert "x-signature" not in dict(record.headers)


async def test_messages_of_one_object_stay_in_order_and_others_go_side_by_side(
    broker: str, data_dir: Path, kafka: Log
) -> None:
    marks = await kafka.marks(topics.NATIVE)
    told = msgspec.structs.replace(EVERYBODY, key="x-order-number")
    async with gateway(broker, data_dir, told) as client:
        for number in range(24):
            name = "fg-key" if number % 2 else "X-Order-Number"
            await client.post("/intake/s4hana", b"%d" % number, {name: f"PO-{number // 2 % 6}"})
    of_object: dict[bytes, list[int]] = {}
    partitions: dict[bytes, set[int]] = {}
    for record in await kafka.since(marks):
        of_object.setdefault(record.key, []).append(int(record.value))
        partitions.setdefault(record.key, set()).add(record.partition)
    assert sorted(of_object.values()) == [[n, n + 1, n + 12, n + 13] for n in range(0, 12, 2)]
    assert all(len(one) == 1 for one in partitions.values())
    assert set.union(*partitions.values()) == {0, 1}
