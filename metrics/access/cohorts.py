"""Roles that see sums alone see no group of few people: small groups are one group inside the views of their reach.

A department of few people is counted with the others of its facility that are small, and, where these are still few,
with the next larger one: what stands there is never less than the least group, and no smaller one can be worked out by
subtracting what is shown from a total, which stays right. So are facilities; `labour_cohorts` does it for labour.
Groups are the same in every view, period and filter, so that two filters' difference tells of no smaller one.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from metrics.access.labour_cohorts import cohorts
from metrics.access.model import Reach
from metrics.store.sqltext import quoted, quoted_name

CASES: Final = ("v_cases", "v_clocks", "v_expectations", "v_milestones", "v_deviations", "v_conformance")
"""Views by process, facility and department; a case of a process about people stands for a person."""
FIGURES: Final = ("v_published_figures", "v_figure_restatements")
"""Views by process and facility whose figures can't be put together: those of small facilities are left out."""
LEDGER: Final = "v_ledger"
RESTATEMENTS: Final = "v_figure_restatements"
_CASES_OF: Final = ("case_processes", "case_ids", "event_ids")
_NO_CASES: Final = ", ".join(f"arrayResize({name}, 0) AS {name}" for name in _CASES_OF)
"""Who sees sums alone learns that a figure changed, not whose case changed it."""


def label(least: int) -> str:
    """What a merged group is called."""
    return f"groups under {least}"


def grouped(view: str, rows: str, reach: Reach, store: str) -> str:
    """The rows of a view (a query) with small groups merged."""
    if not reach.least:
        return rows
    if view in CASES:
        return _replaced(rows, dict(_of_cases(reach, store)), f"process NOT IN ({_too_few(reach, store)})")
    if view in FIGURES:
        few, places = _too_few(reach, store), _too_few(reach, store, "facility")
        told = f"* REPLACE ({_NO_CASES})" if view == RESTATEMENTS else "*"
        return f"SELECT {told} FROM ({rows}) WHERE process NOT IN ({few}) AND (process, facility) NOT IN ({places})"
    return cohorts(rows, reach.least, label(reach.least)) if view == LEDGER else rows


def _replaced(rows: str, instead: Mapping[str, str], condition: str) -> str:
    columns = ", ".join(f"CAST({value}, 'LowCardinality(String)') AS {name}" for name, value in instead.items())
    return f"SELECT * REPLACE ({columns}) FROM ({rows}) AS told WHERE {condition}"


def _of_cases(reach: Reach, store: str) -> Iterator[tuple[str, str]]:
    people, least, name = _people(reach, store), reach.least, quoted(label(reach.least))
    places = _small(people, ("process", "facility"), ("process",), least)
    wards = _small(people, ("process", "facility", "department"), ("process", "facility"), least)
    of_place, of_ward = "(told.process, told.facility)", "(told.process, told.facility, told.department)"
    yield "facility", f"if({of_place} IN ({places}), {name}, told.facility)"
    yield "department", f"if({of_place} IN ({places}) OR {of_ward} IN ({wards}), {name}, told.department)"


def _people(reach: Reach, store: str) -> str:
    about = ", ".join(quoted(name) for name in sorted(reach.about_people)) or "''"
    return (
        f"SELECT process, facility, department, case_id AS one FROM {quoted_name(store)}.v_cases"
        f" WHERE process IN ({about}){_here(reach)}"
    )


def _here(reach: Reach) -> str:
    """People of facilities that the reach does not see are not among whom a group is told with."""
    if reach.facilities is None:
        return ""
    return f" AND facility IN ({', '.join(quoted(name) for name in sorted(reach.facilities)) or quoted('')})"


def _small(people: str, groups: tuple[str, ...], within: tuple[str, ...], least: int) -> str:
    """A query for the groups that are merged: small ones and, where they are few together, the next larger one."""
    names = ", ".join(groups)
    window = f"PARTITION BY {', '.join(within)}" if within else ""
    each = f"SELECT {names}, uniqExact(one) AS size FROM ({people}) GROUP BY {names}"
    return (
        f"SELECT {names} FROM (SELECT {names}, size, sum(if(size < {least}, size, 0)) OVER ({window}) AS few,"
        f" row_number() OVER ({window} ORDER BY size < {least}, size, {names}) AS place FROM ({each}))"
        f" WHERE size < {least} OR (few BETWEEN 1 AND {least - 1} AND place = 1)"
    )


def _too_few(reach: Reach, store: str, group: str = "") -> str:
    """A query for processes (and a group within) of fewer people than the least group."""
    names = ", ".join(("process", group) if group else ("process",))
    return f"SELECT {names} FROM ({_people(reach, store)}) GROUP BY {names} HAVING uniqExact(one) < {reach.least}"
