"""The instrumented application of `application/`, with libraries of its own.

`python -m tests.real.applications` makes its virtual environment ahead of the tests, where Kafka's jars stay.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from tests.real.jars import cache_folder

SOURCE = Path(__file__).with_name("application")
LOCK = SOURCE / "requirements.lock"
PROGRAM = SOURCE / "buyer.py"


def interpreter() -> Path:
    """The Python that runs it, with everything that its lock file names."""
    wanted = cache_folder() / f"application-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    done = wanted / "complete"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with (wanted.parent / "application.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(wanted)], check=True)
            pip = [str(wanted / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
            done.touch()
    return wanted / "bin/python"


if __name__ == "__main__":
    print(interpreter())
