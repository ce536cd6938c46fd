"""The typed rows of the queries of expectations; times in microseconds since 1970 UTC."""

import msgspec


class CaseExpectation(msgspec.Struct, frozen=True):
    """`case_expectations`: `status` is awaited, seen, unseen, late or cancelled; no `due_us` while it stands still."""

    expectation: str
    status: str
    since_us: int
    due_us: int | None
    seen_us: int | None
    told_by: str
    owner: str


class UnseenMilestone(msgspec.Struct, frozen=True):
    """`alert_unseen`: an exception of a case; `phase` of its feed is '' when it said none."""

    process: str
    case_id: str
    expectation: str
    told_by: str
    owner: str
    state: str
    amount: str
    currency: str
    simulated: int
    phase: str
