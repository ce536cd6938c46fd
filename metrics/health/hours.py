"""The figures of one hour as rows of table `health_hours`. Times and durations are microseconds."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

import msgspec


class HourFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of one system in one hour; the table's migration says what each figure is.

    `took`, `wait` and `lag` are parallel lists: a duration to 8 bits, and how often it was seen.
    """

    measure: str
    interface: str
    operation: str
    system: str
    hour_us: int
    simulated: int
    kind: str = ""
    service: str = ""
    calls: int = 0
    errors: int = 0
    first_us: int | None = None
    last_us: int | None = None
    median_us: float | None = None
    p95_us: float | None = None
    p99_us: float | None = None
    took_us: Sequence[int] = ()
    took_calls: Sequence[int] = ()
    retries: int = 0
    failed_messages: int = 0
    recovered: int = 0
    given_up: int = 0
    unsettled: int = 0
    fewest_attempts: int = 0
    shortest_wait_us: int = 0
    longest_wait_us: int = 0
    wait_us: Sequence[int] = ()
    wait_calls: Sequence[int] = ()
    taken: int = 0
    longest_lag_us: int = 0
    lag_us: Sequence[int] = ()
    lag_calls: Sequence[int] = ()
    dead_letters: int = 0
    contract_version: int = 0
    allowed_us: int = 0

    @property
    def key(self) -> tuple[Any, ...]:
        """One row of it stands in the table."""
        return tuple(getattr(self, name) for name in KEY)

    @property
    def content(self) -> int:
        """64 bits of what is counted."""
        return int.from_bytes(blake2b(msgspec.json.encode(self), digest_size=8).digest(), "big")


KEY: Final = ("measure", "hour_us", "interface", "operation", "system", "kind", "simulated")
_LISTS: Final = {"took_us", "took_calls", "wait_us", "wait_calls", "lag_us", "lag_calls"}
_TIMES: Final = {"hour_us", "first_us", "last_us"}


def figures_of(measure: str, row: Mapping[str, Any]) -> HourFigures:
    """A row of one of the queries `health_*_hours`."""
    known = {name: value for name, value in row.items() if name in HourFigures.__struct_fields__}
    return HourFigures(measure=measure, **known)


def nothing_of(key: Sequence[Any]) -> HourFigures:
    """What is written where nothing is left."""
    return HourFigures(**dict(zip(KEY, key, strict=True)))


def hour_columns(found: Iterable[HourFigures], gone: Iterable[HourFigures], version: int, now: int) -> dict[str, Any]:
    """The columns of table `health_hours`; `gone`: those of which nothing is left."""
    there, left = list(found), list(gone)
    rows = [*there, *left]
    columns = {_column(name): [getattr(row, name) for row in rows] for name in HourFigures.__struct_fields__}
    return columns | {
        "version": [version] * len(rows),
        "gone": [0] * len(there) + [1] * len(left),
        "judged": [now] * len(rows),
        "content": [row.content for row in rows],
    }


def _column(name: str) -> str:
    if name in _LISTS:
        return name.replace("_", ".", 1)
    return name.removesuffix("_us") if name in _TIMES else name
