"""The present of a feed that is through, the same for all workers: the newest time of all its events.

Each worker reads some of the partitions and sees a newest time of its own. Were that the feed's present, what is
overdue would depend on who reads what. So once every partition is through, the store is asked once.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from metrics.store.errors import StoreError
from streams.engine.feeds import Feeds
from streams.engine.ports import Reader

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
# The markers of a flush are stored after its events: where all partitions say "end", all events are there.
_ENDED: Final = """
SELECT feed, toUnixTimestamp64Micro(max(time)) AS newest FROM events
WHERE feed IN %(feeds)s AND feed NOT IN (
    SELECT feed FROM (
        SELECT feed, partition, argMax(kind, (ingested, position)) AS kind FROM v_markers GROUP BY feed, partition
    ) WHERE kind != 'end')
GROUP BY feed"""


def settle_ends(feeds: Feeds, reader: Reader) -> int:
    """Settle the feeds that are through in every partition; returns how many. Raises StoreError."""
    names: Sequence[str] = feeds.unsettled()
    if not names:
        return 0
    found = list(reader.rows(_ENDED, {"feeds": tuple(names)}))
    for row in found:
        feeds.settle(row["feed"], row["newest"])
    return len(found)


async def keep_ends_settled(feeds: Callable[[], Feeds], reader: Reader) -> None:
    """Look now and then, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await asyncio.to_thread(settle_ends, feeds(), reader)
        except StoreError as problem:
            log.warning("the ends of feeds are asked for again", problem=str(problem)[:500])
