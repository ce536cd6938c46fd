"""The worker dies of SIGKILL again and again, at any arrow of its flush; the outcome is the oracle's all the same.

The long form (200,000 events, 20 kills) runs with FLOWGLASS_FULL=1.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from streams import topics
from streams.producer import Outgoing, start_producer
from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, Stack, mark, wait_until


class Extent(NamedTuple):
    """How much of it: `rate` is events a second while the worker lives, `most` the longest life after a first flush."""

    events: int
    kills: int
    rate: int
    most: float


TRICKLE = 40
FIRST_SEED = 300  # gives kills spread over the arrows
EXTENT = Extent(200_000, 20, 2_000, 3.0) if FULL else Extent(20_000, 4, 2_000, 1.2)


class Life(NamedTuple):
    """What one life of the worker came to."""

    arrow: str
    seconds: float
    recovery: float
    applied: int
    redelivered: int


@pytest.mark.timeout(2400 if FULL else 600)
def test_kills_at_random_arrows_leave_every_outcome_right(tmp_path: Path) -> None:
    steps = Hospital(seed=9).steps(EXTENT.events)
    records = [step.record() for step in sending_order(steps, seed=9)]
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        with Feeder(stack, records) as feeder:
            lives = [live_and_die(stack, feeder, number) for number in range(EXTENT.kills)]
            last = stack.start_worker()
            feeder.send_the_rest()
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(last, len(records) + 2 * PARTITIONS)
        print(report(lives))
        wrong = differences(stack, Truth(steps))
        record(1, summary(lives, len(wrong)))
        assert not wrong, "\n".join(wrong)
    assert all(life.applied > 0 for life in lives)
    assert sum(life.redelivered for life in lives) > 0


class Feeder:
    """Sends at the wanted rate whenever it is asked to, and keeps enough for every life of the worker."""

    def __init__(self, stack: Stack, records: list[tuple[bytes, bytes]]) -> None:
        self._loop = asyncio.Runner()
        self._records: list[Outgoing] = [(key, value, [], None, None) for key, value in records]
        self._producer = self._loop.run(start_producer(stack.broker_address, "test"))
        self._sent = self._life_ends = 0
        self._last = time.monotonic()

    def __enter__(self) -> "Feeder":
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._producer.close())
        self._loop.close()

    def begin_life(self) -> None:
        """From here on a share of the records may be sent at full rate; after it only a trickle."""
        self._life_ends = self._sent + (len(self._records) - self._sent) // (EXTENT.kills + 1)
        self._send(EXTENT.rate // 4)

    def pace(self) -> None:
        """What the rate allows since the last call, half a second's worth at most."""
        now = time.monotonic()
        rate = EXTENT.rate if self._sent < self._life_ends else TRICKLE
        if (count := int(rate * min(0.5, now - self._last))) > 0:
            self._last = now
            self._send(count)

    def send_the_rest(self) -> None:
        self._send(len(self._records))

    def _send(self, count: int) -> None:
        async def go() -> None:
            await self._producer.send_many(topics.EVENTS, self._records[self._sent : self._sent + count])
            await self._producer.flush()

        self._loop.run(go())
        self._sent += count


def live_and_die(stack: Stack, feeder: Feeder, number: int) -> Life:
    """Start a worker, feed it, and wait until it has killed itself."""
    notes, before, began = stack.folder / f"notes-{number}.jsonl", sum(stack.committed().values()), time.monotonic()
    fate = ["--notes", str(notes), "--seed", str(FIRST_SEED + number), "--most", str(EXTENT.most)]
    worker = stack.start_worker(module=["tests.faults.crashing_worker", *fate])
    recovery = 0.0
    feeder.begin_life()

    def dead() -> bool:
        nonlocal recovery
        if notes.exists():
            recovery = recovery or time.monotonic() - began
            feeder.pace()
        return worker.poll() is not None

    wait_until(dead)
    assert worker.returncode == -9, f"the worker ended with {worker.returncode}:\n{stack.worker_log()}"
    end: dict[str, Any] = json.loads(notes.read_text().splitlines()[-1])
    committed = stack.committed()
    return Life(end["arrow"], end["after"], recovery, sum(committed.values()) - before, beyond(stack, committed))


def beyond(stack: Stack, committed: dict[int, int]) -> int:
    """Events that are stored although their offsets are not committed: the next life gets them again."""
    sql = "SELECT uniqExact(position) FROM events WHERE startsWith(origin, %(place)s) AND position >= %(offset)s"
    places = ((f"{topics.EVENTS}/{number}@", offset) for number, offset in committed.items())
    return sum(stack.value(sql, {"place": place, "offset": offset}) for place, offset in places)


def summary(lives: list[Life], wrong: int) -> str:
    """For the report of the suite."""
    recoveries = sorted(life.recovery for life in lives)
    p95 = recoveries[max(0, -(-len(recoveries) * 95 // 100) - 1)]
    applied, again = [life.applied for life in lives], sum(life.redelivered for life in lives)
    return (
        f"{len(lives)} kills over {EXTENT.events:,} events: {wrong} differences; applied between kills "
        f"{min(applied):,} to {max(applied):,}, stored but not committed {again:,}; to the first flush p95 {p95:.1f} s"
    )


def report(lives: list[Life]) -> str:
    """For the reader of `pytest -s`."""
    return "\n".join(
        f"kill {number} at {life.arrow:<18} {life.seconds:.2f} s after its first flush ({life.recovery:.1f} s to it);"
        f" applied {life.applied}, stored but not committed {life.redelivered}"
        for number, life in enumerate(lives, 1)
    )
