"""Docker's own readers of docker-compose.yml and of the Dockerfile, without an engine: `docker/main.go`.

`python -m tests.real.judging` builds the program ahead of the tests.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.real.building import ProgramUnavailable, built

SOURCE = Path(__file__).with_name("docker")
_WITHIN = 60.0


class Refused(Exception):
    """What the reader finds wrong with a file."""


def program() -> Path:
    """The judge. Raises ProgramUnavailable."""
    return built("judge", SOURCE)


def compose(file: Path, environment: Path) -> dict[str, Any]:
    """A project as `docker compose config` resolves it. Raises Refused."""
    return _told("compose", str(file), str(environment))


def dockerfile(file: Path) -> dict[str, Any]:
    """The stages of a Dockerfile, what BuildKit warns of, and the mistake that would end a build. Raises Refused."""
    return _told("dockerfile", str(file))


def _told(*arguments: str) -> dict[str, Any]:
    command = [str(program()), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_WITHIN, env={"HOME": "/tmp"})
    if done.returncode:
        raise Refused(done.stderr.strip())
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    try:
        print(program())
    except ProgramUnavailable as error:
        sys.exit(str(error))
