"""Nobody is told "taken" before the broker is; and when it fails, everybody is told so."""

import asyncio
from collections.abc import Sequence

import pytest

from streams.gateway.courier import Away, Courier
from streams.producer import Outgoing, ProduceFailed

RECORD: Outgoing = (b"key", b"value", [], None, None)


class Broker:
    """Holds acknowledgements back, or fails; counts what was opened and closed."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.groups: list[int] = []
        self.failing = False
        self.opened = 0
        self.closed = 0

    async def connect(self) -> "Broker":
        self.opened += 1
        if self.failing and self.opened > 1:
            raise ConnectionError
        return self

    async def send_many(self, topic: str, records: Sequence[Outgoing]) -> None:
        self.groups.append(len(records))

    async def flush(self) -> None:
        await self.go.wait()
        if self.failing:
            raise ProduceFailed("no")

    async def close(self) -> None:
        self.closed += 1


async def started(broker: Broker, group_seconds: float = 5.0) -> Courier:
    courier = Courier(broker.connect, group_seconds=group_seconds)
    await courier.start()
    await until_well(courier)
    return courier


async def until_well(courier: Courier) -> None:
    for _ in range(500):
        if not courier.away:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(courier.away)


async def test_what_waits_while_a_group_is_acknowledged_goes_out_together() -> None:
    broker = Broker()
    courier = await started(broker)
    broker.go.clear()
    tasks = [asyncio.create_task(courier.deliver([("t", RECORD)]))]
    await asyncio.sleep(0.01)
    tasks += [asyncio.create_task(courier.deliver([("t", RECORD)] * 2)) for _ in range(10)]
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in tasks)
    broker.go.set()
    await asyncio.gather(*tasks)
    assert broker.groups == [1, 20]
    await courier.close()


async def test_a_failure_is_told_to_all_and_the_next_producer_is_a_new_one() -> None:
    broker = Broker()
    courier = await started(broker)
    broker.go.clear()
    tasks = [asyncio.create_task(courier.deliver([("t", RECORD)]))]
    await asyncio.sleep(0.01)
    tasks.append(asyncio.create_task(courier.deliver([("t", RECORD)])))
    await asyncio.sleep(0.01)
    broker.failing = True
    broker.go.set()
    for task in tasks:
        with pytest.raises(Away):
            await task
    assert (courier.away != "", broker.closed) == (True, 1)
    with pytest.raises(Away):
        await courier.deliver([("t", RECORD)])
    broker.failing = False
    await until_well(courier)
    await courier.deliver([("t", RECORD)])
    await courier.close()
    assert broker.closed == 2


async def test_a_broker_that_never_answers_is_given_up_on() -> None:
    broker = Broker()
    courier = await started(broker, group_seconds=0.05)
    broker.go.clear()
    with pytest.raises(Away):
        await courier.deliver([("t", RECORD)])
    broker.go.set()
    await courier.close()


async def test_closing_sends_what_waits_first() -> None:
    broker = Broker()
    courier = await started(broker)
    broker.go.clear()
    tasks = [asyncio.create_task(courier.deliver([("t", RECORD)])) for _ in range(2)]
    await asyncio.sleep(0.01)
    tasks.append(asyncio.create_task(courier.deliver([("t", RECORD)])))
    await asyncio.sleep(0.01)
    closing = asyncio.create_task(courier.close())
    await asyncio.sleep(0.01)
    broker.go.set()
    await asyncio.gather(closing, *tasks)
    assert broker.groups == [2, 1]


async def test_a_sender_that_gave_up_waiting_disturbs_nobody() -> None:
    broker = Broker()
    courier = await started(broker)
    broker.go.clear()
    first = asyncio.create_task(courier.deliver([("t", RECORD)]))
    second = asyncio.create_task(courier.deliver([("t", RECORD)]))
    await asyncio.sleep(0.01)
    first.cancel()
    broker.go.set()
    await second
    await courier.close()
