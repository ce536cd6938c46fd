"""UKG Pro WFM: the timecards of agency workers as a poll finds them, whole after each change, without an offset."""

from collections.abc import Iterator

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, verb_of, zulu

SYSTEM = "simulated_ukg_wfm"

_STATUS = {"submitted": "Submitted", "rejected": "Rejected", "approved": "Approved"}


def tell(event: Event, document: Document, _site: Site) -> Iterator[Native]:
    """The week's timecard; the assignment stands in its labour category."""
    person, _, ends = event.objects[0].id.partition("/")
    card = {
        "timecardId": f"TC-{person}-{ends}",
        "personNumber": person,
        "periodEnd": ends,
        "status": _STATUS[verb_of(event)],
        "lastModifiedDateTime": zulu(event.time).rstrip("Z"),
        "totalHours": document.attributes["hours"],
        "totalWages": document.amount.value if document.amount else None,
        "currency": document.amount.currency if document.amount else None,
        "approvedBy": event.actor or None,
        "laborCategory": document.one("assignment"),
        "location": document.attributes["facility"],
        "department": document.attributes["department"],
        "job": document.attributes["role"],
    }
    yield Native(SYSTEM, msgspec.json.encode({"timecards": [card]}), carried(event))


PRODUCT = Product(
    "ukg_wfm",
    "/ukg/prod",
    frozenset(f"timesheet.{verb}" for verb in _STATUS),
    tell,
    snapshots=frozenset({"timesheet"}),
)
