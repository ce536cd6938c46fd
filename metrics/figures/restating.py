"""Which published figures a set of changes restates, and with what evidence. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from metrics.figures.asking import KINDS
from metrics.figures.causes import UNKNOWN
from metrics.figures.intervals import Interval, intervals_of

KEPT: Final = 100
"""So many cases and events a restatement names itself; all of them are among the changes."""
NOTHING: Final = "{}"


class FigureKey(NamedTuple):
    """What a figure is of. `facility`: '' for all."""

    figure: str
    process: str
    name: str
    facility: str
    currency: str
    unit: str
    start: str


class Figure(NamedTuple):
    """`said`: JSON object of numbers as text; NOTHING where the interval holds nothing of the kind."""

    said: str
    revision: int
    simulated: int


class Evidence(NamedTuple):
    """Why a figure changed: each cause with how many parts moved by it."""

    causes: Mapping[str, int]
    changes: int
    event_ids: tuple[str, ...]
    cases: tuple[tuple[str, str], ...]
    late_us: int
    detail: str


class Restated(NamedTuple):
    key: FigureKey
    before: Figure
    after: Figure
    evidence: Evidence


def restated(
    before: Mapping[FigureKey, Figure],
    after: Mapping[FigureKey, Figure],
    changes: Iterable[Mapping[str, Any]],
    zone: ZoneInfo,
) -> list[Restated]:
    """Each figure that is another one now, by key; `changes` are rows of `UNSETTLED`."""
    moved = {key for key in before.keys() | after.keys() if before.get(key, _NONE).said != after.get(key, _NONE).said}
    by_key: dict[FigureKey, list[Mapping[str, Any]]] = {key: [] for key in moved}
    for change in changes:
        for key in reached(change, zone) & moved:
            by_key[key].append(change)
    found = []
    for key, why in sorted(by_key.items()):
        old, new = before.get(key, _NONE), after.get(key, _NONE)
        found.append(Restated(key, old, new._replace(revision=old.revision + 1), gather(why)))
    return found


_NONE: Final = Figure(NOTHING, 0, 0)


def reached(change: Mapping[str, Any], zone: ZoneInfo) -> set[FigureKey]:
    """The figures that a change reaches: where the part counted, and where it counts."""
    figure = KINDS[change["kind"]]
    name = "" if figure == "cases" else change["name"]
    found: set[FigureKey] = set()
    for side in ("before", "after"):
        at = change[f"{side}_us"]
        if at is None:
            continue
        places = [""] if figure == "money" else sorted({"", change[f"{side}_facility"]})
        currency = change[f"{side}_currency"] if figure == "money" else ""
        for interval in slots(figure, at, zone):
            found |= {FigureKey(figure, change["process"], name, place, currency, *interval) for place in places}
    return found


def slots(figure: str, at: int, zone: ZoneInfo) -> list[Interval]:
    """The intervals of a figure in which an instant lies: money is published by month."""
    return intervals_of(at, zone, ("month",)) if figure == "money" else intervals_of(at, zone)


def gather(changes: Sequence[Mapping[str, Any]]) -> Evidence:
    """The evidence of several changes as one; parts of one case that moved by one cause count once."""
    owners: dict[str, set[tuple[str, str]]] = {}
    for change in changes:
        for cause in change["causes"]:
            owners.setdefault(cause, set()).add((change["process"], change["id"]))
    counts = {cause: len(ids) for cause, ids in sorted(owners.items(), key=lambda one: (-len(one[1]), one[0]))}
    events = dict.fromkeys(event for change in changes for event in change["event_ids"])
    cases = dict.fromkeys(
        case for change in changes for case in zip(change["case_processes"], change["case_ids"], strict=True)
    )
    details = dict.fromkeys(change["detail"] for change in changes if change["detail"])
    return Evidence(
        counts or {UNKNOWN: 0},
        len({(change["process"], change["id"]) for change in changes}),
        tuple(events)[:KEPT],
        tuple(cases)[:KEPT],
        max((change["late_us"] for change in changes), default=0),
        "; ".join(list(details)[:3]),
    )
