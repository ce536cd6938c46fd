"""UKG Pro: a thin webhook when an employee's record changes, and the record when it is asked for."""

from collections.abc import Iterator

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, answer, carried, zulu

SYSTEM, SOURCE = "simulated_ukg_pro", "/ukg/prod"


def tell(event: Event, _document: Document, site: Site) -> Iterator[Native]:
    """The webhook, and the answer with the number by which others know the employee."""
    number = event.objects[0].id
    own = number.rpartition("-")[2]
    content = {
        "EventId": event.sequence,
        "EventType": "EmployeePersonNameChangeEvent",
        "EventTime": zulu(event.time),
        "Operation": "Update",
        "Tenant": "HOSP",
        "Payload": {"CoId": site.company, "EeId": own, "IntegrationRecordId": event.id},
    }
    told = Native(SYSTEM, msgspec.json.encode(content), carried(event))
    yield told
    details = {
        "companyId": site.company,
        "employeeId": own,
        "employeeNumber": number,
        "employeeStatus": "A",
        "jobCode": event.attributes["worker_class"],
        "orgLevel1": event.attributes["facility"],
        "orgLevel2": event.attributes["department"],
        "dateTimeChanged": zulu(event.time),
    }
    subject = f"worker/ukg:{site.company}/{own}"
    yield answer(event, told, SOURCE, "employee", str(event.sequence), details, rule="changed", subject=subject)


PRODUCT = Product("ukg", SOURCE, frozenset({"worker.changed"}), tell)
