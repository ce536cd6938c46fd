"""JAGGAER: a supplier's registration whole after each change, and new orders, as its own XML; the network's cXML."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import zip_longest
from xml.sax.saxutils import escape, quoteattr

from metrics.words import Event, ObjectRef
from streams.simulator.products.ariba import NETWORK, network_document
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, local, verb_of

SYSTEM, SOURCE = "simulated_jaggaer", "/jaggaer/prod"

_MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<{kind} version="{version}"><Header><MessageId>{id}</MessageId><Timestamp>{at}</Timestamp>\
<Authentication><Identity>{facility}</Identity><SharedSecret>not-a-secret</SharedSecret></Authentication></Header>\
{content}</{kind}>"""
_SUPPLIER = """<SupplierRequestMessage>\
<Supplier isChanged="T" approvedForERPSync="{approved}" requiresERP="T"><ERPNumber>{number}</ERPNumber>\
<JASupplierId>{own}</JASupplierId><Name>{name}</Name><Active>{active}</Active>\
<TaxIdentificationNumber>{tax_id}</TaxIdentificationNumber>\
<RegistrationProfileStatus>{status}</RegistrationProfileStatus>\
<CustomElementList>{custom}</CustomElementList></Supplier></SupplierRequestMessage>"""
_CUSTOM = """<CustomElement type="freeText"><CustomElementIdentifier>{name}</CustomElementIdentifier>\
<CustomElementValueList><CustomElementValue><Value>{value}</Value></CustomElementValue></CustomElementValueList>\
</CustomElement>"""
_ORDER = """<PurchaseOrder><POHeader><PONumber>{number}</PONumber><RevisionNumber>0</RevisionNumber>\
<CreateDateTime>{at}</CreateDateTime>\
<Supplier><SupplierNumber>{supplier}</SupplierNumber><Name>{name}</Name></Supplier>{fields}</POHeader>{lines}\
</PurchaseOrder>"""
_LINE = """<POLine linenumber="{line}"><Quantity>1</Quantity>\
<LineCharges><UnitPrice><Money currency="{currency}">{price}</Money></UnitPrice></LineCharges>\
<RequisitionLineRef id={requisition}/>{fields}</POLine>"""
_FIELD = """<CustomFieldValueSet name="{name}"><CustomFieldValue><Value>{value}</Value></CustomFieldValue>\
</CustomFieldValueSet>"""

_REGISTRATION = {
    "requested": "Invited",
    "tax_verified": "In Progress",
    "risk_reviewed": "In Progress",
    "approved": "Approved",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
}
_REFUSED = ("rejected", "withdrawn")


def tell(event: Event, document: Document, site: Site) -> Iterator[Native]:
    """The supplier as it stands, the new order, or what went over the network about an order."""
    if event.type == "purchase_order.created.v1":
        yield _message("PurchaseOrderMessage", "3.0", event, site, _order(event, document, site))
    elif event.objects[0].type == "purchase_order":
        yield network_document(event, document, site, SYSTEM)
    else:
        yield _message("SupplierSyncMessage", "1.0", event, site, _supplier(event, document))


def _message(kind: str, version: str, event: Event, site: Site, content: str) -> Native:
    at = _at(event.time, site)
    body = _MESSAGE.format(kind=kind, version=version, id=event.id, at=at, facility=site.facility, content=content)
    return Native(SYSTEM, body.encode(), carried(event))


def _supplier(event: Event, document: Document) -> str:
    verb, number, said = verb_of(event), event.objects[0].id, document.attributes
    checked = {"tax_check": "passed"} if "tax_verified" in document.said else {}
    fields: dict[str, str] = {
        name: said[name] for name in ("facility", "department", "category", "risk", "reason") if name in said
    }
    return _SUPPLIER.format(
        approved="T" if "approved" in document.said else "F",
        number=number,
        own=_own_number(number),
        name=_name(number),
        active="No" if verb in _REFUSED else "Yes",
        tax_id=said["tax_id"],
        status=_REGISTRATION[verb],
        custom=_named(_CUSTOM, fields | checked),
    )


def _order(event: Event, document: Document, site: Site) -> str:
    """One line for each requisition and cost centre; the first has the whole amount."""
    supplier, amount = document.one("supplier"), event.amount
    lines = zip_longest(document.objects["requisition"], document.objects["cost_center"])
    return _ORDER.format(
        number=event.objects[0].id,
        at=_at(event.time, site),
        supplier=supplier,
        name=_name(supplier),
        fields=_named(_FIELD, {name: str(event.attributes[name]) for name in ("facility", "category")}),
        lines="".join(
            _LINE.format(
                line=line,
                currency=amount.currency if amount else "USD",
                price=amount.value if amount and line == 1 else "0.00",
                requisition=quoteattr(f"{requisition}-{line}" if requisition else ""),
                fields=_named(_FIELD, {"cost_center": center} if center else {}),
            )
            for line, (requisition, center) in enumerate(lines, start=1)
        ),
    )


def _named(form: str, values: Mapping[str, object]) -> str:
    """Fields that the group added to JAGGAER's own."""
    return "".join(form.format(name=name, value=escape(str(value))) for name, value in values.items())


def _at(time: int, site: Site) -> str:
    """ISO 8601 to the millisecond, with the offset of the facility."""
    second = local(time, site.zone)
    return f"{second[:19]}.000{second[19:]}"


def _name(number: str) -> str:
    """What a supplier is called; an ampersand in it is left as it was typed, which is not XML."""
    return f"Partner {number}" + (" & Sons" if number.endswith("7") else "")


def _own_number(number: str) -> int:
    """The number that JAGGAER gives a supplier itself."""
    return int.from_bytes(sha256(number.encode()).digest()[:5])


def _aliases(own: ObjectRef) -> tuple[str, ...]:
    return (f"jaggaer:{_own_number(own.id)}",) if own.type == "supplier" else ()


PRODUCT = Product(
    "jaggaer",
    SOURCE,
    frozenset(f"supplier.{verb}" for verb in _REGISTRATION) | NETWORK | {"purchase_order.created"},
    tell,
    snapshots=frozenset({"supplier"}),
    aliases=_aliases,
)
