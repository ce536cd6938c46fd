"""How far publishing is: what was looked at, which intervals are closed, which changes are settled."""

from typing import Any

from metrics.figures import asking
from metrics.figures.intervals import Interval
from metrics.figures.looking import Reader

_CLOSED = ("cases/", "money")
SETTLED = "settled"
ZONE = "zone"


class Marks:
    """The marks as stored, and those to be stored next (`take`)."""

    def __init__(self, stored: dict[tuple[str, str], str]) -> None:
        self._marks = stored
        self._fresh: dict[tuple[str, str], int] = {}

    @property
    def scopes(self) -> list[str]:
        """Those of which an interval is closed."""
        return sorted({scope for scope, _ in self._marks if scope.startswith(_CLOSED)})

    @property
    def settled(self) -> int:
        """The version up to which changes are settled."""
        return int(self._marks.get((SETTLED, ""), "0"))

    def settle(self, version: int) -> None:
        self._set(SETTLED, "", str(version), version)

    @property
    def zone(self) -> str:
        """The zone whose days closed intervals are; '' where none is closed yet."""
        return self._marks.get((ZONE, ""), "")

    def closed(self, scope: str, unit: str) -> str:
        """The first day of the last closed interval; '' where none is."""
        return self._marks.get((scope, unit), "")

    def is_closed(self, scope: str, interval: Interval) -> bool:
        return interval.start <= self.closed(scope, interval.unit)

    def close(self, scope: str, unit: str, start: str, version: int, zone: str) -> None:
        """`start`: the first day of the last closed interval, as `zone` counts days."""
        self._set(scope, unit, start, version)
        self._set(ZONE, "", zone, version)

    def looked(self, documents: bool) -> dict[int, int]:
        """The newest version looked at, by epoch."""
        return {int(unit): int(through) for (scope, unit), through in self._marks.items() if scope == _seen(documents)}

    def look(self, documents: bool, through: Any, version: int) -> None:
        for epoch, seen in through.items():
            self._set(_seen(documents), str(epoch), str(seen), version)

    def take(self) -> list[tuple[str, str, int, str]]:
        """The rows of table `figure_marks` that changed since the last call."""
        rows = [(scope, unit, version, self._marks[scope, unit]) for (scope, unit), version in self._fresh.items()]
        self._fresh.clear()
        return rows

    def _set(self, scope: str, unit: str, through: str, version: int) -> None:
        if self._marks.get((scope, unit)) != through:
            self._marks[scope, unit] = through
            self._fresh[scope, unit] = version


def read_marks(reader: Reader) -> Marks:
    """As last stored."""
    return Marks({(row["scope"], row["unit"]): row["through"] for row in reader.rows(asking.MARKS, {})})


def _seen(documents: bool) -> str:
    return "seen/documents" if documents else "seen/cases"
