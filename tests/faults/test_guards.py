"""Guards taken out of a copy of the source one by one; a test that passes all the same guards nothing.

All of them with FLOWGLASS_FULL=1, else a handful.
"""

import pytest

from tests.faults.figures import FULL, record
from tests.faults.guards import GUARDS, survivors

QUICK = ("token off", "commit before insert", "seen-set off", "late guard off", "epoch fence off")
TRIED = [guard for guard in GUARDS if FULL or guard.name in QUICK]


@pytest.mark.timeout(1800 if FULL else 600)
def test_without_a_guard_its_test_fails() -> None:
    assert len(TRIED) >= len(QUICK)
    wrong = survivors(TRIED)
    record(21, f"{len(TRIED)} guards taken out one by one: {len(TRIED) - len(wrong)} tests failed as they should")
    assert not wrong, "\n".join(wrong)
