"""Each log in `logs/` gives exactly the items in its `.expected.jsonl`, one a line.

After a change that is meant, write the files anew: ``python -m tests.golden.intake.test_golden_logs``.
"""

from pathlib import Path

import msgspec
import pytest

from streams.intake.options import LogOptions
from streams.intake.reader import open_log

LOGS = Path(__file__).parent / "logs"
OPTIONS = {
    "semicolons_day_first.csv": LogOptions(
        case="Vorgang", activity="Schritt", time="Zeitpunkt", objects=("Lieferant=supplier",), zone="Europe/Berlin"
    ),
    "lifecycle.xes": LogOptions(),
    "orders.jsonocel": LogOptions(case="Order"),
    "flat_rows.jsonl": LogOptions(case="case_id", objects=("worker",), case_type="onboarding"),
    "canonical.jsonl": LogOptions(),
}


def items_of(name: str) -> list[bytes]:
    encoder = msgspec.json.Encoder()
    return [encoder.encode(item) for item in open_log(LOGS / name, OPTIONS[name])]


@pytest.mark.parametrize("name", OPTIONS)
def test_a_log_gives_the_items_that_were_agreed(name: str) -> None:
    assert items_of(name) == (LOGS / f"{name}.expected.jsonl").read_bytes().splitlines()


if __name__ == "__main__":
    for log in OPTIONS:
        (LOGS / f"{log}.expected.jsonl").write_bytes(b"".join(item + b"\n" for item in items_of(log)))
