"""The typed rows of the command line's queries about data quality (`quality_*.sql`).

Times and durations are integer microseconds (times since 1970 UTC); shares are between 0 and 1.
"""

import msgspec


class ListedFinding(msgspec.Struct, frozen=True):
    """`quality_list`: one exception; the `said_*` lists belong together, `total` counts all that were found."""

    finding_id: str
    kind: str
    domain: str
    owner: str
    subject_type: str
    subject_id: str
    field: str
    target: str
    said_systems: list[str]
    said_objects: list[str]
    said_values: list[str]
    said_times: list[int]
    detail: str
    status: str
    opened_us: int
    healed_us: int | None
    episodes: int
    proof: str
    actor: str
    comment: str
    simulated: int
    total: int
    severity: str = ""
    title: str = ""
    events: list[str] = []


class FindingEntry(msgspec.Struct, frozen=True):
    """`quality_history`: one line of an exception's history."""

    at_us: int
    what: str
    actor: str
    owner: str
    comment: str
    noticed_us: int


class HopLatency(msgspec.Struct, frozen=True):
    """`quality_latency`: one hop, from a system of record to a target."""

    domain: str
    subject_type: str
    field_group: str
    system: str
    target: str
    simulated: int
    accepted_us: int
    changes: int
    pending: int
    missing: int
    late: int
    decided: int
    share_within: float | None
    median_us: int | None
    p90_us: int | None
