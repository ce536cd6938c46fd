"""Believable cases for the browser tests: three processes of a hospital group, by seed and anchor time.

Everything here is plain data with no store: `seed.py` turns it into rows. All times are integer
microseconds UTC. The generator knows nothing of the product's own SLA arithmetic.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from tests.browser.plots import PLOTS, Plot, Step

HOUR = 3_600_000_000
FACILITIES = ("north", "south", "riverside", "children", "lakeview")
DEPARTMENTS = ("emergency", "icu", "surgery", "radiology", "pharmacy", "facilities")


class Happening(NamedTuple):
    """One event of a case."""

    step: Step
    time: int
    object_id: str
    trace: bool


class Story(NamedTuple):
    """One case up to the anchor time."""

    plot: Plot
    case_id: str
    facility: str
    department: str
    supplier: str
    amount: float
    happenings: tuple[Happening, ...]
    closed: bool


def stories(seed: int, anchor: int, days: int, cases: int) -> Iterator[Story]:
    """`cases` cases whose first events spread over the `days` before `anchor`; the same for the same arguments."""
    chance = random.Random(seed)
    for number in range(cases):
        plot = PLOTS[0] if number % 10 < 6 else PLOTS[1] if number % 10 < 9 else PLOTS[2]
        begin = anchor - int(chance.random() ** 1.15 * days * 24 * HOUR)
        yield _story(chance, plot, f"{plot.case_prefix}{100_000 + number}", begin, anchor)


def _story(chance: random.Random, plot: Plot, case_id: str, begin: int, anchor: int) -> Story:
    facility = chance.choice(FACILITIES)
    slow = 1.25 if facility == "riverside" else 0.9
    happenings: list[Happening] = []
    time = begin
    for step in _walk(chance, plot):
        time += int(step.hours * slow * chance.lognormvariate(-0.12, 0.65) * HOUR)
        if time > anchor:
            break
        object_id = (
            case_id if step.object_type == plot.steps[0].object_type else f"{_prefix(step.object_type)}{case_id[2:]}"
        )
        happenings.append(Happening(step, time, object_id, chance.random() < 0.8))
    if not happenings:
        happenings.append(Happening(plot.steps[0], begin, case_id, True))
    closed = happenings[-1].step is plot.steps[-1]
    supplier = f"SUP-{chance.randrange(400):03d}"
    amount = round(chance.lognormvariate(6.5, 1.2), 2)
    return Story(plot, case_id, facility, chance.choice(DEPARTMENTS), supplier, amount, tuple(happenings), closed)


def _walk(chance: random.Random, plot: Plot) -> list[Step]:
    """The order of steps of one case: mostly the plan, sometimes rework or a skipped step."""
    steps = list(plot.steps)
    if steps[0].milestone == "created" and chance.random() < 0.09:
        steps[2:2] = [
            Step(
                "info_requested",
                "requisition.info_requested.v1",
                "requisition",
                "information",
                5,
                "coupa",
                steps[0].interface,
            ),
            Step(
                "info_provided",
                "requisition.info_provided.v1",
                "requisition",
                "approval",
                9,
                "coupa",
                steps[0].interface,
            ),
        ]
    if steps[0].milestone == "created" and chance.random() < 0.07:
        place = next(i for i, step in enumerate(steps) if step.milestone == "invoice_approved")
        steps[place:place] = [
            Step(
                "invoice_exception",
                "invoice.exception.v1",
                "invoice",
                "invoice_exception",
                20,
                "oracle-erp",
                "oracle invoice matching",
            )
        ]
    if chance.random() < 0.05:
        del steps[-2]
    return steps


def _prefix(object_type: str) -> str:
    return "".join(word[0] for word in object_type.split("_")).upper() + "-"
