"""The typed rows of the queries about interfaces. Times and durations are microseconds (times UTC)."""

import msgspec


class InterfaceFlow(msgspec.Struct, frozen=True):
    """`interface_flow`: an interface in the window and in the one before; quantiles are NaN without calls."""

    interface: str
    kind: str
    service: str
    calls: int
    errors: int
    retries: int
    median_us: float
    p95_us: float
    calls_before: int
    errors_before: int
    p95_before_us: float
    last_us: int
    traces: int


class InterfaceEnd(msgspec.Struct, frozen=True):
    """`interface_ends`: `service` calls `called` ('' where nobody says) through an interface; `calls` of a sample."""

    interface: str
    kind: str
    service: str
    called: str
    calls: int


class InterfaceSeen(msgspec.Struct, frozen=True):
    """`interface_seen`: the last call of an interface, who mostly calls it, and its longest pause between calls."""

    interface: str
    service: str
    last_us: int
    pause_us: int = 0


class InterfaceImpact(msgspec.Struct, frozen=True):
    """`interface_impact`: cases of a process behind an interface; currencies and amounts are parallel lists."""

    interface: str
    process: str
    cases: int
    open: int
    breached: int
    at_risk: int
    clocks: int
    currencies: list[str]
    amounts: list[str]


class InterfaceHour(msgspec.Struct, frozen=True):
    """`interface_hours`: the calls of one step of time."""

    at_us: int
    calls: int
    errors: int
    p95_us: float


class InterfaceFailure(msgspec.Struct, frozen=True):
    """`interface_failures`: a failed call and the case it touched ('' for none)."""

    trace_id: str
    span_id: str
    service: str
    name: str
    status_message: str
    start_us: int
    lasts_us: int
    process: str
    case_id: str
    status: str
    amount: str
    currency: str


class InterfaceClock(msgspec.Struct, frozen=True):
    """`interface_clocks`: the clocks of one SLA among the cases behind an interface."""

    process: str
    sla: str
    breached: int
    at_risk: int
    running: int
    met: int


class InterfaceSource(msgspec.Struct, frozen=True):
    """`interface_sources`: the events of one system that went into one process."""

    system: str
    process: str
    events: int
    cases: int
    last_us: int


class InterfaceSystem(msgspec.Struct, frozen=True):
    """`interface_systems`: what is wrong with what one system sends and shows; `sources` of its dead letters."""

    system: str
    sources: list[str]
    dead: int
    breaches: int
    missed: int
    followed: int


class HeldCase(msgspec.Struct, frozen=True):
    """`held_cases`: an open case and the interface that holds it up; `sla` is breached, at_risk or ''."""

    case_id: str
    interface: str
    failed_us: int
    owner: str
    sla: str
    state_since_us: int
    of_facility: str = ""
    of_department: str = ""
