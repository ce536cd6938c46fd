"""OTLP's messages as this package parses them: wire-compatible with OTLP 1.x, with fewer objects.

The official classes build a Python object for each attribute (8-9 us a span with five of them). Here
whatever is looked up by its bytes, or may be broken on its own, is declared ``bytes``, which on the
wire equals an embedded message or a string: a span is parsed apart from its neighbours, so that a bad
one costs nothing but itself, and an attribute seen before is not parsed again. Texts are ``bytes``
too, since one invalid UTF-8 sequence would otherwise refuse the whole message.

Field numbers: opentelemetry-proto 1.x, trace/v1/trace.proto and common/v1/common.proto.
"""

from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

__all__ = [
    "AnyValue",
    "ArrayValue",
    "DecodeError",
    "KeyValue",
    "KeyValueList",
    "Resource",
    "ResourceSpans",
    "ScopeSpans",
    "Span",
    "SpanEvent",
    "SpanLink",
    "Status",
    "Traces",
]

_Field = descriptor_pb2.FieldDescriptorProto
_BYTES: Final = _Field.TYPE_BYTES
_FIXED64: Final = _Field.TYPE_FIXED64
_INT32: Final = _Field.TYPE_INT32

_FLAT: Final[dict[str, dict[str, tuple[int, int, bool]]]] = {  # message → field → (number, type, repeated)
    "Traces": {"resource_spans": (1, _BYTES, True)},
    "ResourceSpans": {"resource": (1, _BYTES, False), "scope_spans": (2, _BYTES, True)},
    "ScopeSpans": {"spans": (2, _BYTES, True)},
    "Resource": {"attributes": (1, _BYTES, True)},
    "Span": {
        "trace_id": (1, _BYTES, False),
        "span_id": (2, _BYTES, False),
        "parent_span_id": (4, _BYTES, False),
        "name": (5, _BYTES, False),
        "kind": (6, _INT32, False),
        "start": (7, _FIXED64, False),
        "end": (8, _FIXED64, False),
        "attributes": (9, _BYTES, True),
        "events": (11, _BYTES, True),
        "links": (13, _BYTES, True),
        "status": (15, _BYTES, False),
    },
    "SpanEvent": {"time": (1, _FIXED64, False), "name": (2, _BYTES, False), "attributes": (3, _BYTES, True)},
    "SpanLink": {"trace_id": (1, _BYTES, False)},
    "Status": {"message": (2, _BYTES, False), "code": (3, _INT32, False)},
    "KeyValue": {"key": (1, _BYTES, False), "value": (2, _BYTES, False)},
    "ArrayValue": {"values": (1, _BYTES, True)},
    "KeyValueList": {"values": (1, _BYTES, True)},
}
_ANY_VALUE: Final[dict[str, tuple[int, int]]] = {
    "string": (1, _BYTES),
    "bool": (2, _Field.TYPE_BOOL),
    "int": (3, _Field.TYPE_INT64),
    "double": (4, _Field.TYPE_DOUBLE),
    "array": (5, _BYTES),
    "kvlist": (6, _BYTES),
    "bytes": (7, _BYTES),
}


def _build() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="flowglass/otlp.proto", package="flowglass.otlp", syntax="proto3")
    for message_name, fields in _FLAT.items():
        message = file.message_type.add(name=message_name)
        for field_name, (number, kind, repeated) in fields.items():
            label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
            message.field.add(name=field_name, number=number, type=kind, label=label)
    value = file.message_type.add(name="AnyValue")
    value.oneof_decl.add(name="value")
    for field_name, (number, kind) in _ANY_VALUE.items():
        value.field.add(name=field_name, number=number, type=kind, label=_Field.LABEL_OPTIONAL, oneof_index=0)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return pool


def _message(name: str) -> Any:
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"flowglass.otlp.{name}"))


_POOL: Final = _build()
Traces: Final = _message("Traces")
ResourceSpans: Final = _message("ResourceSpans")
ScopeSpans: Final = _message("ScopeSpans")
Resource: Final = _message("Resource")
Span: Final = _message("Span")
SpanEvent: Final = _message("SpanEvent")
SpanLink: Final = _message("SpanLink")
Status: Final = _message("Status")
KeyValue: Final = _message("KeyValue")
AnyValue: Final = _message("AnyValue")
ArrayValue: Final = _message("ArrayValue")
KeyValueList: Final = _message("KeyValueList")
