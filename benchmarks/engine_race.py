"""The engine benchmark: the same bytes, decoded and counted per key, by Flowglass's transport and by its peers.

A-B-A-B: every round runs each contestant once, in turn, each as a program of its own with a group of its own on the
same preloaded topic of the same broker. Counts of all contestants must be those of a plain loop.
"""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec

from benchmarks import procurement
from benchmarks.engine_input import PARTITIONS, TOPIC, Result, truth
from benchmarks.processes import Program, TimedOut, python
from benchmarks.stack import Broker, broker

CONTESTANTS: Mapping[str, str] = {
    "flowglass": "batch transport in a Faust agent, counts flushed to RocksDB with a synced write batch and committed",
    "quix": "Quix Streams, stateful, RocksDB, changelog topics off",
    "faust": "stock Faust, agent and Table in memory, changelog topic on the broker",
    "bare": "confluent-kafka loop, counts in a dict, one commit: the limit",
}
_MODULES = {"flowglass": "benchmarks.engine_ours"}
FAUST_SHARE = 10
"""Stock Faust is an order of magnitude slower: it counts a tenth of the records, in a topic of its own broker."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One contestant's rounds; a broker's CPU seconds beside each."""

    results: list[Result] = field(default_factory=list)
    broker: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def per_core_second(self) -> float:
        """Median over the rounds."""
        return median(result.records / result.cpu for result in self.results) if self.results else 0.0


def race(records: int, rounds: int, within: float, tell: Callable[[str], None]) -> dict[str, Standing]:
    """All rounds; `within` is each contestant's time in seconds."""
    values = procurement.records(records)
    standings = {name: Standing() for name in CONTESTANTS}
    few = values[: max(1, len(values) // FAUST_SHARE)]
    with broker() as full, broker() as small:
        for made, share in ((full, values), (small, few)):
            made.declare(PARTITIONS, TOPIC)
            made.send(TOPIC, [(key, value, headers, None, None) for key, value, headers in share])
        expected = {
            made.address: truth(value for _, value, _ in share) for made, share in ((full, values), (small, few))
        }
        for number in range(1, rounds + 1):
            for name in CONTESTANTS:
                made = small if name == "faust" else full
                _one(name, made, expected[made.address], standings[name], within, number)
                tell(f"engine, round {number}/{rounds}: {name} {_last(standings[name])}")
    return standings


def _one(name: str, made: Broker, expected: tuple[int, int], standing: Standing, within: float, number: int) -> None:
    records, checksum = expected
    directory = made.directory / f"{name}-{number}"
    directory.mkdir()
    log, module = directory / "log", _MODULES.get(name, f"benchmarks.engine_{name}")
    arguments = ("--broker", made.address, "--records", str(records), "--directory", str(directory / "state"))
    group = {"BENCHMARK_GROUP": f"{name}-{number}"}
    before = made.program.usage().cpu
    with Program(name, python(module, *arguments), log, group) as program:
        try:
            result = _result(program, log, within)
        except TimedOut as error:
            standing.failures.append(str(error))
            return
    standing.broker.append(made.program.usage().cpu - before)
    shutil.rmtree(directory, ignore_errors=True)
    if (result.records, result.checksum) == (records, checksum):
        standing.results.append(result)
    else:
        standing.failures.append(f"counted {result.records} of {records}, or not by the right keys")


def _result(program: Program, log: Path, within: float) -> Result:
    """The contestant's last word; raises TimedOut."""
    until = time.monotonic() + within
    while True:
        running = program.running()
        for line in log.read_bytes().splitlines():
            if line.startswith(b'{"records"'):
                return msgspec.json.decode(line, type=Result)
        if not running or time.monotonic() > until:
            raise TimedOut(f"{program.name} gave no result; its log ends:\n{program.last_lines()}")
        time.sleep(0.1)


def _last(standing: Standing) -> str:
    if not standing.results:
        return f"failed: {standing.failures[-1].splitlines()[0] if standing.failures else 'no result'}"
    result = standing.results[-1]
    return f"{result.records / result.cpu:,.0f} a core-second ({result.wall:.1f} s)"
