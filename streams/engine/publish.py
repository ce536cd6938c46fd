"""Publishing in rounds beside the flushes: the worker that settles the ledger publishes figures and restates them."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

import structlog

from metrics.figures.publishing import Publishing
from metrics.store.errors import StoreError

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
SHORTEST_SECONDS: Final = 15.0
PATIENCE: Final = 10
"""A round waits ten times as long as the last one took: publishing takes at most a tenth of the store's time."""


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
        """Publish until cancelled. A store that fails is asked again."""
        due = 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if monotonic() < due or (version := self._version()) is None:
                continue
            begun = monotonic()
            try:
                done = await asyncio.to_thread(self._publishing.round, version, caught_up=self._caught_up())
                if done.restated or done.published:
                    log.info("figures published", published=done.published, restated=done.restated)
            except StoreError as problem:
                log.warning("figures could not be published; it is tried again", problem=str(problem)[:2000])
            due = monotonic() + max(SHORTEST_SECONDS, PATIENCE * (monotonic() - begun))
