"""Work in rounds beside the flushes: settling the ledger, publishing figures, judging health, keeping digests."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

import structlog

from metrics.store.errors import StoreError

log = structlog.get_logger(__name__)

PATIENCE: Final = 10
"""A round waits ten times as long as the last one took: rounds take at most a tenth of the store's time."""


async def in_rounds(
    name: str,
    work: Callable[[int], None],
    version: Callable[[], int | None],
    *,
    look: float,
    shortest: float,
    wanted: Callable[[], bool] = lambda: True,
) -> None:
    """Do the work in a thread, round after round, until cancelled; what fails is logged and tried again.

    `version` gives None while it is another's turn, or the round has to wait. Seconds: `look` between two looks whether
    it is time, `shortest` between two rounds.
    """
    due = 0.0
    while True:
        await asyncio.sleep(look)
        if monotonic() < due or not wanted() or (now := version()) is None:
            continue
        begun = monotonic()
        try:
            await asyncio.to_thread(work, now)
        except StoreError as problem:
            log.warning("a round failed; it is tried again", round=name, problem=str(problem)[:2000])
        except Exception:
            log.exception("a round failed by a mistake of ours; it is tried again", round=name)
        due = monotonic() + max(shortest, PATIENCE * (monotonic() - begun))
