"""The typed rows of the command line's own queries (`metrics/queries/cli_*.sql`).

Times and durations are integer microseconds (times since 1970 UTC).
"""

import msgspec


class FeedClock(msgspec.Struct, frozen=True):
    """`cli_clock`: what one feed of a process runs on."""

    phase: str
    watermark_us: int


class SlaCounts(msgspec.Struct, frozen=True):
    """`cli_standing`: the clocks of one SLA; quantiles of net time are NaN when none was decided."""

    sla: str
    met: int
    missed: int
    overdue: int
    at_risk: int
    running: int
    paused: int
    median_us: float
    p90_us: float


class Checkpoint(msgspec.Struct, frozen=True):
    """`cli_checkpoints`: how far one worker has read one partition of the newest log."""

    worker: str
    topic: str
    partition: int
    incarnation: str
    committed: int
    high_water: int
    flushed_us: int


class Log(msgspec.Struct, frozen=True):
    """`cli_logs`: one log of the broker; `unread` are records of the one before that nobody had read."""

    incarnation: str
    previous: str
    seen_us: int
    unread: int
    detail: str


class BrokenContract(msgspec.Struct, frozen=True):
    """`cli_contract_breaches`: one way in which events of a source break the contract of a type."""

    domain: str
    source: str
    type: str
    code: str
    member: str
    events: int
    detail: str
    last_event: str
    first_us: int
    last_us: int


class Migration(msgspec.Struct, frozen=True):
    """`cli_migrations`: an applied migration."""

    number: int
    name: str
    checksum: str


class Disk(msgspec.Struct, frozen=True):
    """`cli_disks`: one disk of the store, in bytes."""

    name: str
    path: str
    free: int
    total: int


class TableEngine(msgspec.Struct, frozen=True):
    """`cli_tables`: a table with its engine and settings as the store states them."""

    name: str
    definition: str


class StoreClock(msgspec.Struct, frozen=True):
    """`cli_store_clock`: the store's version and time."""

    version: str
    now_us: int
