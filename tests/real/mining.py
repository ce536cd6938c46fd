"""pm4py, which reads our exports in a process and a virtual environment of its own: it is no part of the project.

`python -m tests.real.mining` makes the environment ahead of the tests, where Kafka's jars stay.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.real.environments import EnvironmentUnavailable, interpreter_of

SOURCE = Path(__file__).with_name("miner")
LOCK = SOURCE / "requirements.lock"
PROGRAM = SOURCE / "reader.py"


def interpreter() -> Path:
    """The Python that has pm4py. Raises EnvironmentUnavailable."""
    return interpreter_of("miner", LOCK)


def mined(files: Sequence[Path], within: float) -> list[dict[str, Any]]:
    """What pm4py finds in files of ours (.jsonocel, .xes), within so many seconds; `miner/reader.py` says the form."""
    command = [str(interpreter()), str(PROGRAM), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=within)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    try:
        print(interpreter())
    except EnvironmentUnavailable as error:
        sys.exit(str(error))
