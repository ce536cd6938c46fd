"""From the gateway to the broker: whatever waits goes out together, and nobody is told "taken" before the broker is.

One group at a time: while its acknowledgement is awaited, the next one gathers. When a group fails, all that wait are
told so, and the producer is replaced: what it still tries may arrive, and is then seen twice, which the workers absorb.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

import structlog

from streams.producer import Outgoing

log = structlog.get_logger(__name__)

Addressed = tuple[str, Outgoing]
"""A topic, and a record for it."""

GROUP_SECONDS: Final = 10.0  # for one group, finding the topics' partitions included
BACK_OFF_SECONDS: Final = (0.2, 0.5, 1.0, 2.0)
RETRY_SECONDS: Final = 5.0  # what senders are told


class Line(Protocol):
    """An open producer; streams.producer.Producer is one."""

    async def send_many(self, topic: str, records: Sequence[Outgoing]) -> None: ...
    async def flush(self) -> None: ...
    async def close(self) -> None: ...


class Away(Exception):
    """The broker did not acknowledge; nothing may be called taken."""


Parcel = tuple[Sequence[Addressed], "asyncio.Future[None]"]


class Courier:
    """Sends records in groups. One event loop only."""

    def __init__(self, connect: Callable[[], Awaitable[Line]], *, group_seconds: float = GROUP_SECONDS) -> None:
        """`connect` opens a producer to topics that exist, or raises."""
        self._connect = connect
        self._group_seconds = group_seconds
        self._waiting: list[Parcel] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.away = "the broker has not answered yet"
        """Why nothing can be sent; '' when all is well."""

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def deliver(self, records: Sequence[Addressed]) -> None:
        """Returns once the broker has acknowledged every record. Raises Away."""
        if self.away:
            raise Away(self.away)
        told = asyncio.get_running_loop().create_future()
        self._waiting.append((records, told))
        self._wake.set()
        await told

    async def close(self) -> None:
        """Send what waits, then let go of the broker."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._closing:
            line = await self._connected()
            if line is None:
                return
            self.away = ""
            try:
                await self._serve(line)
            except Exception as error:  # whatever it was: no group is lost, and the next producer starts afresh
                self.away = f"the broker does not acknowledge: {type(error).__name__}"
                log.warning("the broker does not acknowledge; senders are told to come back", error=repr(error))
                self._fail(self._take())
            finally:
                with suppress(Exception):
                    await line.close()

    async def _connected(self) -> Line | None:
        """An open producer, however long it takes; None once the courier is told to stop."""
        tries = 0
        while not self._closing:
            try:
                return await asyncio.wait_for(self._connect(), self._group_seconds)
            except Exception as error:
                self.away = f"the broker can't be reached: {type(error).__name__}"
                if not tries:
                    log.warning("the broker can't be reached; trying again", error=repr(error))
            pause = BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)]
            tries += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)
            self._wake.clear()
        return None

    async def _serve(self, line: Line) -> None:
        """Send groups until told to stop."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if group := self._take():
                try:
                    async with asyncio.timeout(self._group_seconds):
                        await _send(line, group)
                except BaseException:
                    self._fail(group)
                    raise
                for _, told in group:
                    if not told.done():
                        told.set_result(None)
            elif self._closing:
                return

    def _take(self) -> list[Parcel]:
        group, self._waiting = self._waiting, []
        if self._closing:
            self._wake.set()  # once more, to see that nothing waits
        return group

    def _fail(self, group: Sequence[Parcel]) -> None:
        for _, told in group:
            if not told.done():
                told.set_exception(Away("the broker did not acknowledge in time"))


async def _send(line: Line, group: Sequence[Parcel]) -> None:
    by_topic: dict[str, list[Outgoing]] = {}
    for records, _ in group:
        for topic, record in records:
            by_topic.setdefault(topic, []).append(record)
    for topic, outgoing in by_topic.items():
        await line.send_many(topic, outgoing)
    await line.flush()
