"""The typed rows of the queries about data quality. Times and durations are integer microseconds (times UTC)."""

import msgspec


class QualityTotal(msgspec.Struct, frozen=True):
    """`data_quality_totals`: exceptions of one kind, domain and owner; `open` includes the acknowledged ones."""

    kind: str
    domain: str
    owner: str
    open: int
    acknowledged: int
    today: int
    before: int
    healed_today: int
    everything: int
    oldest_us: int


class QualityLate(msgspec.Struct, frozen=True):
    """`data_quality_late`: events that came after later ones of their case."""

    today: int
    before: int
    kept: int


class QualityRow(msgspec.Struct, frozen=True):
    """`data_quality_list`: one exception; `id` is its kind of key and the key, `total` counts all pages."""

    id: str
    kind: str
    domain: str
    owner: str
    subject_type: str
    subject_id: str
    detail: str
    systems: list[str]
    status: str
    opened_us: int
    healed_us: int | None
    simulated: int
    total: int


class QualityChoices(msgspec.Struct, frozen=True):
    """`data_quality_choices`: values that the filters offer."""

    systems: list[str]
    owners: list[str]
    domains: list[str]


class QualityFile(msgspec.Struct, frozen=True):
    """`data_quality_files`: a file of a watched folder; totals and amounts are JSON objects of decimal texts."""

    system: str
    name: str
    content: str
    state: str
    reason: str
    faulty: int
    business_date: str
    rows: int
    rows_declared: int | None
    rows_mapped: int
    rows_dead: int
    totals: str
    totals_declared: str
    events: int | None
    amounts: str
    events_stored: int | None
    amounts_stored: str
    checked: str
    seen_us: int
    simulated: int
    total: int


class QualityBreach(msgspec.Struct, frozen=True):
    """`data_quality_breach`: a contract that a source breaks, by how many events, and the newest of them."""

    source: str
    type: str
    code: str
    member: str
    domain: str
    events: int
    detail: str
    first_us: int
    last_us: int
    last_event: str
    simulated: int


class ProofEvent(msgspec.Struct, frozen=True):
    """`data_quality_proof`: an event and its position in the source; objects are parallel lists."""

    event_id: str
    type: str
    time_us: int
    source: str
    origin: str
    position: int
    object_types: list[str]
    object_ids: list[str]


class TouchedCase(msgspec.Struct, frozen=True):
    """`data_quality_cases`: a case that an object belongs to; `sla` is its worst clock's status."""

    process: str
    case_id: str
    status: str
    state: str
    sla: str
    amount: str
    currency: str
    last_us: int
    total: int
