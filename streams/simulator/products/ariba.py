"""SAP Ariba's business network: cXML documents between the group and its suppliers."""

from collections.abc import Iterator

from metrics.words import Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, local, verb_of

SYSTEM = "simulated_ariba"
BUYER = "AN01000000001"

_CXML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">
<cXML payloadID="{payload}@network.invalid" timestamp="{at}" xml:lang="en-US"><Header>\
<From><Credential domain="privateid"><Identity>{sender}</Identity></Credential></From>\
<To><Credential domain="privateid"><Identity>{receiver}</Identity></Credential></To>\
<Sender><Credential domain="NetworkID"><Identity>{sender}</Identity><SharedSecret>not-a-secret</SharedSecret>\
</Credential><UserAgent>Network</UserAgent></Sender></Header>\
<Request deploymentMode="production">{request}</Request></cXML>"""
_ORDER = """<OrderRequest><OrderRequestHeader orderID="{order}" orderDate="{at}" type="{what}" orderVersion="1">\
</OrderRequestHeader></OrderRequest>"""
_CONFIRMATION = """<ConfirmationRequest><ConfirmationHeader confirmID="C{order}" operation="new" type="accept" \
noticeDate="{at}"/><OrderReference orderID="{order}"/></ConfirmationRequest>"""
_REQUESTS = {
    "issued": (_ORDER, "new"),
    "cancelled": (_ORDER, "delete"),
    "acknowledged": (_CONFIRMATION, ""),
}


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """The document that went over the network."""
    yield network_document(event, document, site, SYSTEM)


def network_document(event: Event, document: Document, site: Site, system: str) -> Native:
    """An order to the supplier, or the supplier's confirmation, as the mapping of `system` reads it."""
    _, _, order = event.subject.partition("/")
    form, what = _REQUESTS[verb_of(event)]
    at = local(event.time, site.zone)
    supplier = document.one("supplier") or str(document.attributes["supplier"])
    sender, receiver = (supplier, BUYER) if form is _CONFIRMATION else (BUYER, supplier)
    request = form.format(order=order, at=at, what=what)
    body = _CXML.format(payload=event.id, at=at, sender=sender, receiver=receiver, request=request)
    return Native(system, body.encode(), carried(event))


NETWORK = frozenset(f"purchase_order.{verb}" for verb in _REQUESTS)
"""What goes over a network of suppliers."""
PRODUCT = Product("ariba", "/ariba/prod", NETWORK, tell)
