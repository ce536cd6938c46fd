"""A front as a program of its own, as `flowglass up` runs it."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class StoreFront(NamedTuple):
    """A running embedded front."""

    url: str
    port: int
    path: Path
    process: "subprocess.Popen[str]"


def start_front(path: Path, port: int = 0) -> StoreFront:
    """Start a front on a data path and wait until it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "metrics.store.front", "--path", str(path), "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready "), f"the front did not start: {line!r}"
    url = line.split()[1]
    return StoreFront(url, int(url.rsplit(":", 1)[1]), path, process)


def stop_front(front: StoreFront) -> int:
    """Stop it as `flowglass up` does; the exit code."""
    front.process.terminate()
    code = front.process.wait(timeout=15)
    assert front.process.stdout is not None
    front.process.stdout.close()
    return code
