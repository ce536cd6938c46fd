"""The transport behind the URL scheme `flowglass://`: one Faust message is one batch of records.

Stock Faust spends 65-85 us on a message, whatever is in it; with thousands of records in one message that is nothing.
It never commits by itself here: offsets are committed by `commit_offsets` alone, so an acknowledgement inside Faust
(which stock Faust gives even to what failed) has no effect on what is read again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from faust.sensors.base import Sensor
from faust.serializers.schemas import Schema
from faust.transport import drivers
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP, ConsumerMessage, EventT, Message

from streams.transport.batch import Limits, RecordBatch
from streams.transport.in_flight import InFlight
from streams.transport.reader import BatchReader, NumberedAssignments

SCHEME = "flowglass"
# How soon a partition that was full is looked at again while another one waits for records.
RECHECK_SECONDS = 0.01


class BatchConsumer(Consumer):
    """Reads batches, holds back full partitions, commits only through `commit_offsets`."""

    _thread: BatchReader
    RebalanceListener = NumberedAssignments

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits: Limits = getattr(self.app, "limits", Limits())
        self.in_flight = InFlight(self.limits.in_flight)

    def _new_consumer_thread(self) -> BatchReader:
        return BatchReader(self, loop=self.loop, beacon=self.beacon)

    @property
    def generation(self) -> int:
        """Number of this worker's current assignment, from 1; 0 while it has none."""
        return self._thread.generation

    async def commit_offsets(self, offsets: Mapping[TP, int], generation: int) -> None:
        """Commit exactly `offsets` (the next record to read, per partition), under the assignment `generation`.

        `generation` is the number the batches carried. Raises NotOwner when the group has moved on or a partition is
        not this worker's; a broker out of reach is tried again for as long as it takes.
        """
        if offsets:
            await self._thread.commit_exactly(offsets, generation)

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Faust's own commit: never."""
        return False

    async def verify_all_partitions_active(self) -> None:
        """Faust's complaint about commits it did not see: not asked for."""

    async def perform_seek(self) -> None:
        """After a rebalance: forget what was on its way, go on from the committed offsets."""
        self.in_flight.forget()
        await super().perform_seek()

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> dict[TP, list[RecordBatch]]:
        active = active_partitions or set()
        ready = self.in_flight.with_room(active)
        if not ready:
            await asyncio.sleep(RECHECK_SECONDS)
            return {}
        patience = timeout if len(ready) == len(active) else RECHECK_SECONDS
        found = await self._thread.read(ready, patience, self.limits)
        for tp, batches in found.items():
            for batch in batches:
                self.in_flight.hold(tp, batch.last_offset)
        return found

    def _to_message(self, tp: TP, record: RecordBatch) -> ConsumerMessage:
        return ConsumerMessage(
            record.topic,
            record.partition,
            record.last_offset,
            record.records[-1][1] / 1000.0,
            0,
            None,
            None,
            cast(bytes, record),  # Faust hands the value through; BatchSchema gives it to the agent as it is
            None,
            0,
            record.size,
            tp,
            generation_id=record.generation,
        )


class ReleaseOnNext(Sensor):
    """Frees a batch's place once the agent has asked for the next one."""

    def on_stream_event_out(self, tp: TP, offset: int, stream: Any, event: EventT[Any], state: Any = None) -> None:
        stream.app.consumer.in_flight.release(tp, offset)


class BatchSchema(Schema[Any, Any]):
    """The value of a message is the RecordBatch itself: nothing to decode here."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Awaitable[EventT[Any]]]:
        create_event = app.create_event

        async def decode(message: Message, *, propagate: bool = False) -> EventT[Any]:
            return cast(EventT[Any], create_event(None, message.value, None, message))

        return decode


class BatchTransport(Transport):
    """aiokafka with the batch consumer."""

    Consumer = BatchConsumer


def register() -> None:
    """Make Faust know the scheme. Also declared as an entry point (`faust.transports`); repeating it is harmless."""
    drivers.TRANSPORTS.aliases[SCHEME] = f"{__name__}:BatchTransport"
