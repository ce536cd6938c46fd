"""A run that was stopped, or killed, goes on where it was; files hold what the broker would get."""

import asyncio
import errno
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from metrics.words import MINUTE, Event
from streams.simulator.journal import OtherRunError, Progress, StateFile, TruthFile
from streams.simulator.plan import SimulationPlan
from streams.simulator.program import new_progress, plan_for
from streams.simulator.run import Run
from streams.simulator.sinks import FileSink
from streams.simulator.stage import Output, Told

from .conftest import ANCHOR, plan, play


class ListSink:
    """Keeps what it is sent; `stop_after` outputs it asks the run to stop."""

    def __init__(self, stop: asyncio.Event, stop_after: int | None = None, mapped: bool = True) -> None:
        self._mapped = mapped
        self.sent: list[str] = []
        self.marks: list[str] = []
        self._stop = stop
        self._stop_after = stop_after

    async def send(self, outputs: Sequence[Output]) -> None:
        self.sent += [_name(output) for output in outputs]
        if self._stop_after is not None and len(self.sent) >= self._stop_after:
            self._stop.set()

    async def mark(self, kind: str) -> None:
        self.marks.append(kind)

    async def settle(self) -> None:
        """Everything is safe at once."""

    async def through(self, stop: asyncio.Event) -> bool:
        return self._mapped and not stop.is_set()


def _name(output: Output) -> str:
    if isinstance(output, Told):
        return f"native {output.event.id}"
    return output.id if isinstance(output, Event) else output.payload.hex()[:64]


class Silent:
    def progress(self, phase: str, done: float, events: int, spans: int) -> None:
        """Nobody looks."""


class SteppingClock:
    """Moves on by a minute each time it is asked, and stops the run after an hour."""

    def __init__(self, start: int, stop: asyncio.Event) -> None:
        self.now = start
        self._end = start + 60 * MINUTE
        self._stop = stop

    def __call__(self) -> int:
        self.now += MINUTE
        if self.now > self._end:
            self._stop.set()
        return self.now


async def no_rest(_stop: asyncio.Event, _seconds: float) -> None:
    """Nobody waits in a test."""


async def drive(directory: Path, stop_after: int | None = None, mapped: bool = True) -> ListSink:
    """Run history and one hour of live on the progress in `directory`."""
    stop = asyncio.Event()
    state = StateFile(directory)
    chosen, progress = plan_for(state, plan(days=2, speed=50.0), "harsh")
    sink = ListSink(stop, stop_after, mapped)
    with TruthFile(directory) as truth:
        clock = SteppingClock(max(ANCHOR, progress.heard), stop)
        run = Run(chosen, sink, state, truth, progress, clock, Silent(), no_rest)
        if await run.history(stop):
            await run.live(stop)
    return sink


async def test_a_stopped_run_goes_on_without_a_gap_or_a_repetition(tmp_path: Path) -> None:
    whole = await drive(tmp_path / "whole")
    first = await drive(tmp_path / "parts", stop_after=1_000)
    second = await drive(tmp_path / "parts")
    assert 0 < len(first.sent) < len(whole.sent)
    joined = first.sent + second.sent
    assert joined[: len(whole.sent)] == whole.sent[: len(joined)]


async def test_history_is_framed_by_its_markers(tmp_path: Path) -> None:
    sink = await drive(tmp_path)
    assert sink.marks == ["backfill", "live"]
    again = await drive(tmp_path)
    assert again.marks == ["live"]


async def test_nothing_says_live_before_every_native_message_is_mapped(tmp_path: Path) -> None:
    waiting = await drive(tmp_path, mapped=False)
    assert waiting.marks == ["backfill"]
    done = await drive(tmp_path)
    assert done.marks == ["backfill", "live"]


async def test_a_restart_writes_the_same_truth_again(tmp_path: Path) -> None:
    await drive(tmp_path, stop_after=500)
    await drive(tmp_path)
    records = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text().splitlines()]
    settled = [r for r in records if r["record"] == "case" and r["now"] == ANCHOR]
    assert settled == play(plan(days=2, speed=50.0)).of("case")
    assert any(r["now"] > ANCHOR for r in records if r["record"] == "case")


def test_a_directory_of_another_run_is_refused(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.write(new_progress(plan(days=2), "harsh"))
    with pytest.raises(OtherRunError, match="seed 11"):
        plan_for(state, plan(days=2, seed=12), "harsh")


def test_a_restart_keeps_the_anchor_of_the_first_start(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.write(Progress(seed=11, anchor=ANCHOR, days=2, load=1.0, speed=1.0, disorder="small", sent=5))
    later = SimulationPlan(seed=11, anchor=ANCHOR + 60 * MINUTE, days=2)
    chosen, progress = plan_for(state, later, "small")
    assert (chosen.anchor, progress.sent) == (ANCHOR, 5)


async def test_files_hold_events_spans_and_truth(tmp_path: Path) -> None:
    stop = asyncio.Event()
    chosen = plan(days=1)
    with TruthFile(tmp_path) as truth:
        run = Run(chosen, FileSink(tmp_path), None, truth, new_progress(chosen, "harsh"), lambda: ANCHOR, Silent())
        assert await run.history(stop)
    expected = play(chosen)
    events = [json.loads(line)["id"] for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert events == [event.id for event in expected.sent]
    spans = [json.loads(line) for line in (tmp_path / "spans.jsonl").read_text().splitlines()]
    ids = [s["traceId"] for m in spans for r in m["resourceSpans"] for c in r["scopeSpans"] for s in c["spans"]]
    assert len(ids) == sum(batch.spans for batch in expected.batches)
    assert all(len(trace_id) == 32 for trace_id in ids)
    assert not (tmp_path / "state.json").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_full_disk_costs_notes_and_no_events(tmp_path: Path) -> None:
    whole = await drive(tmp_path / "whole", stop_after=500)
    (tmp_path / "full").mkdir()
    for name in ("state.json.new", "truth.jsonl"):
        (tmp_path / "full" / name).symlink_to("/dev/full")
    held = await drive(tmp_path / "full", stop_after=500)
    assert held.sent == whole.sent
    assert not (tmp_path / "full" / "state.json").exists()


def test_truth_that_finds_no_room_is_written_once_there_is_some(tmp_path: Path) -> None:
    class Full:
        """A file of so many bytes of room."""

        room = 10
        written = b""

        def write(self, data: bytearray) -> int:
            taken = bytes(data[: self.room])
            if not taken:
                raise OSError(errno.ENOSPC, "no room")
            self.room -= len(taken)
            self.written += taken
            return len(taken)

        def close(self) -> None:
            """Nothing to let go of."""

    file = Full()
    truth = TruthFile(tmp_path, file)
    truth({"record": "case", "n": 1})
    truth.flush()
    truth({"record": "case", "n": 2})
    truth.flush()
    assert len(file.written) == 10
    file.room = 1_000
    truth.flush()
    assert [json.loads(line)["n"] for line in file.written.splitlines()] == [1, 2]
