"""A sender that sends too much is told so before it is read, and no other sender feels it."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path

import msgspec

from streams import topics
from streams.gateway.rates import Rate
from streams.gateway.senders import Sender
from streams.gateway.signatures import Signature
from tests.integration.gateway.running import BATCH, EVERYBODY, STRUCTURED, TOKEN, Client, Log, gateway
from tests.unit.streams.gateway.built import event

SLOW = msgspec.structs.replace(EVERYBODY, rate=Rate(0.5, 3))
BODY = b'{"number": "REQ1"}'


def signer(name: str, secret: bytes, rate: Rate | None = None) -> Sender:
    signature = Signature(header="x-signature", secrets=(secret,))
    return Sender(name=name, paths=("/intake/servicenow",), signature=signature, rate=rate)


async def signed(client: Client, secret: bytes) -> int:
    signature = hmac.new(secret, BODY, hashlib.sha256).hexdigest()
    headers = {"Authorization": "", "X-Signature": signature}
    return (await client.post("/intake/servicenow", BODY, headers))[0]


async def test_a_sender_over_its_rate_is_told_when_to_come_back(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.EVENTS)
    async with gateway(broker, data_dir, SLOW) as client:
        batch = json.dumps([event("PO-1"), event("PO-2"), event("PO-3")])
        assert (await client.post("/events", batch, BATCH))[0] == 200
        status, problem, headers = await client.post("/events", batch, BATCH)
        assert (status, problem["reason"]) == (429, "over_rate")
        assert 1 <= int(headers["Retry-After"]) <= 2
    assert len(await kafka.since(marks)) == 3


async def test_after_the_time_it_was_told_it_may_send_again(broker: str, data_dir: Path) -> None:
    quick = msgspec.structs.replace(EVERYBODY, rate=Rate(0.5, 1.0))
    async with gateway(broker, data_dir, quick) as client:
        assert (await client.post("/events", json.dumps(event("PO-1")), STRUCTURED))[0] == 200
        status, _, headers = await client.post("/events", json.dumps(event("PO-2")), STRUCTURED)
        assert status == 429
        await asyncio.sleep(int(headers["Retry-After"]))
        assert (await client.post("/events", json.dumps(event("PO-2")), STRUCTURED))[0] == 200


async def test_what_a_sender_over_its_rate_would_send_is_not_even_read(broker: str, data_dir: Path) -> None:
    one = msgspec.structs.replace(SLOW, rate=Rate(0.1, 1.0))
    async with gateway(broker, data_dir, one) as client:
        assert (await client.post("/events", json.dumps(event("PO-1")), STRUCTURED))[0] == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", int(client.url.rpartition(":")[2]))
        head = "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\n"
        writer.write(f"{head}Content-Length: 1000\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
        async with asyncio.timeout(5):
            assert (await reader.readline()).startswith(b"HTTP/1.1 429")
        writer.close()


async def test_of_two_senders_that_sign_alike_only_the_one_over_its_rate_waits(broker: str, data_dir: Path) -> None:
    first, second = b"first-secret-of-a-test", b"second-secret-of-a-test"
    senders = signer("first", first, Rate(0.1, 1.0)), signer("second", second)
    async with gateway(broker, data_dir, *senders) as client:
        assert [await signed(client, first) for _ in range(3)] == [200, 429, 429]
        assert [await signed(client, second) for _ in range(3)] == [200, 200, 200]


async def test_what_was_refused_for_its_rate_does_not_count_against_it(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir, msgspec.structs.replace(EVERYBODY, rate=Rate(2.0, 1.0))) as client:
        posted = [await client.post("/events", json.dumps(event(f"PO-{number}")), STRUCTURED) for number in range(30)]
        assert [status for status, _, _ in posted].count(429) > 20
        await asyncio.sleep(0.6)
        assert (await client.post("/events", json.dumps(event("PO-99")), STRUCTURED))[0] == 200
