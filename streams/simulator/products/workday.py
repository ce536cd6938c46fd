"""Workday: rows of the group's own report, sent by an integration step behind the end of each business process."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, local

SYSTEM = "simulated_workday"

_PROCESSES = {
    "worker.hired": "Hire Employee",
    "worker.terminated": "Terminate Employee",
    "worker.rescinded": "Hire Employee",
    "worker.transferred": "Transfer Employee",
    "position.assigned": "Assign Position",
    "position.vacated": "Vacate Position",
}
_REPEATED = ("Transfer Employee", "Assign Position", "Vacate Position")
"""What may happen to a worker more than once; a hire that is rescinded keeps its number."""


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """One row about the worker."""
    kind = event.type.rpartition(".")[0]
    process = _PROCESSES[kind]
    subject, at = event.objects[0], local(event.time, site.zone)
    worker = subject.id if subject.type == "worker" else document.one("worker")
    attributes = event.attributes
    of = event.id if process in _REPEATED else worker
    row = {
        "Employee_ID": worker,
        "Event_WID": sha256(f"{of}/{process}".encode()).hexdigest()[:32],
        "Business_Process": process,
        "Event_Status": "Successfully Completed",
        "Effective_Date": at[:10],
        "Completed_Moment": at,
        "Rescinded": "1" if kind == "worker.rescinded" else "0",
        "Rescinded_Moment": at if kind == "worker.rescinded" else None,
        "Position_ID": subject.id if subject.type == "position" else document.one("position") or None,
        "Cost_Center_ID": attributes["cost_center"],
        "Supervisory_Org": attributes["department"],
        "Location_ID": attributes["facility"],
        "Worker_Type": attributes["worker_class"],
        "Initiated_By": event.actor or None,
    }
    yield Native(SYSTEM, msgspec.json.encode({"Report_Entry": [row]}), carried(event))


PRODUCT = Product("workday", "/workday/prod", frozenset(_PROCESSES), tell)
