"""What no product has words for: plain CloudEvents that the group's own extensions of its systems send."""

from collections.abc import Iterator

import msgspec

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, zulu

_SYSTEMS = {"/sap-s4/prod": "own_s4hana", "/oracle/fusion/erp/prod": "own_fusion_erp", "/oracle/ebs/prod": "own_ebs"}


def tell(event: Event, _document: Document, site: Site) -> Iterator[Native]:
    """One structured CloudEvent; the objects stand in its data by their types."""
    source = site.senders.get(event.type.partition(".")[0], event.source)
    own = event.objects[0]
    named: dict[str, list[str]] = {}
    for ref in event.objects[1:]:
        if ref.type != own.type:
            named.setdefault(ref.type, []).append(ref.id)
    data: dict[str, object] = {**event.attributes, **named}
    if event.amount is not None:
        data["amount"] = {"value": event.amount.value, "currency": event.amount.currency}
    if event.actor:
        data["actor"] = event.actor
    content = {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": f"org.hospital-group.{event.type}",
        "subject": f"{own.type}/{own.id}",
        "time": zulu(event.time),
        "data": data,
    }
    if event.effective_date:
        content["effectivedate"] = event.effective_date
    headers = (("content-type", "application/cloudevents+json"), *carried(event))
    system = _SYSTEMS.get(source) or f"own_{source.split('/')[1]}"
    yield Native(system, msgspec.json.encode(content), headers)


PRODUCT = Product("own_events", "", frozenset(), tell, grain=1)
