"""A broker that is away is asked again, for as long as it takes: what is to be sent or committed waits meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds between attempts: doubled each time."""

Answer = TypeVar("Answer")


def untold(_: str) -> None:
    """Where nobody wants to know why it takes so long."""


def is_away(error: BaseException) -> bool:
    """Whether the same may go well later: nobody answers, or not in time, or the broker is about to change its mind."""
    if isinstance(error, KafkaError):
        return bool(error.retriable)
    return isinstance(error, OSError) or (error.__cause__ is not None and is_away(error.__cause__))


async def hold_on(attempt: Callable[[], Awaitable[Answer]], what: str, tell: Callable[[str], None] = untold) -> Answer:
    """The answer of `attempt`, made again while the broker is away; it must be safe to repeat.

    `tell` is given the reason after each attempt that failed, and '' at the end. Raises whatever else goes wrong.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            answer = await attempt()
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("the broker is away; trying again", what=what, pause=pause, error=str(error))
            tell(f"the broker cannot be reached: {error}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            tell("")
            return answer
