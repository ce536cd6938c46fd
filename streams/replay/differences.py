"""What a replay found otherwise than the store has it, case by case, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from metrics.store.outcome import outcome_columns
from metrics.store.sqltext import quoted_name
from streams.engine.ports import Reader

_APART = frozenset({"process", "case_id", "definition_version"})
COMPARED = tuple(name for name in outcome_columns("cases") if name not in _APART)
"""What makes the outcome of a case; its definition's version is a cause, and not compared itself."""


class Cause(StrEnum):
    """Why a case is otherwise, the first that holds."""

    ARRIVED = "events came in while it was replayed"
    LINKED = "other events belong to it"
    DEFINITION = "its definition is another version"
    REWRITTEN = "its definition was changed without a new version"
    NONE = "same events, same definition: this must not be"


@dataclass(frozen=True, slots=True)
class Difference:
    """One case. `changed` names columns; clocks hold the status of each, '' in a case that is not there."""

    process: str
    case_id: str
    cause: Cause
    changed: tuple[str, ...]
    version_was: int
    version_now: int
    clocks_was: Mapping[str, str]
    clocks_now: Mapping[str, str]
    events_more: int
    events_less: int


class Period:
    """Which cases are compared: of these processes (none: all), with an event in [begin, end), microseconds UTC."""

    def __init__(self, begin: int, end: int, processes: Sequence[str] = ()) -> None:
        self.values = {"begin": begin, "end": end, "processes": list(processes) or [""], "all": not processes}


_IN_PERIOD = """first_time < fromUnixTimestamp64Micro(%(end)s, 'UTC')
                AND last_time >= fromUnixTimestamp64Micro(%(begin)s, 'UTC')
                AND (%(all)s OR process IN %(processes)s)"""


def differences(reader: Reader, period: Period, rewritten: Mapping[str, int]) -> Iterator[Difference]:
    """Every case that differs, by process and number.

    `rewritten` names processes and versions whose text in the store is not the one that was replayed.
    """
    for row in reader.rows(_differing(), period.values):
        yield Difference(
            process=row["process"],
            case_id=row["case_id"],
            cause=_cause(row, rewritten),
            changed=tuple(name for name in row["changed"] if name),
            version_was=row["version_was"],
            version_now=row["version_now"],
            clocks_was=dict(zip(row["names_was"], row["statuses_was"], strict=True)),
            clocks_now=dict(zip(row["names_now"], row["statuses_now"], strict=True)),
            events_more=row["events_more"],
            events_less=row["events_less"],
        )


def _cause(row: Mapping[str, Any], rewritten: Mapping[str, int]) -> Cause:
    if row["arrived"]:
        return Cause.ARRIVED
    if row["version_was"] and row["version_now"] and row["version_was"] != row["version_now"]:
        return Cause.DEFINITION
    if rewritten.get(row["process"]) == row["version_now"]:
        return Cause.REWRITTEN
    return Cause.LINKED if row["events_more"] or row["events_less"] else Cause.NONE


def compared(reader: Reader, period: Period) -> dict[str, int]:
    """How many cases of each process were compared, there or here."""
    sql = f"""SELECT process, uniqExact(case_id) AS cases FROM
              (
                  SELECT process, case_id FROM stood_cases WHERE {_IN_PERIOD}
                  UNION ALL SELECT process, case_id FROM cases FINAL WHERE {_IN_PERIOD}
              )
              GROUP BY process ORDER BY process"""
    return {row["process"]: row["cases"] for row in reader.rows(sql, period.values)}


def verdicts(reader: Reader, period: Period) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """(process, clock) → status → how many cases had it, and how many have it now."""
    sql = f"""SELECT process, clock, status, countIf(now = 0) AS cases_was, countIf(now = 1) AS cases_now FROM
              (
                  SELECT process, `clock.name` AS names, `clock.status` AS statuses, 0 AS now
                  FROM stood_cases WHERE {_IN_PERIOD}
                  UNION ALL SELECT process, `clock.name`, `clock.status`, 1 FROM cases FINAL WHERE {_IN_PERIOD}
              )
              ARRAY JOIN names AS clock, statuses AS status
              GROUP BY process, clock, status ORDER BY process, clock, status"""
    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for row in reader.rows(sql, period.values):
        counts = found.setdefault((row["process"], row["clock"]), {})
        counts[row["status"]] = (row["cases_was"], row["cases_now"])
    return found


def _differing() -> str:
    columns = ", ".join(map(quoted_name, COMPARED))
    changed = ", ".join(
        f"if(toString(was.{quoted_name(name)}) != toString(now.{quoted_name(name)}), '{name}', '')" for name in COMPARED
    )
    taken = f"SELECT process, case_id, definition_version, {columns} FROM"
    return f"""
        WITH moved AS
        (
            SELECT process, case_id, countIf(had = 0) AS more, countIf(had = 1) AS less,
                   countIf(had = 1 AND event_id NOT IN (SELECT event_id FROM events)) AS came
            FROM
            (
                SELECT process, case_id, event_id, max(was) AS had FROM
                (
                    SELECT process, case_id, event_id, 1 AS was FROM stood_case_events
                    UNION ALL SELECT process, case_id, event_id, 0 FROM v_case_events
                )
                GROUP BY process, case_id, event_id HAVING count() = 1
            )
            GROUP BY process, case_id
        )
        SELECT process, case_id, was.definition_version AS version_was, now.definition_version AS version_now,
               was.`clock.name` AS names_was, was.`clock.status` AS statuses_was,
               now.`clock.name` AS names_now, now.`clock.status` AS statuses_now,
               [{changed}] AS changed, more AS events_more, less AS events_less, came AS arrived
        FROM ({taken} stood_cases WHERE {_IN_PERIOD}) AS was
        FULL JOIN ({taken} cases FINAL WHERE {_IN_PERIOD}) AS now USING (process, case_id)
        LEFT JOIN moved USING (process, case_id)
        WHERE arrayExists(name -> name != '', changed)
        ORDER BY process, case_id"""
