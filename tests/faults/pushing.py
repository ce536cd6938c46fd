"""`python -m tests.faults.pushing BROKER RECORDS`: sends as fast as the broker takes it, and waits while it is away."""

import asyncio
import os
import sys

from streams import topics
from streams.producer import Outgoing, start_producer

SIZE = 4_096
TOGETHER = 200


async def push(broker: str, records: int) -> None:
    """Bytes that do not compress, so that what waits has its full size."""
    async with await start_producer(broker, "pushing") as producer:
        for _ in range(0, records, TOGETHER):
            piece: list[Outgoing] = [(None, os.urandom(SIZE), [], None, None) for _ in range(TOGETHER)]
            await producer.send_many(topics.EVENTS, piece)
        await producer.flush()


if __name__ == "__main__":
    asyncio.run(push(sys.argv[1], int(sys.argv[2])))
