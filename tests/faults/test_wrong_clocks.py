"""Clocks that are wrong: the worker's own changes nothing that is told in event time; what no time can be is dead."""

import asyncio
from datetime import timedelta

from metrics.words import DAY, MINUTE
from streams.codecs.cloudevents import decode_batch
from streams.codecs.reasons import TIME_OUT_OF_RANGE
from streams.engine.cases_worker import Read
from tests.fakes.memory_store import MemoryStore
from tests.faults.figures import record
from tests.faults.scene import BEGIN, Hospital
from tests.properties.engine.test_clocks_in_any_order import TRUTH, clocked_scene, marker, new_life
from tests.properties.engine.test_order_and_crashes import outcome

CLOCKS = (0, 10 * MINUTE, -10 * MINUTE, DAY, -DAY, 365 * DAY)
YEARS_OFF = 200


async def worked_by(clock: int) -> MemoryStore:
    """The scene, worked by a worker whose own clock is this far from 1970, where the scene plays."""
    store = MemoryStore()
    worker = new_life(store, epoch=1)
    worker.now = clock
    await worker.start()
    for number, one in enumerate(clocked_scene(), 1):
        await worker.take([one])
        await worker.flush(number)
    await worker.engine.take([], markers=[marker("end")])
    await worker.flush()
    return store


def test_the_workers_clock_changes_no_outcome_that_is_told_in_event_time() -> None:
    wrong = [clock for clock in CLOCKS if outcome(asyncio.run(worked_by(clock))) != TRUTH]
    record(10, f"a worker's clock off by up to a year, {len(CLOCKS)} ways: {len(wrong)} outcomes differ")
    assert not wrong


def test_what_lies_outside_the_horizon_is_a_dead_letter_and_what_is_merely_early_or_late_is_not() -> None:
    steps = Hospital(seed=10).steps(90)
    shifts = [timedelta(minutes=10), timedelta(days=-1), timedelta(days=365 * YEARS_OFF)]
    records = [
        Read("flowglass.events", 0, at, 0, *step.record(begin=BEGIN + shifts[at % 3]), ())
        for at, step in enumerate(steps)
    ]
    events, _, letters = decode_batch(records, "one")
    record(
        10, f"{len(letters)} of {len(records)} events dated {YEARS_OFF} years ahead: as many dead letters as were sent"
    )
    assert len(events) == 60
    assert [letter.offset for letter in letters] == [at for at in range(90) if at % 3 == 2]
    assert {letter.reason for letter in letters} == {TIME_OUT_OF_RANGE}
