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
    "position.assigned": "Assign Position",
}


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """One row about the worker."""
    kind = event.type.rpartition(".")[0]
    subject, at = event.objects[0], local(event.time, site.zone)
    worker = subject.id if subject.type == "worker" else document.one("worker")
    attributes = event.attributes
    row = {
        "Employee_ID": worker,
        "Event_WID": sha256(f"{worker}/{_PROCESSES[kind]}".encode()).hexdigest()[:32],
        "Business_Process": _PROCESSES[kind],
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
