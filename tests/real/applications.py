"""The instrumented application of `application/`, with libraries of its own.

`python -m tests.real.applications` makes its virtual environment ahead of the tests, where Kafka's jars stay.
"""

import sys
from pathlib import Path

from tests.real.environments import EnvironmentUnavailable, interpreter_of

SOURCE = Path(__file__).with_name("application")
LOCK = SOURCE / "requirements.lock"
PROGRAM = SOURCE / "buyer.py"


def interpreter() -> Path:
    """The Python that runs it, with everything that its lock file names. Raises EnvironmentUnavailable."""
    return interpreter_of("application", LOCK)


if __name__ == "__main__":
    try:
        print(interpreter())
    except EnvironmentUnavailable as error:
        sys.exit(str(error))
