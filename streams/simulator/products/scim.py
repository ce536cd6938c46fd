"""The identity provider: security event tokens of SCIM, their claims as JSON, when accounts and memberships change."""

from collections.abc import Iterator
from typing import Any

import msgspec

from metrics.words import SECOND, Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried

SYSTEM = "simulated_scim"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_EVENTS = {"user_account.created": "create", "access.granted": "patch"}


def tell(event: Event, document: Document, _site: Site) -> Iterator[Native]:
    """One token about a user, or about the group that a user joins."""
    verb = _EVENTS[event.type.rpartition(".")[0]]
    if verb == "create":
        uri, data = f"/Users/{event.objects[0].id}", _user(event, document)
    else:
        group, _, account = event.objects[0].id.partition("/")
        member = {"value": account, "display": document.one("worker")}
        uri, data = f"/Groups/{group}", {"Operations": [{"op": "add", "path": "members", "value": [member]}]}
    content = {
        "iss": "https://identity.hospital-group.invalid",
        "jti": event.id,
        "iat": event.time // SECOND,
        "toe": event.time // SECOND,
        "sub_id": {"format": "scim", "uri": uri},
        "events": {f"urn:ietf:params:scim:event:prov:{verb}:full": {"data": data}},
    }
    yield Native(SYSTEM, msgspec.json.encode(content), carried(event))


def _user(event: Event, document: Document) -> dict[str, Any]:
    number = document.one("worker")
    more = {
        "employeeNumber": number,
        "costCenter": event.attributes["cost_center"],
        "department": event.attributes["department"],
        "organization": event.attributes["facility"],
    }
    return {"userName": number.lower(), "active": True, _ENTERPRISE: more}


PRODUCT = Product("scim", "/identity/prod", frozenset(_EVENTS), tell)
