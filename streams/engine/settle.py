"""Settling the ledger: what its postings add up to is written down where it changed, so that pages read rows.

One worker does it, the one that owns partition 0, in rounds beside its flushes. A round derives the whole ledger from
all postings and links in the store, so no order of arrival, no crash and no lost round can leave it wrong: the next
repairs it.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from time import monotonic
from typing import Any, Final

import structlog

from metrics.store.errors import StoreError
from streams.engine.ports import Reader, StoreWriter

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
SHORTEST_SECONDS: Final = 5.0
PATIENCE: Final = 10
"""A round waits ten times as long as the last one took: settling never takes more than a tenth of the store's time."""
ROWS_A_BLOCK: Final = 20_000
_PLAIN: Final = (
    "event_id", "first_us", "labour", "legal_entity", "facility", "department", "cost_center", "supplier", "category",
    "process", "cases", "named", "currency", "amount", "valued", "hours", "simulated",
)  # fmt: skip
_KEY: Final = ("stage", "document_type", "document_id", "line")
CHANGED: Final = f"""
SELECT {", ".join(_KEY)}, toUInt8(n.present = 0) AS gone, {", ".join(f"n.{name} AS {name}" for name in _PLAIN)},
       n.fresh AS content
FROM (SELECT *, 1 AS present, cityHash64({", ".join((*_KEY, *_PLAIN))}) AS fresh FROM v_ledger_derived) AS n
FULL OUTER JOIN (SELECT *, gone AS was_gone, content AS old FROM v_ledger_settled) AS o USING ({", ".join(_KEY)})
WHERE (n.present = 1 AND (o.old != n.fresh OR o.was_gone = 1)) OR (n.present = 0 AND o.was_gone = 0)
ORDER BY {", ".join(_KEY)}
SETTINGS max_execution_time = 3600, max_bytes_before_external_group_by = 2000000000,
         max_bytes_before_external_sort = 2000000000"""


class Settler:
    """Settles in rounds, as often as their own duration allows. `version` gives None while it is another's turn."""

    def __init__(self, reader: Reader, writer: StoreWriter, version: Callable[[], int | None]) -> None:
        self._reader = reader
        self._writer = writer
        self._version = version

    async def run(self, flushed: Callable[[], int]) -> None:
        """Settle after flushes, until cancelled. A store that fails is asked again."""
        seen, due = -1, 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = flushed()
            if now == seen or monotonic() < due or (version := self._version()) is None:
                continue
            begun = monotonic()
            try:
                await asyncio.to_thread(settle, self._reader, self._writer, version)
                seen = now
            except StoreError as problem:
                log.warning("the ledger could not be settled; it is tried again", problem=str(problem)[:2000])
            due = monotonic() + max(SHORTEST_SECONDS, PATIENCE * (monotonic() - begun))


def settle(reader: Reader, writer: StoreWriter, version: int) -> int:
    """Write down what changed in the ledger since it was last settled; returns how many rows. Raises StoreError."""
    rows, written = _rows(reader, version), 0
    while block := list(islice(rows, ROWS_A_BLOCK)):
        writer.send(writer.prepare_rows("ledger", block))
        written += len(block)
    return written


def _rows(reader: Reader, version: int) -> Iterator[tuple[Any, ...]]:
    for row in reader.rows(CHANGED, {}):
        yield (
            *(row[name] for name in _KEY),
            version,
            row["gone"],
            *(row[name] for name in _PLAIN),
            row["content"],
        )
