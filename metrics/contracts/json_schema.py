"""Contracts as JSON Schema 2020-12: one schema for what all events share, one for each type that is laid upon it.

Only words are used that draft 7 has too (no `$ref` beside others, no `dependentRequired`), so that readers of AsyncAPI
which know no later draft understand them. References are relative: the files lie in one directory.
"""

import json
from typing import Final

from metrics.contracts.kinds import Schema
from metrics.contracts.model import THIN, Attribute, Contract, Contracts

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SHARED_FILE: Final = "event.schema.json"
ENDING: Final = ".schema.json"
SENSITIVITY, DOMAIN, VERSION = "x-sensitivity", "x-domain", "x-contracts-version"

_OFFSET: Final = r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
_DAY: Final = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_INSTANT: Final = rf"^(19|20|21)[0-9]{{2}}-{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,9}})?{_OFFSET}"
_EVENT_TYPE: Final = r"^[A-Za-z][A-Za-z0-9_]*([._/:-][A-Za-z0-9_]+)*$"
_OBJECT_TYPE: Final = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"
_TEXT: Final[Schema] = {"type": "string"}
_NAME: Final[Schema] = {"type": "string", "minLength": 1}


def schemas(contracts: Contracts) -> dict[str, Schema]:
    """File name -> schema, for the shared one and every type."""
    found = {SHARED_FILE: shared_schema(contracts)}
    found |= {file_name(name): type_schema(contract) for name, contract in contracts.events.items()}
    return found


def file_name(event_type: str) -> str:
    """The file of a type's schema."""
    return event_type + ENDING


def schema_text(schema: Schema) -> str:
    """A schema as the text that is published."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def bundled(contracts: Contracts, event_type: str) -> Schema:
    """A type's schema that needs no other file."""
    schema = type_schema(contracts.events[event_type])
    shared = {word: said for word, said in shared_schema(contracts).items() if word != "$schema"}
    return {**schema, "allOf": [{"$ref": "#/$defs/event"}], "$defs": {"event": shared}}


def shared_schema(contracts: Contracts) -> Schema:
    """What every canonical event is: CloudEvents 1.0 attributes with an OCEL 2.0 body. Other members may come."""
    return {
        "$schema": DIALECT,
        "title": "Canonical event",
        "description": "A CloudEvents 1.0 envelope in structured mode, as it is read on the topic flowglass.events.",
        VERSION: contracts.version,
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "data"],
        "properties": _envelope(contracts),
        "if": {"required": ["origin"]},
        "then": {"required": ["sequence"]},
    }


def _envelope(contracts: Contracts) -> Schema:
    instant = {"type": "string", "format": "date-time", "pattern": _INSTANT}
    said: dict[str, tuple[Schema, str]] = {
        "specversion": ({"const": "1.0"}, "The version of CloudEvents."),
        "id": (_NAME, "What stays the same when the same fact is sent again; unique within the source."),
        "source": (_NAME, "The system and its tenant: /coupa/prod."),
        "type": ({"type": "string", "pattern": _EVENT_TYPE, "maxLength": 255}, "The type with its major version."),
        "time": (instant, "When it happened, with an offset from UTC; 1900 to 2199."),
        "subject": (_TEXT, "What the event is about: <object type>/<id>."),
        "datacontenttype": (_TEXT, "The content type of data: application/json."),
        "recordedtime": (instant, "When the system wrote it down, if that is another time."),
        "effectivedate": (
            {"type": "string", "format": "date", "pattern": rf"^[0-9]{{4}}-{_DAY}$"},
            "The date from which it holds.",
        ),
        "startedtime": (instant, "When the step began, in a log that knows it."),
        "sequence": (
            {"type": ["string", "integer"], "pattern": "^[0-9]{1,19}$", "minimum": 0, "maximum": 2**63 - 1},
            "Orders events of the same time.",
        ),
        "precision": ({"enum": ["instant", "second", "minute", "day"]}, "How fine the time is; instant if left out."),
        "feed": (_TEXT, "The stream whose clock the event follows; the source if left out."),
        "origin": (_TEXT, "Where the row of a file was read; its sequence is then the position there."),
        "traceparent": (
            {"type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"},
            "The trace of the event's origin (W3C). A malformed one costs the trace, not the event.",
        ),
        "tracesource": (_TEXT, "What carried the trace; traceparent if left out."),
        "simulated": ({"enum": [True, False, "true", "false"]}, "Nothing of it is real."),
    }
    return {
        **{name: {"description": text, **schema} for name, (schema, text) in said.items()},
        "data": _data(contracts),
    }


def _data(contracts: Contracts) -> Schema:
    described = {name: attribute_schema(attribute) for name, attribute in contracts.attributes.items()}
    return {
        "description": "The objects that the event is about, and what it says of them.",
        "type": "object",
        "required": ["objects"],
        "properties": {
            "objects": {"type": "array", "minItems": 1, "items": _reference()},
            "attributes": {
                "description": "A name means the same in every event. Names that are not listed may come too.",
                "type": "object",
                "properties": described,
            },
            "amount": {
                "type": "object",
                "required": ["value", "currency"],
                "properties": {
                    "value": {"type": "string", "pattern": r"^-?[0-9]{1,19}(\.[0-9]{1,18})?$"},
                    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                },
            },
            "actor": {
                "description": "Who did it: a number or a login, never a name.",
                "type": "string",
                SENSITIVITY: "person",
            },
        },
    }


def _reference() -> Schema:
    return {
        "type": "object",
        "required": ["type", "id"],
        "properties": {
            "type": {"type": "string", "pattern": _OBJECT_TYPE, "maxLength": 255},
            "id": _NAME,
            "qualifier": {"description": "The role of the object in the event.", "type": "string"},
        },
    }


def attribute_schema(attribute: Attribute) -> Schema:
    """An attribute with its meaning."""
    schema: Schema = {"description": attribute.meaning} if attribute.meaning else {}
    if attribute.sensitivity != "none":
        schema[SENSITIVITY] = attribute.sensitivity
    return {**schema, **attribute.schema}


def type_schema(contract: Contract) -> Schema:
    """What one type promises beyond what all events are."""
    event = contract.event
    described = {one.name: attribute_schema(one) for one in contract.attributes}
    data = {"properties": {"objects": {"allOf": [_contains(event.object)]}, "attributes": {"properties": described}}}
    return {
        "$schema": DIALECT,
        "title": event.title,
        "description": _described(contract),
        DOMAIN: contract.domain,
        **({"deprecated": True} if contract.deprecated else {}),
        "allOf": [{"$ref": SHARED_FILE}],
        "properties": {
            "type": {"const": contract.name},
            "subject": {"pattern": f"^{event.object}/"},
            "data": data,
        },
        **_unless_thin(contract),
    }


def _unless_thin(contract: Contract) -> Schema:
    """What an event must name beside its subject, unless an answer is still to complete it."""
    needed = (("attributes", contract.required_attributes), ("amount", contract.amount_required))
    members = tuple(name for name, required in needed if required)
    if not members and not contract.required_objects:
        return {}
    name, thin = THIN
    said = {"required": [name], "properties": {name: {"const": thin}}}
    is_thin = {"properties": {"data": {"required": ["attributes"], "properties": {"attributes": said}}}}
    objects = [_contains(name) for name in contract.required_objects]
    properties = {
        "objects": {"allOf": objects} if objects else {},
        "attributes": _required(contract.required_attributes),
    }
    return {"if": is_thin, "else": {"properties": {"data": {**_required(members), "properties": properties}}}}


def _contains(object_type: str) -> Schema:
    return {"contains": {"properties": {"type": {"const": object_type}}, "required": ["type"]}}


def _required(names: tuple[str, ...]) -> Schema:
    return {"required": list(names)} if names else {}


def _described(contract: Contract) -> str:
    more = ", ".join(contract.optional_objects)
    return contract.event.meaning + (f" It names {more} when it knows them." if more else "")
