"""Whether the server lives, and whether it can answer."""

from collections import defaultdict
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from dashboards.api.forms import Seconds
from dashboards.api.operation import Desk, Nothing, Operation
from dashboards.api.problems import Refused
from metrics.commands.rows import Checkpoint, Migration
from metrics.store.migrate import load_migrations
from metrics.words import SECOND


class Health(msgspec.Struct, frozen=True):
    """The server answers."""

    status: Literal["ok"] = "ok"


class WorkerLag(msgspec.Struct, frozen=True):
    """How far one kind of worker is behind what it reads."""

    worker: str
    partitions: int
    records_behind: int
    since_flush_seconds: Seconds


class Readiness(msgspec.Struct, frozen=True):
    """The store answers and has this version's schema; `workers` says how far they are."""

    status: Literal["ready"]
    migrations: Annotated[int, Meta(description="How many are applied: all that there are.")]
    workers: list[WorkerLag]


def health(_desk: Desk, _asked: Nothing) -> Any:
    """Alive, whatever the store does."""
    return Health()


def ready(desk: Desk, _asked: Nothing) -> Any:
    """The store's state; raises Refused with 503 where questions can't be answered."""
    files = load_migrations()
    try:
        applied = {row.number: row.checksum for row in desk.whole.rows("cli_migrations", Migration)}
        checkpoints = desk.whole.rows("cli_checkpoints", Checkpoint) if applied else []
    except Exception as problem:  # whatever the client raises, it is not ready
        raise Refused(503, "The store can't be asked: see whether it runs, and `flowglass doctor`.") from problem
    if applied != {file.number: file.checksum for file in files}:
        raise Refused(503, "The store has not this version's schema: run `flowglass migrate`, or update this program.")
    return Readiness("ready", len(files), workers(checkpoints, desk.wall()))


def workers(checkpoints: list[Checkpoint], now: int) -> list[WorkerLag]:
    """Lag by kind of worker."""
    found: dict[str, list[Checkpoint]] = defaultdict(list)
    for row in checkpoints:
        found[row.worker].append(row)
    return [
        WorkerLag(
            worker,
            len(rows),
            sum(max(row.high_water - row.committed, 0) for row in rows),
            max(now - max(row.flushed_us for row in rows), 0) / SECOND,
        )
        for worker, rows in sorted(found.items())
    ]


OPERATIONS: Final = (
    Operation("/health", "health", "probes", "Whether the server lives; asks nothing of the store.", None, Nothing,
              Health, health),
    Operation("/ready", "ready", "probes", "Whether questions can be answered: the store, its schema, the workers.",
              None, Nothing, Readiness, ready),
)  # fmt: skip
