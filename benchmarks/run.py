"""All benchmarks in one command, one report.

    python -m benchmarks.run [--quick] [--only PART] [--out DIR]

Writes REPORT.md and results.json to docs/benchmarks (or --out). In full about 6 minutes, with --quick about 2. A
contestant or run that fails or takes too long is reported as such; the others go on, and the exit code is 1. `pages`
fills a store of ten million events first, which takes many minutes: it runs only when asked for (`--only pages`, and
`python -m benchmarks.pages --help` for keeping the store and for smaller ones).
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks import engine_race, mapping, objectives, pages, report, scale_out, stages, timers, whole_job
from benchmarks.engine_input import PARTITIONS
from benchmarks.machine import machine
from benchmarks.processes import TimedOut
from benchmarks.whole_job import Job

PARTS = ("engine", "cases", "spans", "mappings", "stages", "objectives", "timers", "scale_out")
PAGES_STORE = Path(tempfile.gettempdir()) / "flowglass-benchmark-pages"
LONG_PARTS = ("pages",)
"""Only when asked for."""
UNITS = {"cases": "event", "spans": "span"}


class Sizes(NamedTuple):
    """How much is measured."""

    engine_records: int
    engine_rounds: int
    cases: int
    spans: int
    runs: int
    timers: int
    patience: float
    """Seconds a contestant or a run may take."""


FULL = Sizes(
    engine_records=200_000, engine_rounds=5, cases=100_000, spans=200_000, runs=3, timers=1_000_000, patience=60.0
)
QUICK = Sizes(engine_records=50_000, engine_rounds=3, cases=40_000, spans=60_000, runs=1, timers=200_000, patience=40.0)


def tell(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", file=sys.stderr, flush=True)


def engine_section(sizes: Sizes) -> tuple[str, Any]:
    standings = engine_race.race(sizes.engine_records, sizes.engine_rounds, sizes.patience, tell)
    said = (
        f"Decode canonical events (msgspec) and count per key; the same {sizes.engine_records:,} records for all on "
        "one "
        f"embedded broker (stock Faust: a tenth of them), {PARTITIONS} partitions, {sizes.engine_rounds} "
        "rounds, contestants in turn. CPU is user and system time of the contestant's process from the assignment of "
        f"its partitions. Aim: {report.AIMS['engine']:,} a core-second, and ahead of Quix Streams with state."
    )
    return f"## Engine\n\n{said}\n\n{report.engine_part(standings)}\n", standings


def job_section(title: str, unit: str, runs: int, job: Callable[[], Job], said: str) -> tuple[str, Any]:
    jobs: list[Job] = []
    failures: list[str] = []
    for number in range(1, runs + 1):
        try:
            jobs.append(job())
            rate, wall = jobs[-1].per_core_second, jobs[-1].wall
            tell(f"{title}, run {number}/{runs}: {rate:,.0f} {unit} a core-second, {wall:.1f} s")
        except TimedOut as error:
            failures.append(str(error))
            tell(f"{title}, run {number}/{runs}: failed: {error}")
    body = report.job_part(jobs, unit) if jobs else "No run came to its end."
    failed = "".join(f"\n\nFailed: {text}" for text in failures)
    return f"## {title}\n\n{said}\n\n{body}{failed}\n", {"jobs": jobs, "failures": failures}


def mapping_section() -> tuple[str, Any]:
    costs, sides = mapping.messages(), mapping.selectors()
    said = (
        "One native message to canonical events, in one process without broker and store: the golden cases that give "
        f"events, CPU time, the median message of each system over {mapping.ROUNDS} rounds. The slowest is often a "
        "page of many records."
    )
    tell("mappings measured")
    return f"## Mappings\n\n{said} {mapping.part(costs, sides)}\n", {"messages": costs, "selectors": sides}


def objectives_section() -> tuple[str, Any]:
    lines = list(objectives.measure())
    said = (
        f"Simulated: at most {objectives.MONTHS} months exactly on target, and {objectives.RUNS} degradations of each "
        f"kind; objectives over {objectives.WINDOW_DAYS} days. Ours: the exact tails of docs/objectives.md. Usual: the "
        "rules of The Site Reliability Workbook. Days: the median from the moment at which 2 or 4 times as many miss "
        "as may. The usual rules' tickets come early because they come all the time."
    )
    tell("objectives measured")
    return f"## Objectives\n\n{said}\n\n{objectives.part(lines)}\n", lines


def timer_section(sizes: Sizes) -> tuple[str, Any]:
    due = sizes.timers // 100
    peers = timers.held(sizes.timers, due, sizes.patience)
    tell("timers in one process measured")
    said = (
        f"{sizes.timers:,} open timers of cases that are not in memory, {due:,} of them due at one instant. First the "
        "structures alone, each in a process of its own; then `flowglass worker cases` on a store with so many open "
        f"cases, with {timers.LOAD:,} new cases a second while they fire. Aim: 99 of 100 within a second."
    )
    try:
        measured = timers.fired(sizes.timers, due, sizes.patience, tell)
    except TimedOut as error:
        tell(f"timers: failed: {error}")
        return f"## Timers\n\n{said}\n\nFailed: {error}\n", {"held": peers, "failures": [str(error)]}
    text = f"## Timers\n\n{said}\n\n{timers.part(peers, measured)}\n"
    return text, {"held": peers, "fired": measured, "failures": []}


def scale_section(sizes: Sizes) -> tuple[str, Any]:
    said = (
        f"`flowglass worker cases`, one and two, on the input of the whole job, {PARTITIONS} partitions; workers own "
        "their partitions before the input is sent."
    )
    try:
        runs = scale_out.race(sizes.cases, sizes.runs, sizes.patience * 2, tell)
        handed = [scale_out.hand_over(sizes.patience * 2) for _ in range(sizes.runs)]
    except TimedOut as error:
        tell(f"scale-out: failed: {error}")
        return f"## Scale-out\n\n{said}\n\nFailed: {error}\n", {"failures": [str(error)]}
    text = f"## Scale-out\n\n{said} {scale_out.part(runs, handed)}\n"
    return text, {"runs": runs, "handed": handed, "failures": []}


def sections(sizes: Sizes, parts: tuple[str, ...]) -> tuple[list[str], dict[str, Any]]:
    texts: list[str] = []
    raw: dict[str, Any] = {"machine": machine(), "sizes": sizes._asdict()}
    if "engine" in parts:
        text, raw["engine"] = engine_section(sizes)
        texts.append(text)
    counted = (
        "CPU of worker and store front from `/ready` until every offset is committed; broker apart; input preloaded."
    )
    if "cases" in parts:
        said = "`flowglass worker cases` on a history of requisition to pay with its eight SLAs."
        said += f" {counted} Aim: {report.AIMS['cases']:,}."
        run = job_section("Whole job", "events", sizes.runs, lambda: whole_job.cases(sizes.cases, sizes.patience), said)
        texts.append(run[0])
        raw["cases"] = run[1]
    if "spans" in parts:
        said = "`flowglass worker spans` on OTLP protobuf, 300 spans a message, five attributes."
        said += f" {counted} Aim: {report.AIMS['spans']:,}."
        run = job_section("Spans", "spans", sizes.runs, lambda: whole_job.spans(sizes.spans, sizes.patience), said)
        texts.append(run[0])
        raw["spans"] = run[1]
    if "mappings" in parts:
        text, raw["mappings"] = mapping_section()
        texts.append(text)
    if "stages" in parts:
        raw["stages"] = {"cases": stages.cases(sizes.cases // 2), "spans": stages.spans(sizes.spans // 4)}
        head = "## Where the time goes\n\nThe workers' own steps, in one process without broker and store."
        tables = [f"### {kind}\n\n{report.stage_part(steps, UNITS[kind])}" for kind, steps in raw["stages"].items()]
        texts.append("\n\n".join([head, *tables]) + "\n")
        tell("stages measured")
    if "objectives" in parts:
        text, raw["objectives"] = objectives_section()
        texts.append(text)
    if "timers" in parts:
        text, raw["timers"] = timer_section(sizes)
        texts.append(text)
    if "scale_out" in parts:
        text, raw["scale_out"] = scale_section(sizes)
        texts.append(text)
    if "pages" in parts:
        text, raw["pages"] = pages.section(PAGES_STORE, pages.FULL, None)
        texts.append(text)
    return texts, raw


def failed(raw: dict[str, Any]) -> bool:
    races = [standing.failures for standing in raw.get("engine", {}).values()]
    return any(races) or any(raw[part]["failures"] for part in ("cases", "spans", "timers", "scale_out") if part in raw)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller input, fewer rounds")
    parser.add_argument("--only", choices=PARTS + LONG_PARTS, help="one part alone; the report then holds just that")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="directory of the report")
    options = parser.parse_args()
    began = time.monotonic()
    texts, raw = sections(QUICK if options.quick else FULL, (options.only,) if options.only else PARTS)
    where = raw["machine"]
    head = (
        "# Benchmarks\n\nMade by `python -m benchmarks.run"
        f"{' --quick' if options.quick else ''}` in {time.monotonic() - began:.0f} s at {where['at']} on "
        f"{where['cores']} cores of {where['processor']}, {where['system']}, "
        f"Python {where['python']}, load {where['load_1m']} at the start, "
        f"commit {where['commit']}. A core-second is one second of user and system CPU time; on a busy machine it buys "
        "less (shared cores), so figures are comparable within one report only. "
        f"Yardstick (a fixed loop of plain Python): {where['yardstick_ms']} ms.\n"
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "REPORT.md").write_text("\n".join([head, *texts]))
    (options.out / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(raw), indent=2) + b"\n")
    tell(f"report in {options.out / 'REPORT.md'}")
    return 1 if failed(raw) else 0


if __name__ == "__main__":
    sys.exit(main())
