"""A gateway in the test's own loop, a client of it, and a reader of what it sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from metrics.settings import Settings
from streams.broker.offsets import end_offsets
from streams.gateway.limits import DEFAULT_LIMITS, Limits
from streams.gateway.program import open_gateway
from streams.gateway.senders import EVENTS, EVERY_SYSTEM, TRACES, Sender, Token, digest_of

TOKEN = "a-token-that-only-the-tests-know"
SYSTEMS = ("coupa", "s4hana", "servicenow")
EVERYBODY = Sender(
    name="tests", paths=(EVENTS, TRACES, EVERY_SYSTEM), token=Token(digests=(digest_of(TOKEN.encode()),))
)
STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


class Client:
    """Posts to one gateway with the tests' token."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def post(
        self, path: str, body: bytes | str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Status, the answer's JSON (its bytes where it is none), headers."""
        told = {"Authorization": f"Bearer {TOKEN}", **(headers or {})}
        data = body.encode() if isinstance(body, str) else body
        async with self.session.post(self.url + path, data=data, headers=told) as answer:
            found = await answer.read()
            is_json = answer.content_type.endswith("json")
            return answer.status, json.loads(found) if is_json else found, answer.headers


@asynccontextmanager
async def gateway(
    broker: str, data_dir: Path, *senders: Sender, limits: Limits = DEFAULT_LIMITS, wait: bool = True
) -> AsyncIterator[Client]:
    """A gateway that has found its broker (`wait`)."""
    settings = Settings(broker=broker, data_dir=data_dir, partitions=2, privacy="off")
    async with (
        open_gateway(settings, senders or [EVERYBODY], SYSTEMS, host="127.0.0.1", port=0, limits=limits) as port,
        aiohttp.ClientSession(auto_decompress=False) as session,
    ):
        client = Client(session, f"http://127.0.0.1:{port}")
        if wait:
            await until_ready(client)
        yield client


async def until_ready(client: Client, *, ready: bool = True) -> None:
    """Wait until /ready says so."""
    async with asyncio.timeout(20):
        while True:
            async with client.session.get(f"{client.url}/ready") as answer:
                if (answer.status == 200) == ready:
                    return
            await asyncio.sleep(0.02)


class Log:
    """The topics of one broker."""

    def __init__(self, broker: str) -> None:
        self._broker = broker

    async def marks(self, topic: str) -> dict[TopicPartition, int]:
        """Where the topic ends now."""
        return await end_offsets(self._broker, [TopicPartition(topic, number) for number in range(2)])

    async def since(self, marks: Mapping[TopicPartition, int]) -> list[ConsumerRecord]:
        """Every record behind the marks, by partition."""
        ends = await end_offsets(self._broker, list(marks))
        if ends == marks:
            return []
        consumer = AIOKafkaConsumer(bootstrap_servers=self._broker, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign(list(marks))
            for partition, offset in marks.items():
                consumer.seek(partition, offset)
            found: list[ConsumerRecord] = []
            while len(found) < sum(ends[one] - marks[one] for one in marks):
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found += records
            return found
        finally:
            await consumer.stop()
