"""A million open timers: what they take in memory, how soon the worker is back with them, how late they fire.

A real `flowglass worker cases` on a real store: the million rows are copies, made by INSERT … SELECT, of rows that the
worker wrote itself. Then ten thousand fall due at one instant, none of them in the worker's memory, while new cases
come in; counted is the time from that instant until each breach can be read from the store.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from threading import Event as Flag
from threading import Thread
from typing import Any, NamedTuple

import msgspec

from benchmarks import timers_scene as scene
from benchmarks.machine import table
from benchmarks.processes import Program, TimedOut, python
from benchmarks.stack import Stack, stack, wait_for
from benchmarks.timers_held import Held
from metrics.words import DAY, MINUTE, SECOND
from streams import topics
from streams.runtime.ports import HOST, free_port

POLL_SECONDS = 0.02
LOAD = 1_000
"""New cases a second while the timers fire."""
ROUNDS_SECONDS = 100
"""So long the worker is left alone first: the copies are news to its rounds (ledger, digests, figures), which read them
once."""
LEAD = 15 * SECOND
"""From the start of the load to the instant at which the ten thousand fall due."""
CONTESTANTS = ("ours", "heapq", "heapq_dict", "call_later", "sortedcontainers")


class Start(NamedTuple):
    """A worker from its process's start until it owns its partitions, and what it takes then."""

    seconds: float
    resident: int


class Timed(NamedTuple):
    """What was measured in the worker. Seconds; bytes."""

    timers: int
    empty: Start
    full: Start
    due: int
    visible: tuple[float, float, float]
    """Median, 99th percentile and maximum of the time from the due instant until a breach can be read."""
    noticed: tuple[float, float, float]
    resident_after: int
    loaded: int


def held(count: int, due: int, patience: float) -> dict[str, Held | str]:
    """Each contestant in a process of its own; the reason as text where it could not be measured."""
    found: dict[str, Held | str] = {}
    for name in CONTESTANTS:
        command = [sys.executable, "-m", "benchmarks.timers_held", name, str(count), str(due)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=patience, check=True)
            found[name] = msgspec.json.decode(done.stdout, type=Held)
        except subprocess.TimeoutExpired:
            found[name] = f"took longer than {patience:.0f} s"
        except subprocess.CalledProcessError as error:
            found[name] = error.stderr.decode(errors="replace").strip().splitlines()[-1]
    return found


def fired(count: int, due: int, within: float, tell: Callable[[str], None]) -> Timed:
    """The whole scene: `count` open cases, of which `due` fall due at one instant."""
    with stack() as made:
        scene.write_definition(made.broker.directory / "definitions")
        fall = scene.now() + 20 * MINUTE  # of the first template alone: the copies' due is set when they are made
        with worker(made) as (program, empty):
            first = [scene.submitted(1, "TEMPLATE-FAR", fall + DAY), scene.submitted(2, "TEMPLATE-DUE", fall)]
            made.broker.send(topics.EVENTS, first)
            wait_until(lambda: count_of(made, "cases") == len(first), program, within)
        tell("the worker wrote the rows that are to be copied")
        scene.multiply(made, "TEMPLATE-FAR", "F", count - due, 1000, 0)
        tell(f"{count:,} open cases are stored")
        return _fire(made, count, due, empty, within, tell)


def _fire(made: Stack, count: int, due: int, empty: Start, within: float, tell: Callable[[str], None]) -> Timed:
    with worker(made) as (program, trial):
        tell(f"back with them after {trial.seconds:.1f} s, {trial.resident >> 20} MiB")
    at = scene.now() + int((trial.seconds + 10 + ROUNDS_SECONDS) * SECOND) + LEAD
    scene.multiply_due(made, "TEMPLATE-DUE", "D", due, at)
    with worker(made) as (program, full):
        ended = Flag()
        load = Thread(target=_load, args=(made, at + DAY, ended))
        time.sleep(ROUNDS_SECONDS)
        load.start()
        try:
            visible = list(_watch(made, program, at, due, within))
        finally:
            ended.set()
            load.join()
        sql = f"""SELECT toUnixTimestamp64Micro(noticed) - {at} AS late FROM v_transitions
                  WHERE status = 'breached' AND startsWith(case_id, 'D')"""
        noticed = [row["late"] / SECOND for row in made.client.rows(sql)]
        cases = "SELECT count() AS n FROM v_cases WHERE startsWith(case_id, 'N')"
        loaded = int(next(iter(made.client.rows(cases)))["n"])
        after = resident(program.pid)
    return Timed(count, empty, full, due, _three(visible), _three(noticed), after, loaded)


@contextmanager
def worker(made: Stack) -> Iterator[tuple[Program, Start]]:
    """A worker that owns its partitions."""
    port = free_port()
    environment = {
        **made.environment,
        "FLOWGLASS_METRICS_PORT": str(port),
        "FLOWGLASS_DEFINITIONS": str(made.broker.directory / "definitions"),
    }
    began = time.monotonic()
    log = made.broker.directory / "worker.log"
    with Program("worker cases", python("metrics.cli", "worker", "cases"), log, environment) as program:
        wait_for(f"http://{HOST}:{port}/ready", program, 120.0)
        yield program, Start(time.monotonic() - began, resident(program.pid))


def _load(made: Stack, due: int, ended: Flag) -> None:
    """New cases, ten times a second, until told to end."""
    number = 0
    while not ended.is_set():
        began = time.monotonic()
        batch = [scene.submitted(number + one, f"N{number + one}", due) for one in range(LOAD // 10)]
        made.broker.send(topics.EVENTS, batch)
        number += len(batch)
        time.sleep(max(0.0, 0.1 - (time.monotonic() - began)))


def _watch(made: Stack, program: Program, at: int, due: int, within: float) -> Iterator[float]:
    """For each breach, seconds from `at` until it could be read."""
    seen, until = 0, time.monotonic() + within
    sql = "SELECT count() AS n FROM transitions WHERE status = 'breached' AND startsWith(case_id, 'D')"
    while seen < due:
        if time.monotonic() > until or not program.running():
            raise TimedOut(f"{seen} of {due} timers fired; the worker's log ends:\n{program.last_lines()}")
        found = int(next(iter(made.client.rows(sql)))["n"])
        late = (scene.now() - at) / SECOND
        yield from [late] * (found - seen)
        seen = found
        time.sleep(POLL_SECONDS)


def _three(values: list[float]) -> tuple[float, float, float]:
    cuts = quantiles(values, n=100)
    return cuts[49], cuts[98], max(values)


def count_of(made: Stack, table: str) -> int:
    return int(next(iter(made.client.rows(f"SELECT count() AS n FROM {table} FINAL")))["n"])


def wait_until(holds: Callable[[], bool], program: Program, within: float) -> None:
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() > until or not program.running():
            raise TimedOut(f"{program.name} did not get there in time; its log ends:\n{program.last_lines()}")
        time.sleep(0.1)


def resident(pid: int) -> int:
    """Bytes of memory that the process holds now; needs Linux's /proc."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)


def part(peers: dict[str, Held | str], timed: Timed) -> str:
    """Markdown of both halves."""
    mib = 1 << 20
    rows: list[list[Any]] = []
    for name, one in peers.items():
        if isinstance(one, str):
            rows.append([name, f"not measured: {one}", "", "", ""])
        else:
            rows.append(
                [
                    name,
                    f"{one.bytes / mib:.0f}",
                    f"{one.bytes / one.timers:.0f}",
                    f"{one.filled:.2f}",
                    f"{one.popped * 1e3:.1f}",
                ]
            )
    head = ["structure", "MiB", "bytes a timer", "filled in s", "due ones handed out in ms"]
    extra = timed.full.resident - timed.empty.resident
    worker_rows = [
        ["ready with an empty store", f"{timed.empty.seconds:.1f} s, {timed.empty.resident / mib:.0f} MiB"],
        [f"ready with {timed.timers:,} open cases", f"{timed.full.seconds:.1f} s, {timed.full.resident / mib:.0f} MiB"],
        ["recovery: the difference", f"{timed.full.seconds - timed.empty.seconds:.1f} s, {extra / mib:.0f} MiB"],
        [f"{timed.due:,} due at once, until readable in the store", _shown(timed.visible)],
        ["… until the worker handed them to its writer", _shown(timed.noticed)],
        ["new cases taken in meanwhile", f"{timed.loaded:,} ({LOAD:,} a second)"],
        ["memory afterwards", f"{timed.resident_after / mib:.0f} MiB"],
    ]
    return "\n\n".join([table(head, rows), table(["the worker", "measured"], worker_rows)])


def _shown(three: tuple[float, float, float]) -> str:
    return f"p50 {three[0]:.2f} s, **p99 {three[1]:.2f} s**, latest {three[2]:.2f} s"
