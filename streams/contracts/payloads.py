"""What travels beside the events themselves: feed markers, questions, and the cause that an answer brings back."""

from typing import Any, Final

import msgspec

from streams.codecs.envelope import MARKER_TYPE, VERSION
from streams.sources.message import Cause

Schema = dict[str, Any]

_NAME: Final[Schema] = {"type": "string", "minLength": 1}

MARKER_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": VERSION},
        "id": _NAME,
        "source": _NAME,
        "type": {"const": MARKER_TYPE},
        "data": {
            "type": "object",
            "required": ["feed", "kind", "count"],
            "properties": {
                "feed": {**_NAME, "description": "The stream that speaks."},
                "kind": {
                    "enum": ["backfill", "live", "end"],
                    "description": "History follows; history is through; nothing follows.",
                },
                "count": {"type": "integer", "minimum": 0, "description": "Records sent to this partition before it."},
            },
        },
    },
}

CAUSE_SCHEMA: Final[Schema] = {
    "type": "object",
    "description": "The thin event that asked.",
    "required": [field.encode_name for field in msgspec.structs.fields(Cause) if field.required],
    "properties": {
        field.encode_name: {"type": "boolean" if field.type is bool else "string"}
        for field in msgspec.structs.fields(Cause)
    },
}

QUESTION_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["system", "source", "request", "timeout_us", "cause"],
    "properties": {
        "system": {**_NAME, "description": "The mapping that reads the answer: the header fg-system of the answer."},
        "source": {**_NAME, "description": "The CloudEvents source of the system that is asked."},
        "request": {**_NAME, "description": "What to ask for: a path of the system's interface."},
        "timeout_us": {"type": "integer", "minimum": 0, "description": "After so many µs an answer may be of no use."},
        "cause": CAUSE_SCHEMA,
    },
}
