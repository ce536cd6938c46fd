"""One evaluator at a time: a lease in the store, proven before each notification.

An evaluator takes an epoch above every stored one, renews its lease every round, and is the owner as long as nobody
took a higher epoch (of two that took the same one at once, the smaller name holds it) and it was seen lately. Ages are
reckoned by the store's clock. State rows carry the epoch, so what a stalled evaluator writes late never wins.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from metrics.alerts.rows import Lease
from metrics.commands.rows import StoreClock
from metrics.words import SECOND

LEASE = 30 * SECOND
"""How long an evaluator that is not seen any more still counts as the owner."""
EPOCH_SHIFT = 40
TABLE = "alert_leases"

Row = TypeVar("Row")


class Reader(Protocol):
    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Writer(Protocol):
    """Stores rows of a table, column by column; returns once they are durable."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None: ...


class Ownership:
    """This evaluator's claim. Methods raise the store's errors; threads may share it."""

    def __init__(self, reader: Reader, writer: Writer, holder: str, steady: Callable[[], float]) -> None:
        """`steady`: seconds that never jump."""
        self._reader = reader
        self._writer = writer
        self._holder = holder
        self._steady = steady
        self._renewals = 0
        self._sequence = 0
        self._seen = 0.0
        self.epoch = 0

    def take(self) -> bool:
        """Become the owner if nobody is; whether that went well."""
        newest = self._newest()
        if newest is not None and not newest.released and newest.age_us < LEASE:
            return False
        self.epoch = (newest.epoch if newest else 0) + 1
        self._renewals = self._sequence = 0
        self._note(released=False)
        if self.proves():
            return True
        self.epoch = 0
        return False

    def renew(self) -> bool:
        """Say that this evaluator lives; False: another one took over."""
        if not self.proves():
            return False
        self._note(released=False)
        return True

    def proves(self) -> bool:
        """Whether this evaluator is the owner now."""
        if not self.epoch or (self._steady() - self._seen) * SECOND >= LEASE:
            return False
        newest = self._newest()
        return newest is not None and (newest.epoch, newest.holder) == (self.epoch, self._holder)

    def release(self) -> None:
        """Let the next one take over at once."""
        if self.epoch:
            self._note(released=True)
            self.epoch = 0

    def version(self) -> int:
        """The version of the next state row: epoch * 2^40 + sequence."""
        self._sequence += 1
        return (self.epoch << EPOCH_SHIFT) | self._sequence

    def _newest(self) -> Lease | None:
        return next(iter(self._reader.rows("alert_lease", Lease)), None)

    def _note(self, *, released: bool) -> None:
        self._renewals += 1
        began = self._steady()
        self._writer.insert(
            TABLE,
            {
                "epoch": [self.epoch],
                "holder": [self._holder],
                "version": [self._renewals],
                "seen": [self._reader.rows("cli_store_clock", StoreClock)[0].now_us],
                "released": [int(released)],
            },
        )
        self._seen = began
