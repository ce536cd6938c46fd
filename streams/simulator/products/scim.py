"""The identity provider: security event tokens of SCIM, their claims as JSON, when accounts and memberships change."""

from collections.abc import Iterator
from typing import Any

import msgspec

from metrics.words import SECOND, Event
from streams.simulator.products.dialect import Document, Native, Product, Site, carried, verb_of

SYSTEM = "simulated_scim"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_EVENTS = {
    "user_account.created": "create:full",
    "user_account.changed": "put:full",
    "user_account.disabled": "deactivate",
    "access.granted": "patch:full",
    "access.revoked": "patch:full",
}
_MEMBERS = {"granted": "add", "revoked": "remove"}


def tell(event: Event, document: Document, _site: Site) -> Iterator[Native]:
    """One token about a user, or about the group that a user joins or leaves."""
    own, subject = event.objects[0], {"format": "scim"}
    payload: dict[str, Any] = {}
    if own.type == "user_account":
        subject |= {"uri": f"/Users/{own.id}", "externalId": document.one("worker")}
        if verb_of(event) != "disabled":  # of one who is locked out the token says no more
            payload = {"data": _user(event, document)}
    else:
        group, _, account = own.id.partition("/")
        member = {"value": account, "display": document.one("worker")}
        subject["uri"] = f"/Groups/{group}"
        payload = {"data": {"Operations": [{"op": _MEMBERS[verb_of(event)], "path": "members", "value": [member]}]}}
    content = {
        "iss": "https://identity.hospital-group.invalid",
        "jti": event.id,
        "iat": event.time // SECOND,
        "toe": event.time // SECOND,
        "sub_id": subject,
        "events": {f"urn:ietf:params:scim:event:prov:{_EVENTS[event.type.rpartition('.')[0]]}": payload},
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
