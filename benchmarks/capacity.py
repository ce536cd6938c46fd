"""What Flowglass takes: `python -m benchmarks.capacity --measure` fills a real store and weighs it;
`python -m benchmarks.capacity` computes docs/capacity.md from what was measured (docs/benchmarks/capacity.json).

Rates come from docs/benchmarks/results.json as it was when the store was weighed, so that the page stays in step.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.capacity_page import page

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs/benchmarks/results.json"
MEASURED = ROOT / "docs/benchmarks/capacity.json"
PAGE = ROOT / "docs/capacity.md"
EVENTS = (50_000, 150_000)
SPANS = 200_000
WITHIN = 900.0


def measure() -> dict[str, Any]:
    """Fill stores of two sizes with events, one with spans, and weigh them."""
    from benchmarks import capacity_fill

    results = json.loads(RESULTS.read_text())
    return {
        "machine": results["machine"],
        "rates": {kind: _rates(results[kind]["jobs"]) for kind in ("cases", "spans")},
        "mapping_us": _middle([one["event_us"] for one in _mappings(results)]),
        "filled": [capacity_fill.cases(count, WITHIN) for count in EVENTS],
        "spans": capacity_fill.spans(SPANS, WITHIN),
    }


def _rates(jobs: list[dict[str, Any]]) -> dict[str, float]:
    """Core-microseconds an item of worker and store, of the median run."""

    def spent(job: dict[str, Any], program: str) -> float:
        return float((job[program]["user"] + job[program]["system"]) / job["items"] * 1e6)

    runs = sorted(jobs, key=lambda job: spent(job, "worker") + spent(job, "front"))
    middle = runs[len(runs) // 2]
    return {"worker_us": spent(middle, "worker"), "store_us": spent(middle, "front")}


def _mappings(results: dict[str, Any]) -> list[dict[str, Any]]:
    found = results["mappings"]
    return list(found["messages"])


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="fill and weigh stores first; takes minutes")
    if parser.parse_args().measure:
        MEASURED.write_text(json.dumps(measure(), indent=2) + "\n")
    PAGE.write_text(page(json.loads(MEASURED.read_text())))
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
