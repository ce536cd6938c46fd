"""From a URL to what is asked of the store: the process, its definition, and the time that counts as now.

"Now" on every page is the newest event of the process, never the server's clock.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, TypeVar

from yaml import YAMLError

from dashboards.address import Address
from dashboards.alert_hand import AlertHand
from dashboards.definitions import ProcessView, catalogue_texts, read_view, undefined
from dashboards.hand import Hand
from dashboards.reading import Reader
from dashboards.wording import DAY, MINUTE
from metrics.queries.rows import DefinitionText, Process

NO_CASES = (
    "The store holds no cases yet. They appear here by themselves once a source sends events. "
    "To look around first: “flowglass up” plays a simulated hospital group, “flowglass analyse FILE” reads a log."
)
EARLIEST = -2_208_988_800_000_000  # 1900-01-01: the earliest time the store can hold


class OfPlace(Protocol):
    """A row of a query that answers for every place at once: '' stands for all facilities, or departments."""

    @property
    def of_facility(self) -> str: ...

    @property
    def of_department(self) -> str: ...


Placed = TypeVar("Placed", bound=OfPlace)


class Scope(NamedTuple):
    """What a page looks at. Times in microseconds UTC; `days` of the period, 0 for all time."""

    address: Address
    view: ProcessView
    size: Process
    as_of: int
    days: int

    @property
    def since(self) -> int:
        """The start of the period."""
        return self.as_of - self.days * DAY if self.days else EARLIEST

    @property
    def case_filter(self) -> dict[str, str]:
        """The parameters that every case query takes."""
        return {"process": self.size.process, "facility": self.address.facility, "department": self.address.department}

    @property
    def minute(self) -> int:
        """`as_of` as open pages ask with, to share an answer: the end of its minute, so that nothing is left out."""
        return self.as_of if self.address.as_of is not None else -(-self.as_of // MINUTE) * MINUTE

    def of_place(self, rows: Iterable[Placed]) -> list[Placed]:
        """Of sums for every facility and department, and for all of them, those of the place that is asked for."""
        facility, department = self.address.facility, self.address.department
        return [row for row in rows if row.of_facility == facility and row.of_department == department]

    def holds(self, facility: str, department: str) -> bool:
        """Whether something at this facility and department is asked for."""
        return self.address.facility in ("", facility) and self.address.department in ("", department)


class NothingYet(Exception):
    """The store holds no case at all, or none of the process asked for; the message says which."""


class NoCases(NothingYet):
    """The store holds no case of any process: the way on is to connect a source."""


def unnoted(_did: str, _what: str) -> None:
    """Where nobody signs on there is nobody to note."""


class Desk:
    """What pages work with: the reader and the definitions behind it, and whether who asks reaches the whole store.

    `note` writes what who asks did, and to what, into the audit log; it raises Unanswered when that can't be.
    """

    def __init__(
        self,
        reader: Reader,
        sees_everything: Callable[[], bool] = lambda: True,
        hand: Hand | None = None,
        alert_hand: AlertHand | None = None,
        note: Callable[[str, str], None] = unnoted,
    ) -> None:
        self.reader = reader
        self.hand = hand
        self.alert_hand = alert_hand
        self.note = note
        self.sees_everything = sees_everything
        self._shipped = catalogue_texts()
        self._views: dict[tuple[str, int], ProcessView] = {}

    def processes(self) -> list[Process]:
        """Every process with at least one case, by name."""
        return self.reader.rows("processes", Process)

    def view(self, process: str) -> ProcessView:
        """The process in words, from the stored definition, the catalogue, or nothing."""
        stored = {row.process: row for row in self.reader.rows("definition_texts", DefinitionText)}
        row = stored.get(process)
        key = (process, row.version if row else -1)
        if key not in self._views:
            text = row.yaml if row else self._shipped.get(process, "")
            self._views[key] = _read_or_undefined(process, text)
        return self._views[key]

    def scope(self, address: Address) -> Scope:
        """What the address means; raises NothingYet when there is nothing to look at."""
        sizes = self.processes()
        if not sizes:
            raise NoCases(NO_CASES)
        size = next((size for size in sizes if size.process == address.process), None)
        if address.process and size is None:
            raise NothingYet(f"There are no cases of the process “{address.process}”.")
        size = size or max(sizes, key=lambda each: (not each.process.startswith("log."), each.open, each.cases))
        view = self.view(size.process)
        days = address.period if address.period is not None else 28 if view.defined else 0
        return Scope(address, view, size, address.until(size.newest_us), days)


def _read_or_undefined(process: str, text: str) -> ProcessView:
    try:
        return read_view(process, text) if text else undefined(process)
    except (ValueError, KeyError, TypeError, AttributeError, YAMLError):
        return undefined(process)
