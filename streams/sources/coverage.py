"""Which canonical types each system can feed, and how: of its own, by comparing snapshots, or after a question."""

from collections.abc import Iterable

from streams.sources.load import Loaded

NATIVE, STATE, ENRICHED = "N", "S", "E"
_RANK = {NATIVE: 0, ENRICHED: 1, STATE: 2}
_MARKS = {"documented": "d", "seen": "s", "inferred": "i"}


def coverage(loaded: Iterable[Loaded]) -> dict[str, dict[str, str]]:
    """Event type -> system -> `N`, `E` or `S` with the best evidence behind it (`Nd`: native, documented)."""
    cells: dict[str, dict[str, str]] = {}
    for one in loaded:
        for kind in one.mapping.kinds:
            carried = kind.comparison is not None and bool(kind.comparison.before)
            how = ENRICHED if kind.answers else NATIVE if kind.comparison is None or carried else STATE
            for rule in kind.rules:
                row = cells.setdefault(rule.type, {})
                cell = how + _MARKS[rule.evidence]
                row[one.mapping.name] = min(row.get(one.mapping.name, cell), cell, key=_goodness)
    return cells


def _goodness(cell: str) -> tuple[int, int]:
    return "dsi".index(cell[1]), _RANK[cell[0]]
