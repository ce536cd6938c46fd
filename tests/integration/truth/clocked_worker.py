"""A cases worker whose live feeds go by a dial: `python -m tests.integration.truth.clocked_worker FILE`.

The dial is a file that the test turns.
"""

import asyncio
import sys
from mmap import mmap
from pathlib import Path

from metrics.settings import read_settings
from streams.engine.program import run_worker
from streams.transport.collector import calm_collector
from streams.transport.program import new_loop, quieten

_SIZE = 8


class Dial:
    """An instant (microseconds UTC) in a file, turned by a test and read by the worker it has started."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._bytes = mmap(file.fileno(), _SIZE)

    def turn(self, at: int) -> None:
        self._bytes[:] = at.to_bytes(_SIZE, "little", signed=True)

    def __call__(self) -> int:
        return int.from_bytes(self._bytes[:], "little", signed=True)


def main() -> int:
    quieten()
    calm_collector()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(run_worker(read_settings(), "cases", present=Dial(Path(sys.argv[1]))))


if __name__ == "__main__":
    sys.exit(main())
