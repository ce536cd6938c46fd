"""Which column of a table of spans is the trace id, the start, the service: by the names in use.

Known: Nezha's (TraceID, SpanID, ParentID, PodName, OperationName, StartTimeUnixNano, EndTimeUnixNano,
Duration) and the generic ones below. A name with a dot (``purchase_order.id``) is a span attribute.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from streams.intake.options import IntakeError

_NOISE: Final = re.compile(r"[^a-z0-9]+")
_UNITS: Final = {
    "unixnano": 1,
    "nanos": 1,
    "nano": 1,
    "ns": 1,
    "micros": 1_000,
    "us": 1_000,
    "millis": 1_000_000,
    "ms": 1_000_000,
    "seconds": 1_000_000_000,
    "s": 1_000_000_000,
    "": 0,
}
_TIMES: Final = {
    "start": ("start", "starttime", "starttimestamp", "timestamp", "begin"),
    "end": ("end", "endtime", "endtimestamp", "finish"),
    "duration": ("duration", "elapsed", "latency"),
}
_NAMES: Final = {
    "trace": ("traceid", "trace"),
    "span": ("spanid", "span", "id"),
    "parent": ("parentid", "parentspanid", "parent"),
    "pod": ("podname", "pod"),
    "service": ("service", "servicename"),
    "name": ("operationname", "operation", "name", "spanname"),
    "kind": ("kind", "spankind"),
    "status": ("status", "statuscode"),
    "message": ("statusmessage",),
}
_ROLES: Final = {name: (role, 0) for role, names in _NAMES.items() for name in names} | {
    base + suffix: (role, unit) for role, bases in _TIMES.items() for base in bases for suffix, unit in _UNITS.items()
}
_REQUIRED: Final = (("trace",), ("span",), ("start",), ("end", "duration"), ("service", "pod"), ("name",))


class SpanTable(msgspec.Struct, frozen=True):
    """Role → column, role → nanoseconds a unit (0: by the value's size), and the columns that are attributes."""

    at: dict[str, int]
    units: dict[str, int]
    attributes: tuple[tuple[int, str], ...]
    width: int


def span_table(names: Sequence[str]) -> SpanTable:
    """The columns by their names. Raises IntakeError, which lists them, for one unknown, doubled or missing."""
    at: dict[str, int] = {}
    units: dict[str, int] = {}
    attributes: list[tuple[int, str]] = []
    unknown: list[str] = []
    for place, name in enumerate(names):
        role, unit = _ROLES.get(_NOISE.sub("", name.lower()), ("", 0))
        if role and role not in at:
            at[role], units[role] = place, unit
        elif "." in name.strip("."):
            attributes.append((place, name))
        else:
            unknown.append(name)
    _check(names, at, units, unknown)
    return SpanTable(at, units, tuple(attributes), len(names))


def _check(names: Sequence[str], at: dict[str, int], units: dict[str, int], unknown: list[str]) -> None:
    listed = "The columns are: " + ", ".join(map(repr, names[:60])) + "."
    missing = [" or ".join(roles) for roles in _REQUIRED if not any(role in at for role in roles)]
    if missing:
        raise IntakeError(f"No column of the spans looks like: {', '.join(missing)}. {listed}")
    if unknown:
        raise IntakeError(
            f"Unknown columns of spans: {', '.join(map(repr, unknown[:60]))}. Rename them (a name with a dot is kept "
            f"as a span attribute) or take them out. {listed}"
        )
    if "end" not in at and not units["duration"]:
        raise IntakeError(f"The duration's unit is not known: name its column duration_ms or duration_ns. {listed}")
