"""Records that a broker did not acknowledge are sent again, all of them and in order."""

import asyncio
from collections.abc import Iterable

import pytest

from streams.lasting_producer import LastingProducer
from streams.producer import Outgoing, ProduceFailed, RecordTooLarge


def record(value: bytes) -> Outgoing:
    return (None, value, [], 0, None)


class FakeProducer:
    """Acknowledges at `flush`, unless the broker is away by then; `send_many` tells what failed before."""

    def __init__(self, broker: "FakeBroker") -> None:
        self._broker = broker
        self._queued: list[bytes] = []
        self._failed = False

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None:
        for _, value, *_ in records:
            if value == b"large":
                raise RecordTooLarge("a record of too many bytes")
            self._queued.append(value or b"")
        self._raise()

    async def flush(self) -> None:
        self._failed = self._failed or self._broker.away > 0
        self._broker.away = max(0, self._broker.away - 1)
        self._raise()
        self._broker.log += self._queued
        self._queued = []

    async def close(self) -> None:
        self._broker.closed += 1

    def _raise(self) -> None:
        if self._failed:
            raise ProduceFailed("records were not acknowledged") from TimeoutError()


class FakeBroker:
    """`away`: so many flushes from now on fail."""

    def __init__(self) -> None:
        self.log: list[bytes] = []
        self.away = self.closed = 0

    async def connect(self) -> FakeProducer:
        return FakeProducer(self)


def lasting(broker: FakeBroker, told: list[str]) -> LastingProducer:
    return LastingProducer(broker.connect, FakeProducer(broker), told.append)  # type: ignore[arg-type]


def test_what_was_not_acknowledged_is_sent_again_by_a_new_producer() -> None:
    broker, told = FakeBroker(), list[str]()

    async def scene() -> None:
        producer = lasting(broker, told)
        await producer.send_many("t", [record(b"before")])
        await producer.flush()
        broker.away = 2
        await producer.send_many("t", [record(b"one"), record(b"two")])
        await producer.send_many("t", [record(b"three")])
        await producer.flush()
        await producer.send_many("t", [record(b"after")])
        await producer.flush()

    asyncio.run(scene())
    assert broker.log == [b"before", b"one", b"two", b"three", b"after"]
    assert broker.closed == 2, "the spent ones were not let go of"
    assert [bool(reason) for reason in told] == [False, True, True, False, False]


def test_a_record_that_cannot_be_sent_is_not_kept_for_later() -> None:
    broker = FakeBroker()

    async def scene() -> None:
        producer = lasting(broker, [])
        with pytest.raises(RecordTooLarge):
            await producer.send_many("t", [record(b"large")])
        broker.away = 1
        await producer.send_many("t", [record(b"small")])
        await producer.flush()

    asyncio.run(scene())
    assert broker.log == [b"small"]
