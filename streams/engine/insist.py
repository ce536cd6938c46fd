"""A store that is away is asked again, for as long as it takes: the broker holds the pressure meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from metrics.store.errors import StoreUnavailable

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
"""Seconds between attempts: doubled each time."""

Answer = TypeVar("Answer")


async def insist(attempt: Callable[[], Awaitable[Answer]], what: str) -> Answer:
    """The answer of `attempt`, made again after StoreUnavailable; it must be safe to repeat."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except StoreUnavailable as error:
            log.warning("the store is unavailable; trying again", what=what, pause=pause, error=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
