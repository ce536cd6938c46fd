"""Publishing in rounds beside the flushes: the worker that settles the ledger publishes figures and restates them."""

from collections.abc import Callable
from typing import Final

import structlog

from metrics.figures.publishing import Publishing
from streams.engine.rounds import in_rounds

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
SHORTEST_SECONDS: Final = 15.0


class Publisher:
    """Rounds, also while nothing arrives: intervals close by the clock.

    `version` gives None while it is another's turn; `caught_up`: whether what was there at the assignment is read.
    """

    def __init__(
        self, publishing: Publishing, version: Callable[[], int | None], caught_up: Callable[[], bool]
    ) -> None:
        self._publishing = publishing
        self._version = version
        self._caught_up = caught_up

    async def run(self) -> None:
        """Publish until cancelled."""
        await in_rounds("figures", self._publish, self._version, look=LOOK_SECONDS, shortest=SHORTEST_SECONDS)

    def _publish(self, version: int) -> None:
        done = self._publishing.round(version, caught_up=self._caught_up())
        if done.restated or done.published:
            log.info("figures published", published=done.published, restated=done.restated)
