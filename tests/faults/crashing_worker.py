"""A worker that kills itself: `python -m tests.faults.crashing_worker --notes FILE --seed N --most SECONDS`.

The composition root of a real worker, with a hook on the arrows of its flush: some time (seeded, 0.2 s to `--most`)
after its first flush it dies of SIGKILL at a random one of the arrows that follow. Settings come from the environment.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
from pathlib import Path
from time import monotonic

from metrics.settings import read_settings
from streams.engine.program import run_worker

LEAST_SECONDS = 0.2
ARROWS_OF_A_FLUSH = 14
"""A flush passes 12 to 15 arrows, depending on the tables it touches; so any of them may be the last."""


class Fate:
    """Decides when and where this process ends, and writes it down before it happens."""

    def __init__(self, notes: Path, seed: int, most: float) -> None:
        chance = random.Random(seed)
        self._notes = notes
        self._delay = chance.uniform(LEAST_SECONDS, most)
        self._arrows_left = chance.randrange(ARROWS_OF_A_FLUSH)
        self._first_flush: float | None = None

    def pass_arrow(self, name: str) -> None:
        """Called at each arrow of each flush."""
        if self._first_flush is None:
            if name == "committed":
                self._first_flush = monotonic()
                self._note({"flushed": True})
            return
        if monotonic() - self._first_flush < self._delay:
            return
        self._arrows_left -= 1
        if self._arrows_left < 0:
            self._note({"arrow": name, "after": round(monotonic() - self._first_flush, 3)})
            os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, line: dict[str, object]) -> None:
        with self._notes.open("a") as notes:
            notes.write(json.dumps({"pid": os.getpid(), **line}) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crashing_worker")
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--most", type=float, required=True, help="seconds after the first flush")
    options = parser.parse_args()
    fate = Fate(options.notes, options.seed, options.most)
    return asyncio.run(run_worker(read_settings(), "cases", fate.pass_arrow))


if __name__ == "__main__":
    sys.exit(main())
