"""Calls that failed open onboarding cases where they wait, through two interfaces."""

import hashlib

from tests.browser.seed_rows import Row
from tests.browser.story import HOUR

WORST, OTHER = "identity → coupa users", "hub → learning"
HELD = {WORST: 14, OTHER: 5}


def add_held(rows: dict[str, list[Row]], anchor: int) -> None:
    """A failed call for each held case, with the worker it was made for; the cases are in `rows` already."""
    waiting = [
        case
        for case in rows["cases"]
        if case["process"] == "employee_onboarding"
        and case["status"] == "open"
        and case["state_since"] < anchor - 32 * HOUR
    ]
    interfaces = [name for name, cases in HELD.items() for _ in range(cases)]
    for number, (case, interface) in enumerate(zip(waiting, interfaces, strict=False)):
        trace = hashlib.sha256(f"held|{case['case_id']}".encode()).hexdigest()[:32]
        start = (anchor - 26 * HOUR - number * HOUR // 4) * 1000
        rows["spans"].append(
            {
                "trace_id": trace, "span_id": trace[:16], "origin": "otlp_spans/0@seed", "position": 9_000_000 + number,
                "parent_span_id": "", "service": "integration-hub", "name": "POST", "kind": "client",
                "interface": interface, "start": start, "duration_ns": 900_000_000, "status": "error",
                "status_message": "504 upstream", "attributes": "{}", "resource": "{}", "events": "[]",
                "ingested": anchor, "simulated": 1,
            }
        )  # fmt: skip
        rows["span_refs"].append(
            {
                "object_type": "worker", "object_id": case["case_id"], "trace_id": trace, "span_id": trace[:16],
                "carrier": "attribute", "key": "worker.id", "start": start, "ingested": anchor,
            }
        )  # fmt: skip
