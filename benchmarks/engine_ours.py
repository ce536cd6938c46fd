"""Contestant `flowglass`: the batch transport in a Faust agent; counts in memory, and durable by RocksDB.

Every 20,000 records the keys touched since the last time and the next offsets go into RocksDB as one write batch
that is synced to the disk, and then the offsets are committed: what the worker does with the store, on a local one.
"""

import asyncio
import struct
from collections.abc import Mapping

from faust.types import TP, StreamT
from rocksdict import Options, Rdict, WriteBatch, WriteOptions

from benchmarks.engine_input import TOPIC, Race, decode, group, key_of, options
from streams.transport.app import BatchApp, build_app
from streams.transport.batch import RecordBatch
from streams.transport.collector import calm_collector
from streams.transport.program import new_loop, quieten, serve

FLUSH_RECORDS = 20_000


class Counter:
    """Counts per key: what is new since the last flush is written with the offsets it came from."""

    def __init__(self, app: BatchApp, directory: str) -> None:
        self._app = app
        self._store = Rdict(directory, Options(raw_mode=True))
        self._write = WriteOptions()
        self._write.sync = True
        self.counts: dict[str, int] = {}
        self._touched: set[str] = set()
        self._offsets: dict[TP, int] = {}
        self._fresh = 0
        self.seen = 0

    async def take(self, batch: RecordBatch) -> None:
        counts, touched = self.counts, self._touched
        for _, _, _, value, _ in batch.records:
            key = key_of(decode(value or b""))
            counts[key] = counts.get(key, 0) + 1
            touched.add(key)
        self._offsets[batch.tp] = batch.last_offset + 1
        self._fresh += len(batch)
        self.seen += len(batch)
        if self._fresh >= FLUSH_RECORDS:
            await self.flush(batch.generation)

    async def flush(self, generation: int) -> None:
        self._store.write(self._as_batch(self._offsets), self._write)
        await self._app.commit_offsets(self._offsets, generation)
        self._touched, self._offsets, self._fresh = set(), {}, 0

    def _as_batch(self, offsets: Mapping[TP, int]) -> WriteBatch:
        batch = WriteBatch(raw_mode=True)
        for key in self._touched:
            batch.put(key.encode(), struct.pack("<q", self.counts[key]))
        for tp, offset in offsets.items():
            batch.put(f"offset/{tp.topic}/{tp.partition}".encode(), struct.pack("<q", offset))
        return batch


async def work(broker: str, records: int, directory: str) -> int:
    """Count until all records are through."""
    stop, race = asyncio.Event(), Race()

    async def assigned(_: object) -> None:
        race.start()

    app = build_app(group(), broker, [TOPIC], on_assigned=assigned)
    counter = Counter(app, directory)

    @app.agent(app.batches)
    async def count(stream: StreamT[RecordBatch]) -> None:
        async for batch in stream:
            await counter.take(batch)
            if counter.seen >= records:
                await counter.flush(batch.generation)
                race.finish(counter.counts.items())
                stop.set()

    return await serve(app, stop=stop)


def main() -> None:
    told = options()
    quieten()
    calm_collector()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(work(told.broker, told.records, told.directory))


if __name__ == "__main__":
    main()
