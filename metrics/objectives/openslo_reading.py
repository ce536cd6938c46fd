"""Reads OpenSLO v1 documents: what of them becomes an objective, and everything that does not.

Nothing is dropped silently: what was read is held against what Flowglass would write of it, and whatever is not there
is told with its place.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from metrics.definitions.mistakes import nearest
from metrics.definitions.registry import Catalogue
from metrics.definitions.schema import ProcessText, SlaText
from metrics.objectives.openslo import API, PROCESS, SLA, SOURCE_TYPE, Document, notification_target, service, slo
from metrics.objectives.openslo_documents import (
    TAKEN,
    differences,
    mapping,
    name_of,
    read_documents,
    title_of,
    with_indicator,
)

_DAYS: Final = {"d": 1, "w": 7}


class Taken(NamedTuple):
    """An objective that was read. `sla` holds it; `was` is what the definition at hand says, None for a new SLA."""

    document: str
    process: str
    sla: SlaText
    was: SlaText | None

    @property
    def is_change(self) -> bool:
        return self.was is None or self.was.objective != self.sla.objective


class Left(NamedTuple):
    """What did not become anything, and why. `place` '' is the whole document."""

    document: str
    place: str
    why: str


class _Refused(Exception):
    """The whole document cannot become an objective."""


def read(text: str, catalogue: Catalogue) -> tuple[list[Taken], list[Left]]:
    """Objectives of the documents, and everything else that they say. Raises Unreadable."""
    found = read_documents(text)
    indicators = {name_of(one): one for one in found if one.get("kind") == "SLI"}
    used: set[str] = set()
    taken: list[Taken] = []
    left: list[Left] = []
    for one in found:
        if one.get("apiVersion") != API:
            left.append(Left(title_of(one), "apiVersion", f"only {API} is read"))
        elif one.get("kind") == "SLO":
            _take(with_indicator(one, indicators, used), catalogue, taken, left)
        elif one.get("kind") != "SLI":
            left += _beside(one, catalogue)
    left += [Left(title_of(one), "", "no SLO names it") for name, one in indicators.items() if name not in used]
    return taken, left


def _take(document: Document, catalogue: Catalogue, taken: list[Taken], left: list[Left]) -> None:
    title = title_of(document)
    try:
        process, sla, was = _objective(document, catalogue)
    except _Refused as error:
        left.append(Left(title, "", str(error)))
        return
    taken.append(Taken(title, process.process, sla, was))
    left += [
        Left(title, place, "Flowglass has no place for it, or says otherwise")
        for place in differences(document, slo(process, sla))
        if place not in TAKEN
    ]


def _objective(document: Document, catalogue: Catalogue) -> tuple[ProcessText, SlaText, SlaText | None]:
    spec = mapping(document, "spec")
    method = spec.get("budgetingMethod")
    if method != "Occurrences":
        raise _Refused(f"budgetingMethod {method!r}: Flowglass counts cases, which OpenSLO calls Occurrences")
    aim = {"share": _share(spec), "window_days": _window(spec)}
    process, name, definition = _subject(document, catalogue)
    was = next((one for one in process.slas if one.name == name), None)
    if was is None and definition is None:
        raise _Refused(
            f"the process {process.process} has no SLA {name!r}{nearest(name, [s.name for s in process.slas])}"
        )
    written = was.model_dump(by_alias=True) if was else {**definition} if definition else {}
    try:
        return process, SlaText.model_validate(written | {"name": name, "objective": aim}), was
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise _Refused(f"it makes no SLA of a definition: {place}: {first['msg']}") from error


def _subject(document: Document, catalogue: Catalogue) -> tuple[ProcessText, str, Mapping[str, Any] | None]:
    """The process, the name of the SLA, and the SLA's definition if the indicator holds one."""
    notes = mapping(mapping(document, "metadata"), "annotations")
    source = _source(document)
    process, sla = notes.get(PROCESS) or source.get("process"), notes.get(SLA) or source.get("sla")
    if not isinstance(process, str) or not isinstance(sla, str):
        raise _Refused(f"it does not say which SLA it is about: add the annotations {PROCESS} and {SLA}")
    try:
        loaded = catalogue.find(process)
    except KeyError as error:
        raise _Refused(str(error.args[0])) from error
    definition = source.get("definition")
    return loaded.process, sla, definition if isinstance(definition, dict) else None


def _source(document: Document) -> Mapping[str, Any]:
    """The free part of the total's metric source, if it is ours."""
    ratio = mapping(mapping(mapping(mapping(document, "spec"), "indicator"), "spec"), "ratioMetric")
    source = mapping(mapping(ratio, "total"), "metricSource")
    return mapping(source, "spec") if source.get("type") == SOURCE_TYPE else {}


def _share(spec: Mapping[str, Any]) -> float:
    aims = spec.get("objectives")
    if not isinstance(aims, list) or len(aims) != 1 or not isinstance(aims[0], dict):
        raise _Refused("an SLA has exactly one objective")
    given = {key: aims[0][key] for key in ("target", "targetPercent") if key in aims[0]}
    if len(given) != 1:
        raise _Refused("an objective has either target or targetPercent")
    ((key, value),) = given.items()
    try:
        share = Decimal(str(value)) / (100 if key == "targetPercent" else 1)
    except InvalidOperation:
        share = Decimal(0)
    if isinstance(value, bool) or not share.is_finite() or not 0 < share < 1:
        raise _Refused(f"{key} {value!r}: a share lies between 0 and 1, without both")
    return float(share)


def _window(spec: Mapping[str, Any]) -> int:
    windows = spec.get("timeWindow")
    if not isinstance(windows, list) or len(windows) != 1 or not isinstance(windows[0], dict):
        raise _Refused("an objective has exactly one timeWindow")
    if windows[0].get("isRolling") is not True or "calendar" in windows[0]:
        raise _Refused("only rolling windows are known; this one follows the calendar")
    duration = str(windows[0].get("duration"))
    match = re.fullmatch(r"([1-9][0-9]{0,5})([dw])", duration)
    if match is None:
        raise _Refused(f"the window {duration!r} is no whole number of days or weeks, such as 28d or 4w")
    return int(match[1]) * _DAYS[match[2]]


def _beside(document: Document, catalogue: Catalogue) -> Iterator[Left]:
    """What is left of a document that is no SLO: nothing of those that Flowglass writes itself."""
    kind, title = document.get("kind"), title_of(document)
    if kind == "AlertNotificationTarget":
        ours: Document | None = notification_target()
    else:
        known = {name_of(one): one for one in (service(each.process) for each in catalogue.loaded)}
        ours = known.get(name_of(document)) if kind == "Service" else None
    if ours is None or name_of(ours) != name_of(document):
        yield Left(title, "", "only SLOs become objectives; who is told of alerts stands in alerts.yaml")
        return
    for place in differences(document, ours):
        yield Left(title, place, "Flowglass has no place for it, or says otherwise")
