"""One change of the number of partitions, step by step; each step may be made again after a crash."""

import asyncio
from typing import NamedTuple

from metrics.settings import Settings
from metrics.store.client import connect
from metrics.store.writer import ClickHouseWriter
from streams.broker.incarnation import read_incarnation
from streams.broker.partition_change import Change, note_change, read_changes
from streams.engine.feeds import WallClock
from streams.engine.program import BY_SHARD
from streams.repartition.growing import TOPICS, CannotGrow, StillRunning, await_empty, counted, grow
from streams.repartition.moving import count_as_read, marked, say_again, send_again, store_as_read
from streams.repartition.plan import Refused, check_change, phases_to_copy

GROUPS = tuple(f"flowglass-{kind}" for kind in BY_SHARD)


class Changed(NamedTuple):
    """What a change came to: messages that were sent again, feeds whose phase was said in new partitions."""

    before: int
    partitions: int
    sent: int
    feeds: int


async def change(settings: Settings, wanted: int, clock: WallClock) -> Changed:
    """Give the log `wanted` partitions. Raises Refused, StillRunning, CannotGrow, and errors of broker and store.

    Whether workers run is asked once more after "begun" is noted: one that starts later refuses to work until "done".
    """
    broker = settings.broker
    found = await counted(broker)
    if missing := set(TOPICS) - found.keys():
        raise Refused(f"there is no topic {', '.join(sorted(missing))}: `flowglass topics --declare`")
    before = await _before(broker, min(found.values()))
    check_change(before, found, wanted)
    await await_empty(broker, GROUPS)
    await _begin(broker, before, wanted, clock)
    incarnation = str(await read_incarnation(broker))
    store = await asyncio.to_thread(connect, settings)
    try:
        writer = ClickHouseWriter(store, cluster=settings.cluster)
        phases = phases_to_copy(await asyncio.to_thread(marked, store), before, wanted)
        await say_again(broker, phases)
        sent, ends = await send_again(broker, before, wanted)
        await asyncio.to_thread(store_as_read, store, writer, incarnation, ends, clock)
    finally:
        store.close()
    await count_as_read(broker, ends)
    await note_change(broker, Change(before, wanted, "done", clock()))
    return Changed(before, wanted, sent, len({one.feed for one in phases}))


async def _begin(broker: str, before: int, wanted: int, clock: WallClock) -> None:
    """Note "begun", make sure that nobody runs, and add the partitions; without any added it is as it was."""
    await note_change(broker, Change(before, wanted, "begun", clock()))
    try:
        await await_empty(broker, GROUPS)
        await grow(broker, wanted)
    except (StillRunning, CannotGrow):
        if set((await counted(broker)).values()) == {before}:
            await note_change(broker, Change(before, before, "done", clock()))
        raise


async def _before(broker: str, found: int) -> int:
    """The number by which workers dealt out last: that of a change that was begun is not in force."""
    last = (await read_changes(broker)).last
    if last is None:
        return found
    return last.partitions if last.state == "done" else last.before
