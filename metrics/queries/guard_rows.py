"""The typed rows of queries about guards. Times are integer microseconds since 1970 UTC."""

import msgspec


class CaseViolation(msgspec.Struct, frozen=True):
    """`case_guards`: one guard that one document of a case violates or violated; `events` counts its evidence."""

    finding_id: str
    guard: str
    title: str
    severity: str
    owner: str
    document_type: str
    document_id: str
    subject_type: str
    subject_id: str
    detail: str
    status: str
    opened_us: int
    healed_us: int | None
    events: int
