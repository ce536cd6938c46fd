"""A store that is slow, answers 500, or breaks the connection *after* it has applied an insert."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, Stack, end_cleanly, mark, send
from tests.faults.unkind_store import KINDS, UnkindStore

EVENTS = 30_000 if FULL else 6_000


@pytest.mark.timeout(600)
def test_what_an_unkind_store_is_told_again_is_in_no_view_twice(tmp_path: Path) -> None:
    steps = Hospital(seed=6).steps(EVENTS)
    records = [step.record() for step in sending_order(steps, seed=6)]
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack, UnkindStore(stack.store_port, share=0.3, seed=6) as unkind:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        worker = stack.start_worker(store_url=unkind.url)
        for at in range(0, len(records), EVENTS // 8):  # many flushes, each of many inserts
            asyncio.run(send(stack.broker_address, records[at : at + EVENTS // 8]))
            stack.settle("cases")
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        print(", ".join(f"{count} inserts {kind}" for kind, count in sorted(unkind.met.items())))
        assert all(unkind.met[kind] for kind in KINDS), unkind.met
        wrong = differences(stack, Truth(steps))
        told = ", ".join(f"{unkind.met[kind]} {kind}" for kind in KINDS)
        record(6, f"of {unkind.met.total()} inserts {told}: {len(wrong)} differences over {EVENTS:,} events")
        assert not wrong, "\n".join(wrong)
        assert stack.value("SELECT count() FROM events") == stack.value("SELECT count() FROM events FINAL")
        assert end_cleanly(worker) == 0
