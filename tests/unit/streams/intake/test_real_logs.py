"""The readers against figures that an independent tool computed from real logs."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from metrics.words import Event
from streams.intake.load import plan, readers
from streams.intake.options import LogOptions

DATA = Path(__file__).parents[4].parent / "shared" / "data"
CONSIGNMENT = tuple(f"bpic2019_consignment/consignment_{part}.xes.gz" for part in ("2", "3", "Other"))

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not (DATA / "REFERENCE.json").exists(), reason="the real logs are not at ../shared/data beside the project"
    ),
]


@pytest.mark.parametrize(
    ("log", "files"),
    [
        ("purchasing_example", ("PurchasingExample.csv",)),
        ("bpic2019_consignment_2+3+other", CONSIGNMENT),
        ("bpic2020_RequestForPayment", ("RequestForPayment.xes.gz",)),
    ],
)
def test_cases_events_and_activities_equal_the_reference(log: str, files: tuple[str, ...]) -> None:
    expected: dict[str, Any] = json.loads((DATA / "REFERENCE.json").read_text())["logs"][log]
    activities: Counter[str] = Counter()
    cases: set[str] = set()
    ids: set[str] = set()
    for _, reader in readers(plan([DATA / name for name in files], LogOptions())):
        for item in reader:
            assert isinstance(item, Event), item
            activities[item.activity] += 1
            cases.add(item.objects[0].id)
            ids.add(item.id)
    assert (len(cases), len(ids)) == (expected["cases"], expected["events"])
    assert activities == expected["activity_counts"]


def test_the_purchasing_example_has_a_start_for_every_step_although_its_lines_end_in_bare_cr() -> None:
    ((_, reader),) = readers(plan([DATA / "PurchasingExample.csv"], LogOptions()))
    started = [item.started for item in reader if isinstance(item, Event)]
    assert len(started) == 9119
    assert None not in started
