"""Source = bus = store: whether the events that a file sent are stored, with their money."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from streams.folder.figures import Figure, amounts
from streams.folder.ledger import EQUAL, NOT_COMPARABLE, SENT, SHORT, Entry, Ledger, Reader

_FIRST: Final = 2.0
_LONGEST: Final = 600.0
_SHORT: Final = "not all that was sent is stored:"


@dataclass(slots=True)
class Checking:
    """Checks what was sent, at growing intervals until it is there; `patience` seconds after sending it is a fault.

    `now`: seconds, monotonic; `clock`: microseconds UTC.
    """

    ledger: Ledger
    reader: Reader
    patience: float
    now: Callable[[], float]
    clock: Callable[[], int]
    _due: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)

    def open(self) -> list[Entry]:
        """The files whose events are not known to be stored."""
        return [one for one in self.ledger.all() if one.state == SENT and one.check not in (EQUAL, NOT_COMPARABLE)]

    def look(self) -> list[Entry]:
        """Check what is due; returns the entries about which there is news. Raises StoreError."""
        told = []
        for entry in self.open():
            due, pause = self._due.get(entry.key, (0.0, _FIRST))
            if self.now() < due:
                continue
            self._due[entry.key] = (self.now() + pause, min(pause * 2, _LONGEST))
            if (news := self._check(entry)) is not None:
                self.ledger.write(news)
                told.append(news)
        return told

    def _check(self, entry: Entry) -> Entry | None:
        figures = self.reader.rows("folder_events", Figure, system=entry.system, content=entry.content)
        stored, money = sum(one.stored for one in figures), amounts(figures, stored=True)
        late = self.clock() - (entry.sent_us or 0) > self.patience * 1_000_000
        equal = stored == entry.events and money == entry.amounts
        if not equal and (
            not late or (entry.check, entry.events_stored, entry.amounts_stored) == (SHORT, stored, money)
        ):
            return None
        reason = entry.reason.partition(_SHORT)[0].rstrip("; ")
        if not equal:
            short = f"{_SHORT} {stored} of {entry.events} events, money {money} of {entry.amounts}"
            reason = f"{reason}; {short}" if reason else short
        return msgspec.structs.replace(
            entry, check=EQUAL if equal else SHORT, events_stored=stored, amounts_stored=money,
            checked_us=self.clock(), reason=reason, faulty=int(bool(reason)),
        )  # fmt: skip
