"""The typed rows of the queries of completeness (`metrics/queries/completeness_*.sql`); times in microseconds UTC."""

import msgspec


class HourPrint(msgspec.Struct, frozen=True):
    """`completeness_hours`: a fingerprint of an hour (since 1970 UTC): its rows of events, and the sum of times."""

    hour: int
    number: int
    total: int


class HourCount(msgspec.Struct, frozen=True):
    """`completeness_counts`: events of a feed, type and hour; `clock`: the feed whose clock they follow."""

    feed: str
    type: str
    simulated: int
    hour: int
    events: int
    clock: str


class HourGap(msgspec.Struct, frozen=True):
    """`completeness_gaps`: first and last event of a feed in an hour, and the longest gap between two."""

    feed: str
    simulated: int
    hour: int
    first_us: int
    last_us: int
    gap_begin_us: int
    gap_end_us: int


class Horizon(msgspec.Struct, frozen=True):
    """`completeness_horizon`: how far workers have read while something waits, and in a history; 0: not known."""

    until_us: int
    history_until_us: int


class Interval(msgspec.Struct, frozen=True):
    """`completeness_intervals`: an interval of a feed, as judged; `type` '': all events."""

    feed: str
    type: str
    span: str
    start_us: int
    simulated: int
    ends_us: int
    verdict: str
    reason: str
    events: int
    expected: float
    chance: float
    weeks: int

    @property
    def key(self) -> tuple[str, str, str, int, int]:
        return self.feed, self.type, self.span, self.start_us, self.simulated


class Standing(msgspec.Struct, frozen=True):
    """`completeness_standings`: how far a feed is complete. `silent_from_us`: without an event until then it is silent.

    `events` and `expected` are those of the 24 hours before `judged_until_us`.
    """

    feed: str
    simulated: int
    title: str
    owner: str
    phase: str
    state: str
    last_us: int
    silent_from_us: int | None
    silence: str
    complete_until_us: int | None
    judged_until_us: int
    events: int
    expected: float | None
    holes: int


class BatchRow(msgspec.Struct, frozen=True):
    """`completeness_batches`: a batch, as judged; counts are None where nobody said, money is JSON."""

    kind: str
    batch: str
    facility: str
    day: str
    reference: str
    simulated: int
    state: str
    owner: str
    title: str
    due_us: int | None
    came_us: int | None
    declared: int | None = None
    sent: int | None = None
    stored: int | None = None
    dead: int = 0
    duplicates: int = 0
    money_declared: str = "{}"
    money_sent: str = "{}"
    money_stored: str = "{}"
    detail: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.kind, self.batch, self.facility, self.day, self.reference


class BatchEvents(msgspec.Struct, frozen=True):
    """`completeness_batch_events`: what events say of one batch; a time is 0 where it did not happen.

    `feed`: the feed whose clock the newest of them follows.
    """

    subject: str
    interface: str
    facility: str
    simulated: int
    started_us: int
    failed_us: int
    completed_us: int
    unbalanced_us: int
    reconciled_us: int
    rows_started: str
    rows_completed: str
    rows_compared: str
    reason: str
    feed: str


class BroughtFile(msgspec.Struct, frozen=True):
    """`completeness_files`: a file of a watched folder."""

    system: str
    name: str
    content: str
    state: str
    reason: str
    business_date: str
    rows: int
    rows_declared: int | None
    rows_dead: int
    totals_declared: str
    events: int | None
    amounts: str
    events_stored: int | None
    amounts_stored: str
    check: str
    simulated: int
    seen_us: int
    sent_us: int | None


class MarkerCount(msgspec.Struct, frozen=True):
    """`completeness_markers`: what a feed said to have sent to a partition before its marker, and what is stored."""

    feed: str
    kind: str
    partition: int
    origin: str
    position: int
    declared: int
    ingested_us: int
    stored: int
    distinct_events: int
    dead: int
    simulated: int
