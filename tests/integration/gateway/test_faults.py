"""What strangers, slow senders and a dead broker do to the gateway: nothing is called taken that is not in the log."""

import asyncio
import gzip
import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from streams import topics
from streams.broker import embedded
from streams.codecs.cloudevents import decode_batch
from streams.gateway.limits import DEFAULT_LIMITS
from streams.runtime.stack import declare_topics
from tests.integration.gateway.running import STRUCTURED, Client, Log, gateway, until_ready
from tests.unit.streams.gateway.built import event

SMALL = replace(DEFAULT_LIMITS, body=64 << 10, body_seconds=0.5, held=200 << 10)


async def test_while_the_broker_is_away_nothing_is_called_taken_and_after_it_all_goes_on(
    data_dir: Path, tmp_path: Path
) -> None:
    taken: list[str] = []
    refused: list[str] = []
    first = embedded.start(embedded.free_port(), tmp_path / "broker.log")

    async def keep_sending(client: Client, stop: asyncio.Event) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            name = f"PO-{id(asyncio.current_task())}-{number}"
            status, answer, headers = await client.post("/events", json.dumps(event(name)), STRUCTURED)
            assert status in (200, 503)
            (taken if status == 200 else refused).append(f"created-{name}")
            if status == 503:
                assert (answer["reason"], headers["Retry-After"]) == ("broker_away", "5")
                await asyncio.sleep(0.05)

    await asyncio.to_thread(declare_topics, first.address, 2)
    async with gateway(first.address, data_dir) as client:
        stop = asyncio.Event()
        senders = [asyncio.create_task(keep_sending(client, stop)) for _ in range(4)]
        await asyncio.sleep(0.5)
        log = Log(first.address)
        # the broker's log is in its memory: it is frozen first, and read once it goes on
        first.process.send_signal(19)
        await until_ready(client, ready=False)
        before = len(taken)
        await asyncio.sleep(0.3)
        assert len(taken) == before
        first.process.send_signal(18)
        await until_ready(client)
        await asyncio.sleep(0.3)
        stop.set()
        await asyncio.gather(*senders)
        assert len(taken) > before
        start = dict.fromkeys(await log.marks(topics.EVENTS), 0)
        events, _, dead = decode_batch(await log.since(start), "log-1")
    first.stop()
    assert dead == []
    assert refused
    assert set(taken) <= {one.id for one in events}


async def test_a_broker_that_was_killed_and_came_back_empty_is_sent_to_again(data_dir: Path, tmp_path: Path) -> None:
    first = embedded.start(embedded.free_port(), tmp_path / "broker.log")
    async with gateway(first.address, data_dir) as client:
        first.process.kill()
        first.process.wait()
        status, problem, _ = await client.post("/events", json.dumps(event("PO-1")), STRUCTURED)
        assert (status, problem["reason"]) == (503, "broker_away")
        with embedded.start(first.port, tmp_path / "broker.log") as second:
            await until_ready(client)
            assert (await client.post("/events", json.dumps(event("PO-2")), STRUCTURED))[0] == 200
            log = Log(second.address)
            (found,), _, _ = decode_batch(await log.since(dict.fromkeys(await log.marks(topics.EVENTS), 0)), "log-1")
    assert found.id == "created-PO-2"


async def test_a_gateway_without_a_broker_says_so_at_once(data_dir: Path) -> None:
    async with gateway(f"127.0.0.1:{embedded.free_port()}", data_dir, wait=False) as client:
        status, problem, headers = await client.post("/events", json.dumps(event()), STRUCTURED)
        assert (status, problem["reason"]) == (503, "broker_away")
        assert int(headers["Retry-After"]) > 0
        async with client.session.get(f"{client.url}/health") as answer:
            assert answer.status == 200
        async with client.session.get(f"{client.url}/ready") as answer:
            assert answer.status == 503


async def test_a_small_body_that_unpacks_to_a_gigabyte_is_refused(broker: str, data_dir: Path) -> None:
    bomb = gzip.compress(bytes(64 << 20))
    packed = {"Content-Encoding": "gzip"}
    async with gateway(broker, data_dir) as client:
        for path, kind in (("/v1/traces", {"Content-Type": "application/x-protobuf"}), ("/intake/coupa", {})):
            status, _, _ = await client.post(path, bomb, packed | kind)
            assert status == 413
        status, problem, _ = await client.post("/intake/coupa", bomb[:-20], packed)
        assert status == 413
        status, problem, _ = await client.post("/intake/coupa", gzip.compress(b"x")[:-4], packed)
        assert (status, problem["reason"]) == (400, "broken_body")
        status, problem, _ = await client.post("/intake/coupa", gzip.compress(b"") * 1000, packed)
        assert (status, problem["reason"]) == (400, "broken_body")
        status, _, headers = await client.post("/intake/coupa", b"x", {"Content-Encoding": "br"})
        assert (status, headers["Accept-Encoding"]) == (415, "gzip, deflate")


async def test_too_large_a_body_is_refused_announced_or_not(broker: str, data_dir: Path) -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield bytes(8 << 10)

    async with gateway(broker, data_dir, limits=SMALL) as client:
        status, problem, _ = await client.post("/intake/coupa", bytes(100 << 10))
        assert (status, problem["reason"]) == (413, "too_large")
        status, problem, _ = await client.post("/intake/coupa", pieces())
        assert (status, problem["reason"]) == (413, "too_large")


async def test_a_slow_client_is_told_so_and_let_go(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir, limits=SMALL) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(client.url.rpartition(":")[2]))
        head = "POST /intake/coupa HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nAuthorization: Bearer "
        writer.write(f"{head}a-token-that-only-the-tests-know\r\n\r\n{{".encode())
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"within 0.5 s" in answer


async def test_a_connection_that_never_finishes_its_head_is_closed(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir, limits=replace(SMALL, idle_seconds=0.5)) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(client.url.rpartition(":")[2]))
        writer.write(b"POST /events HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()


async def test_bodies_that_fill_the_memory_wait_outside(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir, limits=replace(SMALL, body_seconds=3.0)) as client:
        port = int(client.url.rpartition(":")[2])
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        head = b"POST /intake/coupa HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\nAuthorization: Bearer "
        for one in held:
            one.sendall(head + b"a-token-that-only-the-tests-know\r\n\r\n" + bytes(50_000))
        await asyncio.sleep(0.3)
        status, problem, headers = await client.post("/intake/coupa", bytes(20_000))
        assert (status, problem["reason"], headers["Retry-After"]) == (503, "full", "2")
        for one in held:
            one.close()
        await asyncio.sleep(0.3)
        assert (await client.post("/intake/coupa", bytes(20_000)))[0] == 200


@pytest.mark.parametrize(
    "token", ["", "Bearer ", "Bearer wrong", "Basic YTpi", "bearer a-token-that-only-the-tests-kno"]
)
async def test_without_a_token_nothing_is_read(broker: str, data_dir: Path, token: str) -> None:
    async with gateway(broker, data_dir) as client:
        for path in ("/events", "/v1/traces", "/intake/coupa", "/intake/unheard-of"):
            status, answer, _ = await client.post(path, b"{}", {"Authorization": token})
            assert status == 401
            assert "known" not in answer


async def test_json_nested_without_end_is_refused(broker: str, data_dir: Path) -> None:
    deep = "[" * 100_000
    nested: Any = 1
    for _ in range(100):
        nested = [nested]
    async with gateway(broker, data_dir) as client:
        for body in (deep, '{"specversion": ' + deep):
            status, problem, _ = await client.post("/events", body, STRUCTURED)
            assert status == 422
        content = event(data={**event()["data"], "attributes": {"deep": nested}})
        status, problem, _ = await client.post("/events", json.dumps(content), STRUCTURED)
        assert (status, problem["reason"]) == (422, "too_deep")
        body = '{"resourceSpans": ' + deep
        status, _, _ = await client.post("/v1/traces", body, {"Content-Type": "application/json"})
        assert status == 400


async def test_other_paths_and_methods_are_answered_as_problems(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir) as client:
        status, problem, _ = await client.post("/metrics", b"")
        assert (status, problem["reason"]) == (404, "no_such_path")
        async with client.session.get(f"{client.url}/events") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "OPTIONS, POST")
            assert answer.content_type == "application/problem+json"


async def test_a_sender_that_leaves_in_the_middle_leaves_nothing_behind(broker: str, data_dir: Path) -> None:
    async with gateway(broker, data_dir, limits=SMALL) as client:
        for _ in range(20):
            with pytest.raises((aiohttp.ClientError, TimeoutError)):
                await asyncio.wait_for(client.post("/intake/coupa", _stuck()), 0.05)
        await asyncio.sleep(0.8)
        assert (await client.post("/intake/coupa", bytes(60 << 10)))[0] == 200


async def _stuck() -> Any:
    yield bytes(50 << 10)
    await asyncio.sleep(5)
