"""The typed rows of the queries `delay_*`. Times and durations are integer microseconds."""

import msgspec


class DelayCase(msgspec.Struct, frozen=True):
    """`delay_cases`: a case with its clocks as parallel lists; a pause is as in `case_clocks`."""

    case_id: str
    definition_version: int
    status: str
    first_us: int
    last_us: int
    clocks: list[str]
    started_us: list[int]
    stopped_us: list[int | None]
    clock_statuses: list[str]
    gross_us: list[int]
    pauses: list[str]
    total: int


class DelayEvent(msgspec.Struct, frozen=True):
    """`delay_events`: an event of a case; `attributes` is a JSON object or ''."""

    case_id: str
    event_id: str
    time_us: int
    activity: str
    attributes: str


class DelaySpan(msgspec.Struct, frozen=True):
    """`delay_spans`: a span with the cases that its trace touches, and the traces that it links to."""

    trace_id: str
    span_id: str
    parent_span_id: str
    service: str
    name: str
    kind: str
    interface: str
    start_us: int
    stop_us: int
    failed: int
    attempt: int
    links: list[str]
    case_ids: list[str]


class DelayDefinition(msgspec.Struct, frozen=True):
    """`delay_definitions`: one version of a process's definition."""

    version: int
    yaml: str
