"""What a fault test measured, for the report of the suite (`python -m tests.faults`)."""

import json
import os
from pathlib import Path
from typing import Final, NamedTuple

PLACE: Final = "FLOWGLASS_FIGURES"
"""Environment: the file that figures are written to, a JSON object a line. Without it nothing is written."""
FULL: Final = os.environ.get("FLOWGLASS_FULL") == "1"
"""The long form."""


class Figures(NamedTuple):
    """What was measured for one numbered test."""

    test: int
    told: str
    enough: bool | None = True
    """Whether it is what is demanded; None: this form of the test cannot tell."""


def record(test: int, told: str, *, enough: bool | None = True) -> None:
    """Note a figure of the numbered test: a phrase with what was done, and what came out.

    One that is not `enough` makes its row fall short, and no test fail: how long things take depends on the machine.
    Where it is None the row is partly run.
    """
    if place := os.environ.get(PLACE):
        with Path(place).open("a") as file:
            file.write(json.dumps({"test": test, "told": told, "enough": enough}) + "\n")


def recorded(place: Path) -> list[Figures]:
    """All that was noted, in order."""
    lines = place.read_text().splitlines() if place.exists() else []
    return [Figures(**json.loads(line)) for line in lines]
