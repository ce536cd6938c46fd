"""Workers for the tests: in this process (stoppable), or in one of their own (killable)."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from streams.producer import start_producer
from streams.transport.app import BatchApp, build_app
from streams.transport.batch import Limits, RecordBatch
from streams.transport.program import quieten, run, serve

Take = Callable[[BatchApp, RecordBatch], Awaitable[None]]
SESSION = 2.0  # seconds; a join on the embedded broker takes half of it


async def fill(broker: str, topic: str, count: int, start: int = 0) -> None:
    """`count` records of 4 bytes and more, spread over four partitions; value = running number from `start`."""
    async with await start_producer(broker, "test") as producer:
        await producer.send_many(topic, [(None, b"%d" % n, [], n % 4, None) for n in range(start, start + count)])
        await producer.flush()


def app_with(
    broker: str, group: str, topics: Sequence[str], take: Take, session: float = SESSION, **options: Any
) -> BatchApp:
    """An app whose agent hands each batch to `take`."""
    app = build_app(group, broker, topics, session_timeout=session, **options)

    @app.agent(app.batches)
    async def engine(stream: Any) -> None:
        async for batch in stream:
            await take(app, batch)

    return app


async def commit(app: BatchApp, batch: RecordBatch) -> None:
    await app.commit_offsets({batch.tp: batch.last_offset + 1}, batch.generation)


class Running:
    """An app on the test's own loop; `async with` starts it and stops it cleanly."""

    def __init__(self, app: BatchApp) -> None:
        quieten()
        self.app = app
        self.stop = asyncio.Event()
        self.ending = asyncio.ensure_future(serve(app, stop=self.stop))

    async def __aenter__(self) -> "Running":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await self.ending

    async def until(self, done: Callable[[], bool], within: float = 20.0) -> None:
        """Wait for `done`; the app ending before that is an error."""
        async with asyncio.timeout(within):
            while not done():
                assert not self.ending.done(), f"the app ended with status {self.ending.result()}"
                await asyncio.sleep(0.01)


def small(records: int = 100, in_flight: int = 2) -> Limits:
    return Limits(records=records, in_flight=in_flight)


class WorkerProcess:
    """A worker in a process of its own that writes what it took, one JSON line a batch, to `out`."""

    def __init__(self, broker: str, group: str, topic: str, out: Path, mode: str) -> None:
        self.out = out
        command = [sys.executable, "-m", "tests.integration.transport.workers", broker, group, topic, str(out), mode]
        self.process = subprocess.Popen(command)

    def wait_for_lines(self, count: int, within: float = 20.0) -> None:
        deadline = time.monotonic() + within
        while len(taken(self.out)) < count:
            assert time.monotonic() < deadline, f"{len(taken(self.out))} of {count} batches in {within} s"
            time.sleep(0.02)


def taken(out: Path) -> list[dict[str, Any]]:
    """Whole lines written so far: {"partition", "offsets"}."""
    text = out.read_text() if out.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def note(out: Path, batch: RecordBatch) -> None:
    with out.open("a") as lines:
        lines.write(json.dumps({"partition": batch.partition, "offsets": [r[0] for r in batch.records]}) + "\n")


def main() -> None:
    """Take batches of ten; mode `commit` commits each, `hold` none, `raise` fails on the third batch."""
    broker, group, topic, out, mode = sys.argv[1:]
    seen = 0

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        nonlocal seen
        seen += 1
        if mode == "raise" and seen == 3:
            raise ValueError("a batch that cannot be worked on")
        note(Path(out), batch)
        if mode == "commit":
            await commit(app, batch)
        await asyncio.sleep(0.01)

    sys.exit(run(app_with(broker, group, [topic], take, limits=small(10))))


if __name__ == "__main__":
    main()
