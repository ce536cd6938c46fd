"""The soak: a steady load for as long as wanted, and what it does to memory, descriptors, lag and CPU.

    python -m tests.faults.soak --minutes 60 --events 2000 --spans 4000 --out soak.json

Runs a broker (Apache Kafka with `--kafka`, else the embedded one, whose memory only grows), the store, and the workers
of events and of spans; samples them every five seconds and writes all figures to the file.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from metrics.settings import read_settings
from streams.broker.trim import lag, resident_bytes
from streams.runtime.ports import free_port
from streams.runtime.renewal import READERS
from tests.faults.asking import ask
from tests.faults.soak_figures import Sample, percentile, slope
from tests.faults.stack import ROOT, Stack, end_cleanly, wait_until
from tests.real.kafka import Kafka
from tests.real.stack import KafkaStack

EVERY_SECONDS = 5.0
READ = {name: READERS[name] for name in ("flowglass-cases", "flowglass-spans")}
TICKS = os.sysconf("SC_CLK_TCK")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: events and spans a second, for so many seconds, of which the first `warm_up` do not count.

    Until then caches fill; FLOWGLASS_CASES_IN_MEMORY says how far the largest of them does.
    """

    seconds: float
    events: int
    spans: int
    kafka: bool = False
    warm_up: float = 300.0


@dataclass(slots=True)
class Found:
    """Samples by program, and the lags seen (records), of the time after the warm-up."""

    programs: dict[str, list[Sample]] = field(default_factory=dict)
    lags: list[int] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)

    def figures(self, plan: Plan) -> dict[str, Any]:
        """For a file and for people."""
        rate = plan.events + plan.spans / 300  # records: spans go 300 a message
        return {
            "seconds": plan.seconds,
            "warm_up_seconds": plan.warm_up,
            "cases_in_memory": read_settings().cases_in_memory,
            "events_a_second": plan.events,
            "spans_a_second": plan.spans,
            "broker": "Apache Kafka" if plan.kafka else "embedded",
            "sent": self.sent,
            "lag_p99_records": percentile(self.lags, 0.99),
            "lag_p99_seconds": round(percentile(self.lags, 0.99) / rate, 2),
            "programs": {name: _of_program(samples) for name, samples in self.programs.items()},
        }


def _of_program(samples: Sequence[Sample]) -> dict[str, Any]:
    grows, first, last = slope(samples), samples[0], samples[-1]
    third = max(len(samples) // 3, 1)
    opened = [one.descriptors for one in samples]
    return {
        "resident_mib": [round(first.resident / (1 << 20), 1), round(last.resident / (1 << 20), 1)],
        "slope": str(grows),
        "slope_percent_per_10_min": round(grows.percent, 3),
        "slope_error": round(grows.error, 3),
        "slope_is_valid": grows.is_valid,
        "descriptors_kept": [min(opened[:third]), min(opened[-third:])],  # a merge opens hundreds, and closes them
        "descriptors_at_most": max(opened),
        "cpu_percent": round(100 * (last.cpu - first.cpu) / max(last.at - first.at, 1.0), 1),
    }


def sample(pid: int, at: float) -> Sample:
    """A look at a process. Raises ProcessLookupError or FileNotFoundError when it is gone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / TICKS
    return Sample(at, resident_bytes(pid), _descriptors(pid), cpu)


def _descriptors(pid: int) -> int:
    """Those open, without what the engine keeps of each of its threads (three files of procfs) and of each table."""
    count = 0
    for name in os.listdir(f"/proc/{pid}/fd"):
        with suppress(FileNotFoundError):
            target = os.readlink(f"/proc/{pid}/fd/{name}")
            count += not target.startswith("/proc/") and "/deduplication_logs/" not in target
    return count


def soak(plan: Plan, folder: Path, say: Say) -> Found:
    """Run it. Raises AssertionError when a program dies or does not read to the end."""
    with ExitStack() as running:
        if plan.kafka:
            stack: Stack = running.enter_context(KafkaStack(folder, Kafka(folder / "kafka")))
        else:
            stack = running.enter_context(Stack(folder))
        ports = {kind: free_port() for kind in ("cases", "spans")}
        workers = {
            kind: stack.start_worker(module=("metrics.cli", "worker", kind), metrics_port=port)
            for kind, port in ports.items()
        }
        for port in ports.values():
            wait_until(lambda port=port: ask(port, "/ready")[0] == 200)  # type: ignore[misc]
        watched = {"store": stack.front, **{f"worker-{kind}": one for kind, one in workers.items()}}
        found = _under_load(stack, plan, watched, say)
        say("the load is over; reading to the end")
        stack.settle("cases", "spans")
        for name, worker in workers.items():
            assert end_cleanly(worker) == 0, f"worker {name} did not end cleanly"
        return found


def _under_load(stack: Stack, plan: Plan, watched: dict[str, "subprocess.Popen[bytes]"], say: Say) -> Found:
    found, began = Found({name: [] for name in watched}), time.monotonic()
    rates = ["--events", str(plan.events), "--spans", str(plan.spans), "--seconds", str(plan.seconds)]
    command = [sys.executable, "-m", "tests.faults.soak_load", stack.broker_address, *rates]
    load = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        while load.poll() is None:
            time.sleep(EVERY_SECONDS)
            _look(stack, plan, watched, time.monotonic() - began, found, say)
        assert load.returncode == 0, f"the load ended with {load.returncode}"
        assert load.stdout is not None
        found.sent = json.loads(load.stdout.read())
    finally:
        load.kill()
        load.wait()
    return found


def _look(
    stack: Stack, plan: Plan, watched: dict[str, "subprocess.Popen[bytes]"], at: float, found: Found, say: Say
) -> None:
    behind = sum(asyncio.run(lag(stack.broker_address, READ)).values())
    seen = {}
    for name, process in watched.items():
        assert process.poll() is None, f"{name} ended with {process.returncode}:\n{stack.worker_log()}"
        seen[name] = sample(process.pid, at)
    if at >= plan.warm_up:
        found.lags.append(behind)
        for name, one in seen.items():
            found.programs[name].append(one)
    sizes = ", ".join(f"{name} {one.resident >> 20} MiB {one.descriptors} fd" for name, one in seen.items())
    say(f"{at:6.0f} of {plan.seconds:.0f} s: {behind} behind; {sizes}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--events", type=int, default=2_000, help="business events a second")
    parser.add_argument("--spans", type=int, default=4_000, help="spans a second")
    parser.add_argument("--warm-up", type=float, default=300.0, help="seconds that do not count")
    parser.add_argument("--kafka", action="store_true", help="on Apache Kafka")
    parser.add_argument("--out", type=Path, required=True, help="file for the figures, JSON")
    given = parser.parse_args()
    plan = Plan(given.minutes * 60, given.events, given.spans, given.kafka, given.warm_up)
    with tempfile.TemporaryDirectory(prefix="flowglass-soak-") as folder:
        found = soak(plan, Path(folder), lambda line: print(line, file=sys.stderr, flush=True))
    given.out.write_text(json.dumps(found.figures(plan), indent=2) + "\n")
    print(given.out.read_text())


if __name__ == "__main__":
    main()
