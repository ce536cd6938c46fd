"""The backlog as pages ask for it, of the newest log alone."""

import pytest

from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.texts.backlog import Backlog

pytestmark = pytest.mark.store
SECOND, ANCHOR = 1_000_000, 1_795_190_400_000_000


def checkpoint(
    client: StoreClient, partition: int, version: int, committed: int, read_to: int, left: int, log: str = "newest"
) -> None:
    client.command(
        "INSERT INTO checkpoints (worker, topic, partition, version, incarnation, committed, high_water, watermark, "
        "flushed_at, read_to, left_us) "
        f"SELECT 'spans', 'otlp_spans', {partition}, {version}, '{log}', {committed}, 1000, "
        f"fromUnixTimestamp64Micro(0), fromUnixTimestamp64Micro({ANCHOR}), fromUnixTimestamp64Micro({read_to}), {left}"
    )


def asked(client: StoreClient) -> list[Backlog]:
    return [row for row in Queries(client).rows("backlog", Backlog) if row.worker == "spans"]


def test_a_backlog_is_what_the_newest_log_holds_unread_and_goes_when_it_is_read(seeded: StoreClient) -> None:
    seeded.command("INSERT INTO incarnations (incarnation, seen_at) SELECT 'newest', toDateTime64('2099-01-01', 6)")
    checkpoint(seeded, 0, 1, 400, ANCHOR - 60 * SECOND, 9 * SECOND)
    checkpoint(seeded, 1, 1, 900, ANCHOR - 30 * SECOND, 8 * SECOND)
    checkpoint(seeded, 2, 1, 1000, ANCHOR - 90 * SECOND, 7 * SECOND)  # read to its end: its age counts no more
    checkpoint(seeded, 3, 1, 0, ANCHOR - 99 * SECOND, 99 * SECOND, log="an older one")
    assert asked(seeded) == [Backlog("spans", 700, ANCHOR - 60 * SECOND, 9 * SECOND, ANCHOR)]
    checkpoint(seeded, 0, 2, 1000, ANCHOR, 0)
    assert asked(seeded) == [Backlog("spans", 100, ANCHOR - 30 * SECOND, 8 * SECOND, ANCHOR)]
    checkpoint(seeded, 1, 2, 1000, ANCHOR, 0)
    assert asked(seeded) == []
