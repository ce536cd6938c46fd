"""Where an alert points in the dashboards: the list of the cases behind it. No case is named in a link."""

from urllib.parse import urlencode

from metrics.alerts.decide import Linker
from metrics.alerts.words import Alert

_PAGES = {
    "dead_letters": "/dead-letters",
    "source_paused": "/dead-letters",
    "contract": "/data-quality",
    "data_quality": "/data-quality",
    "file_exception": "/data-quality",
    "receiver_away": "/alerts",
    "source_silent": "/integrations",
    "source_short": "/integrations",
    "batch_exception": "/integrations",
}
_LISTS = {"breach": "breached", "at_risk": "at_risk", "stuck": "open"}


def linker(base: str) -> Linker:
    """Links below `base`; '' gives no links."""

    def link(alert: Alert) -> str:
        return f"{base}{page(alert)}" if base else ""

    return link


def page(alert: Alert) -> str:
    """The page with its query."""
    one = alert.identity
    if one.cause_kind == "guard":
        return f"/data-quality?{urlencode({'fault': 'guard', 'domain': one.process})}"
    if one.kind == "deviation":
        return f"/cases?{urlencode({'process': one.process, 'deviation': one.cause})}"
    if one.cause_kind == "objective":
        return f"/cases?{urlencode({'process': one.process, 'sla': one.cause, 'clock': 'breached'})}"
    if one.kind in _LISTS:
        words = {"process": one.process, "list": _LISTS[one.kind]}
        if one.cause_kind == "interface":
            words["interface"] = one.cause
        elif one.cause:
            words["state"] = one.cause
        return f"/cases?{urlencode(words)}"
    return _PAGES.get(one.kind, "/")
