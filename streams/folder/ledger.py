"""The ledger of a watched folder: one entry for each content of a file, and what became of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

import msgspec

from metrics.store.tables import TABLES

TABLE: Final = "files"
WAITING: Final = "waiting"
REFUSED: Final = "refused"
SENDING: Final = "sending"
SENT: Final = "sent"
COPY: Final = "copy"
SUPERSEDED: Final = "superseded"
SETTLED: Final = "settled"
STATES: Final = (WAITING, REFUSED, SENDING, SENT, COPY, SUPERSEDED)

EQUAL: Final = "equal"
SHORT: Final = "short"
NOT_COMPARABLE: Final = "not_comparable"

_LONGEST_REASON: Final = 2_000
Row = TypeVar("Row")


class Reader(Protocol):
    """Runs the named queries of `metrics.queries`."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]: ...


class Writer(Protocol):
    """Stores columns of a table, durably."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None: ...


class Entry(msgspec.Struct, frozen=True):
    """`folder_ledger`: one row of the table `files`; times in microseconds UTC, totals and amounts as JSON texts."""

    system: str
    name: str
    content: str = ""
    version: int = 0
    state: str = WAITING
    reason: str = ""
    faulty: int = 0
    bytes: int = 0
    business_date: str = ""
    parts: int = 0
    rows: int = 0
    rows_declared: int | None = None
    rows_mapped: int = 0
    rows_dead: int = 0
    totals: str = "{}"
    totals_declared: str = "{}"
    events: int | None = None
    amounts: str = "{}"
    events_stored: int | None = None
    amounts_stored: str = "{}"
    check: str = ""
    corrects: str = ""
    superseded_by: str = ""
    removed: int = 0
    simulated: int = 0
    seen_us: int = 0
    sent_us: int | None = None
    checked_us: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.system, self.name, self.content


_FIELDS: Final = {name: f"{name}_us" if name in ("seen", "sent", "checked") else name for name in TABLES[TABLE].names}


class Ledger:
    """The entries in memory, each written to the store before it counts. One program keeps it at a time."""

    def __init__(self, reader: Reader, writer: Writer, clock: Callable[[], int]) -> None:
        self._writer = writer
        self._clock = clock
        self._entries: dict[tuple[str, str, str], Entry] = {}
        self._contents: dict[tuple[str, str], set[str]] = {}
        self._names: dict[tuple[str, str], set[str]] = {}
        for entry in reader.rows("folder_ledger", Entry):
            self._hold(entry)

    def get(self, system: str, name: str, content: str = "") -> Entry | None:
        return self._entries.get((system, name, content))

    def corrections(self, system: str) -> list[Entry]:
        """What was sent and says itself that it corrects something."""
        return [one for one in self._entries.values() if one.corrects and one.state == SENT and one.system == system]

    def all(self) -> list[Entry]:
        """Every entry, settled ones too."""
        return list(self._entries.values())

    def of_name(self, system: str, name: str) -> list[Entry]:
        """The contents that came under a name."""
        return [self._entries[system, name, content] for content in sorted(self._contents.get((system, name), ()))]

    def of_content(self, system: str, content: str) -> list[Entry]:
        """The names under which a content came."""
        return [self._entries[system, name, content] for name in sorted(self._names.get((system, content), ()))]

    def write(self, *entries: Entry) -> None:
        """Store entries together, each as its next version. Raises a StoreError, and nothing has changed."""
        stamped = [self._stamped(entry) for entry in entries]
        self._writer.insert(TABLE, _columns(stamped))
        for entry in stamped:
            self._hold(entry)

    def wait(self, system: str, name: str, reason: str, *, faulty: bool, state: str = WAITING, size: int = 0) -> None:
        """Note why a file is not taken, if that is news."""
        known = self.get(system, name)
        if known is not None and (known.state, known.reason) == (state, reason):
            return
        self.write(Entry(system=system, name=name, state=state, reason=reason, faulty=int(faulty), bytes=size))

    def settle(self, system: str, name: str) -> list[Entry]:
        """The entry, settled, that says that nothing waits under a name any more; none where nothing did."""
        known = self.get(system, name)
        if known is None or known.state == SETTLED:
            return []
        return [msgspec.structs.replace(known, state=SETTLED, reason="", faulty=0)]

    def _hold(self, entry: Entry) -> None:
        self._entries[entry.key] = entry
        if entry.content:
            self._contents.setdefault((entry.system, entry.name), set()).add(entry.content)
            self._names.setdefault((entry.system, entry.content), set()).add(entry.name)

    def _stamped(self, entry: Entry) -> Entry:
        known = self._entries.get(entry.key)
        seen = known.seen_us if known is not None and known.state != SETTLED else self._clock()
        version = known.version + 1 if known is not None else 1
        reason = entry.reason.encode("utf-8", "backslashreplace").decode()[:_LONGEST_REASON]
        return msgspec.structs.replace(entry, version=version, seen_us=seen, reason=reason)


def _columns(entries: Iterable[Entry]) -> dict[str, list[Any]]:
    entries = list(entries)
    return {column: [getattr(entry, name) for entry in entries] for column, name in _FIELDS.items()}
