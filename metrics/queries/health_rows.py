"""The typed rows of the queries `health_*`. Times and durations are microseconds; of nothing, NaN or 0."""

import msgspec


class Operation(msgspec.Struct, frozen=True):
    """`health_operations`: an operation of an interface; waits are those before its retries, 0 when there were none.

    `fewest_attempts`: how often the message that was given up the soonest had been tried; 0 when none was given up.
    """

    interface: str
    operation: str
    kind: str
    service: str
    calls: int
    errors: int
    median_us: float
    p95_us: float
    p99_us: float
    retries: int
    failed_messages: int
    recovered: int
    given_up: int
    fewest_attempts: int
    shortest_wait_us: int
    median_wait_us: int
    longest_wait_us: int


class QueueWait(msgspec.Struct, frozen=True):
    """`health_queues`: the messages of an interface and how long they waited to be taken."""

    interface: str
    messages: int
    waiting: int
    median_us: int
    p95_us: int
    longest_us: int


class ContractVersion(msgspec.Struct, frozen=True):
    """`health_contracts`: a version in which a source told a type of event; `version` 0 when the type names none."""

    source: str
    stem: str
    version: int
    events: int
    first_us: int
    last_us: int


class ApprovalStep(msgspec.Struct, frozen=True):
    """`health_approvals`: approval steps of one kind and approver."""

    step: str
    approver: str
    asked: int
    decided: int
    refused: int
    median_us: int
    p90_us: int


class SupplierClock(msgspec.Struct, frozen=True):
    """`health_suppliers`: the clocks of one SLA that ran while a supplier was waited for; `open`: overdue still."""

    supplier: str
    process: str
    sla: str
    clocks: int
    met: int
    breached: int
    median_us: int
    p90_us: int
    open: int


class Completion(msgspec.Struct, frozen=True):
    """`health_completion`: cases of a process that began in the window; outcomes and counts are parallel lists."""

    process: str
    begun: int
    ended: int
    outcomes: list[str]
    counts: list[int]
