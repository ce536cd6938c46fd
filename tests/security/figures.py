"""What tests of security tried and found, for the one report of it: `python -m tests.security`."""

import os
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

One = TypeVar("One")

PROPERTY: Final = "security"
FULL: Final = os.environ.get("FLOWGLASS_FULL") == "1"
"""Everything is tried; else a sample that is quick."""


class Figure(NamedTuple):
    """What was tried for one of the numbered tests, how often, and how often it failed to hold."""

    test: int
    tried: str
    times: int
    leaks: int


Record = Callable[[int, str, int, int], None]
"""Notes a figure: the number of the test, what was tried, how often, and how many leaks were found."""


def sample(everything: Sequence[One], one_in: int) -> Sequence[One]:
    """Everything, or every so many of it."""
    return everything if FULL else everything[::one_in]
