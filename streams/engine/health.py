"""Judging the health of integration in rounds beside the flushes: each kind of worker judges what it brings itself.

Of the workers of a kind the one that owns partition 0 does it. While none runs, nothing is judged: an hour without
traffic and an hour of which nothing is known are told apart.
"""

from collections.abc import Callable
from typing import Final

import structlog

from metrics.health.judging import Judging
from streams.engine.rounds import in_rounds

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
SHORTEST_SECONDS: Final = 30.0


class HealthKeeper:
    """Rounds, also while nothing arrives: hours close by the clock.

    `version` gives None while it is another's turn; `caught_up`: whether what was there at the assignment is read.
    """

    def __init__(self, judging: Judging, version: Callable[[], int | None], caught_up: Callable[[], bool]) -> None:
        self._judging = judging
        self._version = version
        self._caught_up = caught_up

    async def run(self) -> None:
        """Judge until cancelled."""
        await in_rounds("health", self._judge, self._version, look=LOOK_SECONDS, shortest=SHORTEST_SECONDS)

    def _judge(self, version: int) -> None:
        done = self._judging.round(version, caught_up=self._caught_up())
        if done.rows:
            log.info("health judged", hours=done.hours, rows=done.rows)
