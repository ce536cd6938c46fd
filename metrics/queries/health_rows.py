"""The typed rows of the queries `health_*`. Times and durations are microseconds; of nothing, NaN or 0."""

from collections.abc import Sequence

import msgspec


class Judged(msgspec.Struct, frozen=True):
    """`health_judged`: from which hour until before which one everything is judged by a measure."""

    measure: str
    since_us: int
    until_us: int


class CallFigures(msgspec.Struct, frozen=True):
    """`health_call_hours`, `health_stored_calls`: an operation in one hour, or in all stored hours of a window.

    `took`, `wait` and `lag` are parallel lists: a duration to 8 bits, and how often it was seen. Percentiles are exact;
    of several hours there are none.
    """

    hour_us: int
    interface: str
    operation: str
    system: str
    kind: str
    service: str
    simulated: int
    calls: int
    errors: int
    first_us: int
    last_us: int
    median_us: float | None
    p95_us: float | None
    p99_us: float | None
    took_us: Sequence[int]
    took_calls: Sequence[int]
    retries: int
    failed_messages: int
    recovered: int
    given_up: int
    unsettled: int
    fewest_attempts: int
    shortest_wait_us: int
    longest_wait_us: int
    wait_us: Sequence[int]
    wait_calls: Sequence[int]
    taken: int
    longest_lag_us: int
    lag_us: Sequence[int]
    lag_calls: Sequence[int]
    settles_us: int | None


class EventFigures(msgspec.Struct, frozen=True):
    """`health_event_hours`, `health_stored_events`: events of a source (`interface`) and type (`operation`)."""

    hour_us: int
    interface: str
    operation: str
    system: str
    simulated: int
    calls: int
    errors: int
    first_us: int | None
    last_us: int | None
    dead_letters: int
    contract_version: int


class HistoryHour(msgspec.Struct, frozen=True):
    """`health_history`: the calls of an interface in one hour, at the spans of one kind; `p95_us` to 8 bits."""

    hour_us: int
    kind: str
    calls: int
    errors: int
    retries: int
    p95_us: float


class Operation(msgspec.Struct, frozen=True):
    """An operation of an interface in a window; waits are those before its retries, 0 when there were none.

    `fewest_attempts`: how often the message that was given up the soonest had been tried; 0 when none was given up.
    Percentiles and the median wait are right to 0.4 %.
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
    system: str = ""


class QueueWait(msgspec.Struct, frozen=True):
    """The messages of an interface in a window and how long they waited to be taken; percentiles to 0.4 %."""

    interface: str
    messages: int
    waiting: int
    median_us: float
    p95_us: float
    longest_us: int


class ContractVersion(msgspec.Struct, frozen=True):
    """A version in which a source told a type of event in a window; `version` 0 when the type names none."""

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
