"""What figures were measured on, and how busy it was; and tables of them."""

import os
import platform
import subprocess
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def yardstick() -> float:
    """CPU milliseconds of a fixed loop, best of five: the same on every run of a quiet machine, more on a busy one."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        counts: dict[str, int] = {}
        for number in range(200_000):
            key = f"key-{number % 1000}"
            counts[key] = counts.get(key, 0) + 1
        best = min(best, time.process_time() - began)
    return best * 1e3


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was: CPU time grows when others share the cores."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "yardstick_ms": round(yardstick(), 1),
        "load_1m": round(os.getloadavg()[0], 1),
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True
        ).stdout.strip(),
    }
