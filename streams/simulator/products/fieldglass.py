"""SAP Fieldglass: what the buyer designed to be published: job postings, workers and work orders whole, as JSON."""

from collections.abc import Iterator
from typing import Any

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, verb_of, zulu

SYSTEM = "simulated_fieldglass"

_POSTING = {
    "created": "Submitted",
    "approved": "Approved",
    "rejected": "Rejected",
    "filled": "Filled",
    "cancelled": "Withdrawn",
}
_ORDER = {"started": "Activated", "ended": "Closed"}
_WORKER = {"onboarded": "Active"}


def tell(event: Event, document: Document, _site: Site) -> Iterator[Native]:
    """The module as it stands after the event."""
    module, content = _MODULES[event.objects[0].type]
    said = document.attributes
    published: dict[str, Any] = {
        **content(event, document),
        "site_code": said["facility"],
        "business_unit_code": said["department"],
        "job_title": said["role"],
        "changed_by": event.actor or None,
    }
    name = module.lower().replace(" ", "_")
    body = {"eventName": module, "base": module, name: published, "published_on": zulu(event.time)}
    yield Native(SYSTEM, msgspec.json.encode(body), carried(event))


def _posting(event: Event, document: Document) -> dict[str, Any]:
    return {
        "id": event.objects[0].id,
        "status": _POSTING[verb_of(event)],
        "submitted_on": zulu(document.created),
        "cost_center_code": document.one("cost_center"),
        "worker": {"worker_id": document.one("contingent")},
    }


def _worker(event: Event, document: Document) -> dict[str, Any]:
    return {
        "worker_id": event.objects[0].id,
        "status": _WORKER[verb_of(event)],
        "job_posting": {"id": document.one("staffing_request")},
    }


def _order(event: Event, document: Document) -> dict[str, Any]:
    return {
        "id": event.objects[0].id,
        "status": _ORDER[verb_of(event)],
        "revision": "0",
        "worker": {"worker_id": document.one("contingent")},
        "job_posting": {"id": document.one("staffing_request")},
    }


_MODULES = {
    "staffing_request": ("Job Posting", _posting),
    "contingent": ("Worker", _worker),
    "assignment": ("Work Order", _order),
}
PRODUCT = Product(
    "fieldglass",
    "/fieldglass/prod",
    frozenset(
        [f"staffing_request.{verb}" for verb in _POSTING]
        + [f"contingent.{verb}" for verb in _WORKER]
        + [f"assignment.{verb}" for verb in _ORDER]
    ),
    tell,
    snapshots=frozenset(_MODULES),
)
