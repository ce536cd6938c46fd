"""Runs an analysis on programs that run already, and compares what it finds."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from streams.analyse.figures import figures
from streams.analyse.programs import Programs
from streams.analyse.request import make_request
from streams.analyse.run import Outcome, analyse_with
from streams.analyse.through import Stand
from streams.intake.options import LogOptions

ROOT = Path(__file__).resolve().parents[3]


class Unwatched:
    """A watcher that looks away."""

    def sent(self, path: Path, rows: int) -> None: ...

    def read(self, stand: Stand) -> None: ...


def analysed(
    programs: Programs,
    files: Iterable[Path],
    options: LogOptions | None = None,
    *,
    spans: Iterable[Path] = (),
    pairs: Iterable[str] = (),
    process: str = "",
) -> dict[str, Any]:
    """The figures as they would be printed, without the seconds; fails when something does not add up."""
    chosen = options or LogOptions()
    request = make_request(list(files), chosen, spans=list(spans), process=process, pairs=pairs)
    outcome = analyse_with(programs, request, Unwatched())
    assert outcome.wrong == ()
    return shown(outcome, with_start=chosen.start is not None)


def shown(outcome: Outcome, *, with_start: bool = False) -> dict[str, Any]:
    result: dict[str, Any] = msgspec.to_builtins(figures(outcome.found, with_start=with_start, seconds=0.0))
    del result["seconds"]
    return result


def run_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`flowglass analyse` as a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "metrics.cli", "analyse", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def printed(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The figures a finished command printed, without the seconds."""
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result.pop("seconds") > 0
    return result
