"""Sends a test's events at a steady rate from a thread of its own, whatever becomes of the broker meanwhile."""

import asyncio
import threading
import time
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Self

from streams import topics
from streams.lasting_producer import LastingProducer, start_lasting
from streams.producer import Outgoing, start_producer

PIECE_SECONDS = 0.25
JOIN_SECONDS = 300.0


class SteadyFeed:
    """Runs inside its `with` block. What could not be sent in time follows as soon as the broker takes it."""

    def __init__(self, broker: str, records: Sequence[tuple[bytes, bytes]], rate: float) -> None:
        """`rate`: records a second."""
        self._broker = broker
        self._records: list[Outgoing] = [(key, value, [], None, None) for key, value in records]
        self._rate = rate
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._error: BaseException | None = None
        self.sent = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self.finish()

    def finish(self) -> None:
        """Wait until all is sent and acknowledged."""
        self._thread.join(JOIN_SECONDS)
        assert not self._thread.is_alive(), f"only {self.sent} of {len(self._records)} records were sent"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._send_all())
        except BaseException as error:  # shown where the test waits for it
            self._error = error

    async def _send_all(self) -> None:
        producer = await start_lasting(partial(start_producer, self._broker, "feed"))
        try:
            await self._send(producer)
        finally:
            await producer.close()

    async def _send(self, producer: LastingProducer) -> None:
        began = time.monotonic()
        while self.sent < len(self._records):
            due = min(int((time.monotonic() - began) * self._rate), len(self._records))
            if due > self.sent:
                await producer.send_many(topics.EVENTS, self._records[self.sent : due])
                await producer.flush()
                self.sent = due
            await asyncio.sleep(PIECE_SECONDS)
