"""A producer that outlives its broker's absence: what was not acknowledged is sent again, by a new one."""

from collections.abc import Awaitable, Callable, Iterable

from streams.broker.patience import hold_on, is_away, untold
from streams.producer import Outgoing, Producer

Start = Callable[[], Awaitable[Producer]]


class LastingProducer:
    """As `Producer`, but `flush` returns only when all is acknowledged, however long that takes.

    Keeps what was sent since the last flush; after a failure all of it is sent again, in its order. So records may come
    twice, as after a crash.
    """

    def __init__(self, start: Start, producer: Producer, tell: Callable[[str], None] = untold) -> None:
        """`tell` learns why it takes so long, '' when it is through."""
        self._start = start
        self._producer = producer
        self._tell = tell
        self._open: list[tuple[str, list[Outgoing]]] = []
        self._spent = False

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None:
        """Queue records. Raises RecordTooLarge, or KeyError for a partition that is not there."""
        sent = (topic, list(records))
        if not self._spent:
            await self._try(sent)
        self._open.append(sent)

    async def flush(self) -> None:
        """Returns once every record sent so far is acknowledged."""
        await hold_on(self._settle, "records to be sent", self._tell)
        self._open.clear()

    async def partitions(self, topic: str) -> int:
        """Number of partitions of a declared topic."""
        return await self._producer.partitions(topic)

    async def close(self) -> None:
        await self._producer.close()

    async def _try(self, sent: tuple[str, list[Outgoing]]) -> None:
        try:
            await self._producer.send_many(*sent)
        except Exception as error:
            if not is_away(error):
                raise
            self._spent = True  # the next flush begins anew

    async def _settle(self) -> None:
        if self._spent:
            await self._producer.close()
            self._producer = await self._start()
            for sent in self._open:
                await self._producer.send_many(*sent)
            self._spent = False
        try:
            await self._producer.flush()
        except Exception:
            self._spent = True
            raise


async def start_lasting(start: Start, tell: Callable[[str], None] = untold) -> LastingProducer:
    """A lasting producer of what `start` connects, once there is a broker to connect to."""
    return LastingProducer(start, await hold_on(start, "a connection to send through", tell), tell)
