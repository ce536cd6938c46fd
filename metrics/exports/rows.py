"""The typed rows of `metrics/queries/export_*.sql`. Times are integer microseconds since 1970 UTC."""

import msgspec


class TimeSlice(msgspec.Struct, frozen=True):
    """`export_slices`: a stretch of time [start, stop) and the events to export in it."""

    start_us: int
    stop_us: int
    events: int


class CaseSlice(msgspec.Struct, frozen=True):
    """`export_case_slices`: the cases from `first` to `last` by id, and the events to export of them."""

    first: str
    last: str
    events: int


class AttributeKind(msgspec.Struct, frozen=True):
    """`export_attributes`: an attribute of an activity ('' where it has none) and the JSON types its values have."""

    activity: str
    name: str
    kinds: list[str]


class ExportedEvent(msgspec.Struct, frozen=True):
    """`export_events` and `export_case_events` (there with `case_id`): an event as received."""

    event_id: str
    activity: str
    time_us: int
    started_us: int | None
    source: str
    attributes: str
    amount: str
    currency: str
    actor: str
    trace_id: str
    simulated: int
    object_types: list[str]
    object_ids: list[str]
    object_qualifiers: list[str]
    case_id: str


class ObjectKind(msgspec.Struct, frozen=True):
    """`export_object_types`: an object type among the events, its objects, and whether some are simulated."""

    object_type: str
    objects: int
    simulated: int


class SharedId(msgspec.Struct, frozen=True):
    """`export_shared_ids`: an id that objects of several types have."""

    object_id: str


class ExportedObject(msgspec.Struct, frozen=True):
    """`export_objects`: an object and those of the others that it belongs to."""

    object_type: str
    object_id: str
    parent_types: list[str]
    parent_ids: list[str]
    simulated: int
