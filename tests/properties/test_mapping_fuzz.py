"""Whatever comes in, a mapping answers with events, a dead letter or a stated reason; never with an error, never late.

``FLOWGLASS_FUZZ`` says how many messages a system gets (300 when it is not set); `python -m
tests.properties.mapping_fuzz` prints what became of them.
"""

import os

import pytest

from tests.golden.sources.playing import SYSTEMS
from tests.properties.mapping_fuzz import fuzz

HOW_MANY = int(os.environ.get("FLOWGLASS_FUZZ", "300"))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_mutated_message_ends_as_events_or_as_a_dead_letter(system: str) -> None:
    tally = fuzz(system, HOW_MANY)
    assert tally.inputs == HOW_MANY
    assert tally.dead.total() > HOW_MANY // 20
