"""A worker and the list of paused sources: it looks at the list now and then, and adds its own pauses to a flush."""

import asyncio
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Final

from streams.dead_letters.gate import PauseBook
from streams.dead_letters.pauses import TABLE, Rows, StoredPauses, Writer, pause_columns
from streams.engine.flush import Frozen
from streams.engine.insist import insist

LOOK_SECONDS: Final = 5.0


class PauseWatch:
    """Keeps a worker's book of paused sources in step with the store."""

    def __init__(self, book: PauseBook, reader: Rows, writer: Writer, clock: Callable[[], int]) -> None:
        self._book = book
        self._writer = writer
        self._stored = StoredPauses(reader, writer, clock)
        self._looked = 0.0

    async def look(self) -> None:
        """Take over what people paused and resumed, at most every few seconds."""
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._book.renew(await insist(partial(asyncio.to_thread, self._stored.all), "paused sources"))
            self._looked = monotonic()

    def with_pauses(self, frozen: Frozen) -> Frozen:
        """The flush with the pauses that the book has made since the last one."""
        pauses = self._book.take_new()
        if not pauses:
            return frozen
        return frozen._replace(state=[self._writer.prepare(TABLE, pause_columns(pauses)), *frozen.state])
