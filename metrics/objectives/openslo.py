"""Objectives as OpenSLO v1 documents: a service for each process, an SLO for each SLA.

Written after the text of the specification (github.com/OpenSLO/OpenSLO, README, v1). What OpenSLO has no word for,
the SLA itself, stands in the indicator's metric source, whose `spec` is free.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from metrics.definitions.registry import Catalogue, Loaded
from metrics.definitions.schema import ProcessText, SlaText
from metrics.objectives.tiers import PAGE, TICKET, Tier

API: Final = "openslo/v1"
PROCESS, SLA = "flowglass.process", "flowglass.sla"
"""Annotations that say which SLA of which process an SLO is about."""
SOURCE_TYPE: Final = "Flowglass"
TARGET_NAME: Final = "flowglass-alerts"
MOST_DESCRIBED: Final = 1050
"""Characters of a description that the specification allows."""

Document = dict[str, Any]
_TIERS: Final[Mapping[str, tuple[Tier, str]]] = {
    "burn": (PAGE, "Cases miss at twice the pace of the budget or more, and not by luck."),
    "budget": (TICKET, "Cases miss more often than the budget allows, and not by luck."),
}


def documents(catalogue: Catalogue, process: str = "") -> Iterator[Document]:
    """Every objective of the definitions in force, or of one process; nothing when there is none."""
    loaded = [catalogue.find(one.process) for one in catalogue.definitions if process in ("", one.process)]
    if any(one.process.slas for one in loaded):
        yield notification_target()
    for one in loaded:
        yield from _of_process(one)


def _of_process(loaded: Loaded) -> Iterator[Document]:
    process = loaded.process
    if not process.slas:
        return
    yield service(process)
    for sla in process.slas:
        yield slo(process, sla)


def notification_target() -> Document:
    """Who is told: alerts.yaml decides, which OpenSLO cannot hold."""
    about = "Flowglass routes alerts by its own file alerts.yaml."
    return _document("AlertNotificationTarget", {"name": TARGET_NAME}, {"target": "flowglass", "description": about})


def service(process: ProcessText) -> Document:
    """The service that a process is."""
    metadata = {
        "name": dashed(process.process),
        "displayName": process.title,
        "labels": {"owner": process.owner},
        "annotations": {PROCESS: process.process},
    }
    described = " ".join(process.description.split())[:MOST_DESCRIBED]
    return _document("Service", metadata, {"description": described} if described else {})


def slo(process: ProcessText, sla: SlaText) -> Document:
    """One SLA with its objective."""
    name = f"{dashed(process.process)}.{dashed(sla.name)}"
    title = sla.title or sla.name
    metadata = {
        "name": name,
        "displayName": title,
        "labels": {"owner": sla.owner},
        "annotations": {PROCESS: process.process, SLA: sla.name},
    }
    spec = {
        "description": f"From {sla.from_} to {sla.to} within {sla.target} ({sla.calendar}).",
        "service": dashed(process.process),
        "indicator": _indicator(name, process, sla),
        "timeWindow": [{"duration": f"{sla.objective.window_days}d", "isRolling": True}],
        "budgetingMethod": "Occurrences",
        "objectives": [{"displayName": title, "target": sla.objective.share}],
        "alertPolicies": [_policy(name, kind, sla.objective.window_days) for kind in _TIERS],
    }
    return _document("SLO", metadata, spec)


def dashed(name: str) -> str:
    """A name as the specification wants it: small letters, digits and dashes."""
    return name.replace("_", "-")


def written(found: Iterable[Document]) -> str:
    """The documents as one YAML text."""
    return str(yaml.safe_dump_all(found, sort_keys=False, allow_unicode=True, explicit_start=True, width=120))


def _indicator(name: str, process: ProcessText, sla: SlaText) -> Document:
    """Met clocks of decided ones. The SLA's own definition stands with the total."""
    definition = sla.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"objective"})
    place = {"process": process.process, "sla": sla.name}

    def source(outcome: str, **more: object) -> Document:
        return {"metricSource": {"type": SOURCE_TYPE, "spec": {**place, "outcome": outcome, **more}}}

    ratio = {"counter": False, "good": source("met"), "total": source("decided", definition=definition)}
    return {"metadata": {"name": name}, "spec": {"ratioMetric": ratio}}


def _policy(name: str, kind: str, window_days: int) -> Document:
    tier, about = _TIERS[kind]
    condition = {
        "kind": "burnrate",
        "op": "gte",
        "threshold": tier.pace,
        "lookbackWindow": f"{window_days}d",
        "alertAfter": "1m",
    }
    said = f"{about} Flowglass decides by the exact binomial tail over the last 4, 8, 16 ... decided cases."
    inner = {"description": said, "severity": tier.name, "condition": condition}
    return {
        "kind": "AlertPolicy",
        "metadata": {"name": f"{name}.{kind}"},
        "spec": {
            "description": about,
            "alertWhenNoData": False,
            "alertWhenResolved": True,
            "alertWhenBreaching": True,
            "conditions": [{"kind": "AlertCondition", "metadata": {"name": f"{name}.{kind}.condition"}, "spec": inner}],
            "notificationTargets": [{"targetRef": TARGET_NAME}],
        },
    }


def _document(kind: str, metadata: Document, spec: Document) -> Document:
    return {"apiVersion": API, "kind": kind, "metadata": metadata, "spec": spec}
