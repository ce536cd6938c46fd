"""ServiceNow: rows of its tables by change capture: the case that HR opens for a new worker, and the worker's user."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from metrics.words import SECOND, Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, verb_of

SYSTEM = "simulated_servicenow"
_STATES = {"opened": "10", "closed": "3"}


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """The row of the case as it stands; with a new case, first that of the user whom it is about."""
    opened = verb_of(event) == "opened"
    worker, number = document.one("worker"), event.objects[0].id
    user, at = _sys_id(worker), _at(event.time)
    if opened:
        row = {"sys_id": user, "employee_number": worker, "sys_mod_count": "0", "sys_updated_on": at}
        yield _row("sys_user", "insert", row, event)
    case = {
        "sys_id": _sys_id(number),
        "number": number,
        "state": _STATES[verb_of(event)],
        "subject_person": user,
        "hr_service": "onboarding",
        "location": site.facility,
        "opened_at": _at(document.created),
        "closed_at": "" if opened else at,
        "sys_created_on": _at(document.created),
        "sys_updated_on": at,
        "sys_mod_count": "0" if opened else "7",
    }
    yield _row("sn_hr_le_case", "insert" if opened else "update", case, event)


def _row(table: str, action: str, row: dict[str, Any], event: Event) -> Native:
    stamp = str(event.time // 1000)
    headers = (("table_name", table), ("action", action), ("collection_timestamp_ms", stamp), *carried(event))
    return Native(SYSTEM, msgspec.json.encode(row), headers)


def _at(time: int) -> str:
    return datetime.fromtimestamp(time // SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _sys_id(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


PRODUCT = Product(
    "servicenow",
    "/servicenow/prod",
    frozenset(f"ticket.{verb}" for verb in _STATES),
    tell,
    snapshots=frozenset({"ticket"}),
)
