"""Figures as Markdown, for docs/benchmarks/REPORT.md."""

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.engine_race import CONTESTANTS, Standing
from benchmarks.machine import table
from benchmarks.whole_job import Job

AIMS = {"engine": 150_000, "cases": 20_000, "spans": 60_000}


def engine_part(standings: Mapping[str, Standing]) -> str:
    """The race: medians over the rounds."""
    rows = []
    for name, standing in standings.items():
        results = standing.results
        if not results:
            rows.append([name, "failed", "", "", "", "", CONTESTANTS[name]])
            continue
        each = sorted(result.records / result.cpu for result in results)
        micros = median(result.cpu / result.records * 1e6 for result in results)
        rate = median(result.records / result.wall for result in results)
        broker = median(
            seconds / result.records * 1e6 for seconds, result in zip(standing.broker, results, strict=False)
        )
        spread = f"{each[0]:,.0f} to {each[-1]:,.0f}"
        rows.append(
            [
                name,
                f"**{standing.per_core_second:,.0f}**",
                spread,
                f"{micros:.2f}",
                f"{rate:,.0f}",
                f"{broker:.2f}",
                CONTESTANTS[name],
            ]
        )
    head = [
        "contestant",
        "records a core-second",
        "lowest to highest",
        "µs a record",
        "records/s (wall)",
        "broker µs",
        "what it does",
    ]
    failures = [f"- {name}: {text}" for name, standing in standings.items() for text in standing.failures]
    return "\n\n".join([table(head, rows), *(["Failures:\n\n" + "\n".join(failures)] if failures else [])])


def job_part(jobs: Sequence[Job], unit: str) -> str:
    """Runs of one whole job, and their median."""
    rows = []
    for number, job in enumerate(jobs, 1):
        micro = 1e6 / job.items
        rows.append(
            [
                number,
                f"{job.per_core_second:,.0f}",
                f"{job.worker.cpu * micro:.1f}",
                f"{job.front.cpu * micro:.1f}",
                f"{job.broker.cpu * micro:.1f}",
                f"{job.wall:.1f}",
                f"{job.worker.peak >> 20}",
                f"{job.front.peak >> 20}",
                f"{job.startup:.1f}",
                f"{job.afterwards:.2f}",
            ]
        )
    head = [
        "run", f"{unit} a core-second", "worker µs each", "front µs", "broker µs (apart)", "wall s",
        "worker peak MiB", "front peak MiB", "start-up CPU s (not counted)", "CPU s in 20 s after (rounds, merging)",
    ]  # fmt: skip
    middle = median(job.per_core_second for job in jobs)
    stored = ", ".join(f"{rows:,} {name}" for name, rows in jobs[-1].rows.items())
    return (
        f"Median **{middle:,.0f} {unit} a core-second** of {jobs[-1].items:,}; stored: {stored}.\n\n{table(head, rows)}"
    )


def stage_part(stages: Mapping[str, float], unit: str) -> str:
    """CPU time by step; steps of Arrow lie inside the freeze."""
    return table(["step", f"CPU µs a {unit}"], [[name, f"{micros:.2f}"] for name, micros in stages.items()])
