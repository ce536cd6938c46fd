"""Which sources are paused: a list in the store that people and limits change, and workers look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

Cause = Literal["limit", "operator"]
TABLE = "source_pauses"

_PAUSES = """SELECT source, version, paused, cause, detail, toUnixTimestamp64Micro(changed) AS changed
             FROM v_source_pauses ORDER BY source"""


class Pause(NamedTuple):
    """The last word on a source: paused or resumed, by whom, why, when (microseconds since 1970 UTC)."""

    source: str
    version: int
    paused: bool
    cause: str
    detail: str
    changed: int


class Rows(Protocol):
    """Runs a SELECT."""

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...


class Writer(Protocol):
    """Stores rows of a table."""

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any: ...

    def send(self, block: Any) -> None: ...


class StoredPauses:
    """The list as the store has it. Two who change one source at once: the later write holds."""

    def __init__(self, reader: Rows, writer: Writer, clock: Callable[[], int]) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock

    def all(self) -> dict[str, Pause]:
        """The last word on every source ever paused, by name."""
        rows = (Pause(**(row | {"paused": bool(row["paused"])})) for row in self._reader.rows(_PAUSES, {}))
        return {pause.source: pause for pause in rows}

    def paused(self) -> dict[str, Pause]:
        """The sources that are paused now."""
        return {name: pause for name, pause in self.all().items() if pause.paused}

    def pause(self, source: str, detail: str, cause: Cause = "operator") -> bool:
        """Whether this changed anything."""
        return self._set(source, paused=True, cause=cause, detail=detail)

    def resume(self, source: str, detail: str = "") -> bool:
        """Whether this changed anything."""
        return self._set(source, paused=False, cause="operator", detail=detail)

    def _set(self, source: str, *, paused: bool, cause: Cause, detail: str) -> bool:
        known = self.all().get(source)
        if (known.paused if known else False) == paused:
            return False
        pause = Pause(source, known.version + 1 if known else 1, paused, cause, detail, self._clock())
        self._writer.send(self._writer.prepare(TABLE, pause_columns([pause])))
        return True


def pause_columns(pauses: Sequence[Pause]) -> dict[str, list[Any]]:
    """Rows of the table `source_pauses`, column by column."""
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in pauses] for name in Pause._fields}
    columns["paused"] = [int(one.paused) for one in pauses]
    return columns
