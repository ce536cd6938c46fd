"""The typed rows of the queries beside this file: one struct a query, fields in the order of its columns.

Times and durations are integer microseconds (times since 1970 UTC); shares are between 0 and 1.
"""

import msgspec


class Process(msgspec.Struct, frozen=True):
    """`processes`: one process and how much of it there is."""

    process: str
    cases: int
    open: int
    events: int
    oldest_us: int
    newest_us: int
    simulated: int
    feed: str


class Feed(msgspec.Struct, frozen=True):
    """`feeds`: one stream whose clock events follow; `phase` is backfill, live or end."""

    feed: str
    phase: str
    watermark_us: int
    last_seen_us: int
    simulated: int


class LostLog(msgspec.Struct, frozen=True):
    """`lost_logs`: a log that was replaced before all of it had been read."""

    incarnation: str
    previous: str
    seen_us: int
    unread: int
    detail: str


class DefinitionText(msgspec.Struct, frozen=True):
    """`definition_texts`: the newest version of one definition."""

    process: str
    version: int
    yaml: str


class CaseChoices(msgspec.Struct, frozen=True):
    """`case_choices`: values that the case filters offer."""

    facilities: list[str]
    departments: list[str]


class CaseCounts(msgspec.Struct, frozen=True):
    """`case_counts`: cases of one process now and in the last day. `of_*`: the place that they are of, '' for all."""

    cases: int
    open: int
    breached: int
    at_risk: int
    opened_today: int
    closed_today: int
    breached_today: int
    of_facility: str = ""
    of_department: str = ""


class AttainmentTotals(msgspec.Struct, frozen=True):
    """`attainment_totals`: clocks of an SLA met and breached in a window, in the one before, and in its own window."""

    sla: str
    met: int
    breached: int
    met_before: int
    breached_before: int
    own_met: int
    own_breached: int
    of_facility: str = ""
    of_department: str = ""


class FaultCounts(msgspec.Struct, frozen=True):
    """`fault_counts`: dead letters of the last day, of the day before, and all."""

    dead_today: int
    dead_before: int
    dead: int


class UnlinkedCount(msgspec.Struct, frozen=True):
    """`unlinked_count`: events that no case claims, of all events."""

    unlinked: int
    events: int


class StageLoad(msgspec.Struct, frozen=True):
    """`stage_load`: the open cases of one state."""

    stage: str
    in_flight: int
    breached: int
    at_risk: int
    median_wait_us: float
    of_facility: str = ""
    of_department: str = ""


class StageFlow(msgspec.Struct, frozen=True):
    """`stage_flow`: cases that entered and left one state."""

    stage: str
    entered: int
    left: int
    of_facility: str = ""
    of_department: str = ""


class StageInterface(msgspec.Struct, frozen=True):
    """`stage_interfaces`: the calls of one interface for cases that were in `stage`."""

    stage: str
    interface: str
    service: str
    calls: int
    errors: int
    p95_us: float
    cases: int
    of_facility: str = ""
    of_department: str = ""


class SoonClock(msgspec.Struct, frozen=True):
    """`clocks_soonest`: a clock with a deadline; `left_us` is negative once it has passed."""

    case_id: str
    sla: str
    status: str
    facility: str
    department: str
    owner: str
    state: str
    started_us: int
    deadline_us: int
    left_us: int
    net_us: int
    gross_us: int
    target_us: int


class DueClock(SoonClock, frozen=True):
    """`clocks_due`: one of `total` clocks with a deadline."""

    total: int


class Found(msgspec.Struct, frozen=True):
    """`find`: a case to which the id belongs, and what the id is (case, an object type, event, trace, span)."""

    kind: str
    found_id: str
    process: str
    case_id: str


class MapEdge(msgspec.Struct, frozen=True):
    """`map_edges`: `source` directly followed by `target`; '' is the start or the end of a case."""

    source: str
    target: str
    times: int
    cases: int
    median_us: float
    p90_us: float
    breached_cases: int


class MapVariant(msgspec.Struct, frozen=True):
    """`map_variants`: one order of activities; `variant` is its hash in decimal."""

    variant: str
    cases: int
    median_us: float
    p90_us: float
    breached_cases: int
    path: list[str]
    all_cases: int
    variants: int


class CaseHeader(msgspec.Struct, frozen=True):
    """`case_header`: one case as it stands; `attributes` is a JSON object."""

    process: str
    case_id: str
    status: str
    outcome: str
    state: str
    revision: int
    definition_version: int
    state_since_us: int
    first_us: int
    last_us: int
    events: int
    variant: str
    facility: str
    department: str
    owner: str
    amount: str
    currency: str
    attributes: str
    simulated: int


class CaseMilestone(msgspec.Struct, frozen=True):
    """`case_milestones`: a milestone of one case and how often it was reached."""

    milestone: str
    first_us: int
    last_us: int
    count: int


class CaseClock(msgspec.Struct, frozen=True):
    """`case_clocks`: an SLA clock; `pauses` is JSON [[from_us, to_us or null, reason], …]."""

    sla: str
    status: str
    started_us: int
    stopped_us: int | None
    at_risk_us: int | None
    deadline_us: int | None
    gross_us: int
    net_us: int
    target_us: int
    pauses: str


class CaseEvent(msgspec.Struct, frozen=True):
    """`case_events`: an event of one case; `objects` is text, `attributes` a JSON object."""

    event_id: str
    time_us: int
    activity: str
    source: str
    trace_id: str
    trace_source: str
    actor: str
    amount: str
    currency: str
    objects: str
    attributes: str


class CaseObject(msgspec.Struct, frozen=True):
    """`case_objects`: an object of one case, the neighbour it hangs on, and the event that named both."""

    object_type: str
    object_id: str
    via_type: str
    via_id: str
    event_id: str
    activity: str
    time_us: int


class CaseTrace(msgspec.Struct, frozen=True):
    """`case_traces`: a trace that touches a case, by which carriers, and its spans in sum."""

    trace_id: str
    carriers: list[str]
    proof: str
    activity: str
    start_us: int
    lasts_us: int
    spans: int
    errors: int
    services: list[str]
    interfaces: list[str]


class TraceSpan(msgspec.Struct, frozen=True):
    """`trace_spans`: one span; times in microseconds."""

    span_id: str
    parent_span_id: str
    service: str
    name: str
    kind: str
    interface: str
    start_us: int
    lasts_us: int
    status: str
    status_message: str


class CaseHistory(msgspec.Struct, frozen=True):
    """`case_history`: a late event, a restatement or a change of a clock's status."""

    kind: str
    noticed_us: int
    clock: str
    old_status: str
    new_status: str
    event_id: str
    about_us: int
    old_net_us: int
    new_net_us: int
    cause: str


class SlaAttainment(msgspec.Struct, frozen=True):
    """`sla_attainment`: the clocks of one SLA; quantiles are NaN when none was decided."""

    sla: str
    met: int
    breached: int
    met_recently: int
    breached_recently: int
    overdue: int
    at_risk: int
    running: int
    median_us: float
    p90_us: float
    target_us: int


class SlaWeek(msgspec.Struct, frozen=True):
    """`sla_weeks`: clocks decided in one week at one facility."""

    facility: str
    week_us: int
    met: int
    breached: int


class ListedCase(msgspec.Struct, frozen=True):
    """`case_list`: a case behind a number; `sla` is its worst clock status, `total` counts all pages."""

    process: str
    case_id: str
    status: str
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
    total: int


class Fault(msgspec.Struct, frozen=True):
    """`fault_list`: a dead letter, an unlinked or late event, or a restatement."""

    kind: str
    at_us: int
    subject: str
    detail: str
    source: str
    process: str
    case_id: str
