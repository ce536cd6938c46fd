"""The typed rows of the queries of alerting (`metrics/queries/alert_*.sql`); times in microseconds since 1970 UTC."""

import msgspec

from metrics.alerts.words import Severity


class OverdueClock(msgspec.Struct, frozen=True):
    """`alert_clocks`: a clock at risk or breached of an open case; `phase` of its feed is '' when it said none."""

    process: str
    case_id: str
    sla: str
    status: str
    state: str
    state_since_us: int
    owner: str
    amount: str
    currency: str
    simulated: int
    phase: str


class FailingCall(msgspec.Struct, frozen=True):
    """`alert_failing_calls`: an interface that failed an open case in the state in which it waits."""

    process: str
    case_id: str
    interface: str
    failed_us: int
    state: str
    state_since_us: int
    amount: str
    currency: str
    simulated: int
    phase: str


class Buried(msgspec.Struct, frozen=True):
    """`alert_dead_letters`: dead letters of one source; `reason` is the most frequent."""

    source: str
    letters: int
    reason: str
    simulated: int


class PausedSource(msgspec.Struct, frozen=True):
    """`alert_paused_sources`."""

    source: str
    cause: str
    detail: str
    changed_us: int


class BrokenContracts(msgspec.Struct, frozen=True):
    """`alert_contract_breaches`: events of one source that break contracts of one domain."""

    source: str
    domain: str
    events: int
    types: int
    simulated: int


class FaultyFiles(msgspec.Struct, frozen=True):
    """`alert_files`: files of one system that somebody has to look at."""

    system: str
    files: int
    reason: str
    simulated: int


class OpenFindings(msgspec.Struct, frozen=True):
    """`alert_quality`: exceptions of one domain that wait for one owner; `kind` is the most frequent."""

    domain: str
    owner: str
    findings: int
    kind: str
    simulated: int


class OpenViolations(msgspec.Struct, frozen=True):
    """`alert_guards`: violations of one guard that wait for one owner."""

    process: str
    guard: str
    owner: str
    title: str
    severity: Severity
    violations: int
    simulated: int


class StandingDeviation(msgspec.Struct, frozen=True):
    """`alert_deviations`: a rule that a case breaks; `phase` of its feed is '' when it said none."""

    process: str
    case_id: str
    kind: str
    rule: str
    milestone: str
    state: str
    owner: str
    amount: str
    currency: str
    simulated: int
    phase: str


class ToldBy(msgspec.Struct, frozen=True):
    """`alert_fed`: how many events of an activity came from a source, by a feed."""

    activity: str
    source: str
    feed: str
    events: int
    simulated: int


class Flushed(msgspec.Struct, frozen=True):
    """`alert_flushes`: a class of workers."""

    worker: str
    flushed_us: int
    unread: int


class Unsettled(msgspec.Struct, frozen=True):
    """`alert_unsettled`: what waits for one receiver."""

    receiver: str
    messages: int
    oldest_us: int
    error: str


class StoredAlert(msgspec.Struct, frozen=True):
    """`alert_open`: an alert; `amounts` is a JSON object."""

    alert_id: str
    revision: int
    kind: str
    process: str
    cause_kind: str
    cause: str
    owner: str
    severity: str
    simulated: int
    status: str
    muted: str
    since_us: int
    fired_us: int | None
    gone_us: int | None
    resolved_us: int | None
    count: int
    peak: int
    amounts: str
    detail: str


class Revision(msgspec.Struct, frozen=True):
    """`alert_revisions`: how often an alert has fired and been resolved."""

    alert_id: str
    revision: int


class StoredMember(msgspec.Struct, frozen=True):
    """`alert_members`: a case behind an alert."""

    alert_id: str
    process: str
    case_id: str
    stage: str
    sla: str
    amount: str
    currency: str
    joined_us: int
    left_us: int | None


class StoredSaid(msgspec.Struct, frozen=True):
    """`alert_said`: the last message of a group; `told` is a JSON object."""

    receiver: str
    group_key: str
    number: int
    told: str
    at_us: int


class QueuedMessage(msgspec.Struct, frozen=True):
    """`alert_queue`: a message that waits; `message` and `told` are JSON."""

    receiver: str
    group_key: str
    number: int
    message: str
    told: str
    attempts: int
    created_us: int


class StoredAction(msgspec.Struct, frozen=True):
    """`alert_actions`: a deed of a person."""

    alert_id: str
    at_us: int
    action: str
    actor: str
    text: str
    revision: int


class StoredSilence(msgspec.Struct, frozen=True):
    """`alert_silences`: `matchers` is a JSON object."""

    silence_id: str
    matchers: str
    starts_us: int
    ends_us: int
    actor: str
    comment: str


class Answer(msgspec.Struct, frozen=True):
    """`alert_answers`: the newest answer about an alert and a receiver."""

    alert_id: str
    receiver: str
    route: str
    code: str
    revision: int


class HistoryLine(msgspec.Struct, frozen=True):
    """`alert_history`: one thing that happened to an alert."""

    at_us: int
    what: str
    receiver: str
    route: str
    code: str
    detail: str
    revision: int


class Lease(msgspec.Struct, frozen=True):
    """`alert_lease`: who evaluates."""

    epoch: int
    holder: str
    released: int
    age_us: int
