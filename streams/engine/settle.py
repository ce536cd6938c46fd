"""Settling the ledger: what its postings add up to is written down where it changed, so that pages read rows.

One worker does it, the one that owns partition 0, in rounds beside its flushes. A round derives the whole ledger from
all postings and links in the store, so no order of arrival, no crash and no lost round can leave it wrong: the next
repairs it.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from streams.engine.ports import PassingReader, StoreWriter
from streams.engine.rounds import in_rounds

LOOK_SECONDS: Final = 1.0
SHORTEST_SECONDS: Final = 5.0
ROWS_A_BLOCK: Final = 2_000
"""Rows in memory at once: those that changed since the last round grow with how long a round takes."""
_PLAIN: Final = (
    "event_id", "first_us", "labour", "legal_entity", "facility", "department", "cost_center", "supplier", "category",
    "process", "cases", "named", "currency", "amount", "valued", "hours", "simulated",
)  # fmt: skip
_KEY: Final = ("stage", "document_type", "document_id", "line")
_CHANGED: Final = f"""
SELECT {", ".join(_KEY)}, toUInt8(n.present = 0) AS gone, {", ".join(f"n.{name} AS {name}" for name in _PLAIN)},
       n.fresh AS content
FROM (SELECT *, 1 AS present, cityHash64({", ".join((*_KEY, *_PLAIN))}) AS fresh FROM %s) AS n
FULL OUTER JOIN (SELECT *, gone AS was_gone, content AS old FROM v_ledger_settled WHERE %s) AS o
     USING ({", ".join(_KEY)})
WHERE (n.present = 1 AND (o.old != n.fresh OR o.was_gone = 1)) OR (n.present = 0 AND o.was_gone = 0)
ORDER BY {", ".join(_KEY)}
SETTINGS max_execution_time = 3600, max_bytes_before_external_group_by = 2000000000,
         max_bytes_before_external_sort = 2000000000"""
STEPS: Final = (
    _CHANGED % ("v_ledger_derived", "stage != 'accrued'"),
    _CHANGED % ("v_ledger_accrued", "stage = 'accrued'"),
)
"""What follows from the postings, then what follows from that as settled: receipts that nobody billed yet."""


class Settler:
    """Settles in rounds, as often as their own duration allows. `version` gives None while it is another's turn."""

    def __init__(self, reader: PassingReader, writer: StoreWriter, version: Callable[[], int | None]) -> None:
        self._reader = reader
        self._writer = writer
        self._version = version

    async def run(self, flushed: Callable[[], int]) -> None:
        """Settle after flushes, until cancelled."""
        seen = -1

        def settle_what_is_new(version: int) -> None:
            nonlocal seen
            now = flushed()
            settle(self._reader, self._writer, version)
            seen = now

        await in_rounds(
            "ledger", settle_what_is_new, self._version,
            look=LOOK_SECONDS, shortest=SHORTEST_SECONDS, wanted=lambda: flushed() != seen,
        )  # fmt: skip


def settle(reader: PassingReader, writer: StoreWriter, version: int) -> int:
    """Write down what changed in the ledger since it was last settled; returns how many rows. Raises StoreError."""
    written = 0
    for step in STEPS:
        rows = _rows(reader, step, version)
        while block := list(islice(rows, ROWS_A_BLOCK)):
            writer.send(writer.prepare_rows("ledger", block))
            written += len(block)
    return written


def _rows(reader: PassingReader, step: str, version: int) -> Iterator[tuple[Any, ...]]:
    for row in reader.passing(step, {}):
        yield (
            *(row[name] for name in _KEY),
            version,
            row["gone"],
            *(row[name] for name in _PLAIN),
            row["content"],
        )
