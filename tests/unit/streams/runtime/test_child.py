"""A supervised program as the system runs it."""

import os
from pathlib import Path

from streams.runtime.child import Child, ChildSpec

SLEEP = ("-c", "import time; time.sleep(60)")


def test_a_program_that_may_wait_gives_way_to_the_others(tmp_path: Path) -> None:
    child = Child(ChildSpec("sleeper", SLEEP, niceness=5), tmp_path, os.environ)
    child.launch()
    try:
        assert child.pid is not None
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == os.getpriority(os.PRIO_PROCESS, 0) + 5
    finally:
        child.stop()
