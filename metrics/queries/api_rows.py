"""The typed rows of the queries that only the HTTP interface asks (`api_*.sql`).

Times are microseconds since 1970 UTC; money and hours are decimal texts.
"""

import msgspec


class ApiCase(msgspec.Struct, frozen=True):
    """`api_cases`: A case; `sla` is the worst status of its clocks, `deadline` the next of those that still run."""

    process: str
    case_id: str
    status: str
    outcome: str
    state: str
    facility: str
    department: str
    owner: str
    amount: str
    currency: str
    sla: str
    first_us: int
    last_us: int
    events: int
    deadline_us: int | None
    simulated: int


class ApiLink(msgspec.Struct, frozen=True):
    """`api_object_cases`: A case to which an object belongs, through which neighbour, and the event that proves it."""

    process: str
    case_id: str
    via_type: str
    via_id: str
    event_id: str


class ApiDocument(msgspec.Struct, frozen=True):
    """`api_ledger_documents`: A document line of the ledger; `valued`: its amount follows from its order."""

    stage: str
    document_type: str
    document_id: str
    line: str
    time_us: int
    labour: int
    legal_entity: str
    facility: str
    department: str
    cost_center: str
    supplier: str
    category: str
    currency: str
    amount: str
    hours: str
    valued: int
    process: str
    case_id: str
    simulated: int


class ApiTotal(msgspec.Struct, frozen=True):
    """`api_ledger_totals`: The document lines of one stage, month and value of the dimension, in their own currency.

    `untold` of the documents have no amount.
    """

    stage: str
    month: str
    value: str
    currency: str
    documents: int
    untold: int
    amount: str
    hours: str
    simulated: int


class ApiPeriod(msgspec.Struct, frozen=True):
    """`api_sla_periods`: The clocks of one SLA decided in one period, by when they were decided."""

    facility: str
    start_us: int
    met: int
    breached: int
    median_us: float
    p90_us: float
