"""The doctor's look at the store: reachable, migrated, settings, how far workers are, how fresh feeds are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from metrics.commands.finding import Finding, ok, warning, wrong
from metrics.commands.opened import Reader
from metrics.commands.rows import Checkpoint, Migration, StoreClock, TableEngine
from metrics.commands.wording import duration, moment
from metrics.queries.rows import Feed
from metrics.store.errors import StoreError
from metrics.store.migrate import Migration as File
from metrics.store.tables import TABLES
from metrics.texts.backlog import Backlog, age_of_oldest, catching_up
from metrics.words import MINUTE, SECOND

CLOCK_APART = 2 * SECOND
STALLED = MINUTE
SILENT = 30 * MINUTE
_DURABLE = ("fsync_after_insert = 1", "deduplication_window = ")


def check_store(reader: Reader, database: str, files: Sequence[File], wall: int) -> Iterator[Finding]:
    """Everything the store can tell; ends early when it cannot be asked. Raises nothing of the store's."""
    try:
        clock = reader.rows("cli_store_clock", StoreClock)[0]
        yield ok("store", f"ClickHouse {clock.version} answers")
        yield _clock(clock, wall)
        migrated = _migrations(reader.rows("cli_migrations", Migration), files)
        yield migrated
        yield _tables(reader.rows("cli_tables", TableEngine, database=database))
        if migrated.state == "ok":
            yield from _workers(reader.rows("cli_checkpoints", Checkpoint), wall)
            yield from _backlog(reader.rows("backlog", Backlog), wall)
            yield from _feeds(reader.rows("feeds", Feed), wall)
    except StoreError as error:
        yield wrong(
            "store", str(error), "See whether it runs and whether the URL is right; `flowglass migrate` sets it up."
        )


def _clock(clock: StoreClock, wall: int) -> Finding:
    apart = abs(clock.now_us - wall)
    if apart > CLOCK_APART:
        advice = "Set both clocks by NTP: deadlines are judged by the wall clock."
        return wrong("clock", f"{duration(apart)} apart from the store's", advice)
    return ok("clock", f"{moment(wall)}, the store agrees")


def _migrations(applied: Sequence[Migration], files: Sequence[File]) -> Finding:
    known = {one.number: one.checksum for one in applied}
    pending = [file.number for file in files if file.number not in known]
    changed = [file.number for file in files if known.get(file.number, file.checksum) != file.checksum]
    newer = sorted(set(known) - {file.number for file in files})
    if changed:
        return wrong(
            "migrations",
            f"{_numbers(changed)} differ from what was applied",
            "Install the release that the store was migrated with, or a newer one.",
        )
    if newer:
        return wrong("migrations", f"the store has {_numbers(newer)}, which this program lacks", "Update this program.")
    if pending:
        return wrong("migrations", f"{_numbers(pending)} are not applied", "Run `flowglass migrate`.")
    return ok("migrations", f"{len(files)} applied")


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"{number:04}" for number in numbers)


def _tables(found: Sequence[TableEngine]) -> Finding:
    engines = {table.name: table.definition for table in found}
    missing = sorted(set(TABLES) - engines.keys())
    if missing:
        return wrong("tables", f"missing: {', '.join(missing)}", "Run `flowglass migrate`.")
    frail = sorted(name for name in TABLES if not all(text in engines[name] for text in _DURABLE))
    if frail:
        advice = "They lose rows in a crash or double them on a retry: restore the settings of the migrations."
        return wrong("tables", f"without fsync or a deduplication window: {', '.join(frail)}", advice)
    return ok("tables", f"{len(TABLES)} tables, durable and deduplicating")


def _workers(checkpoints: Sequence[Checkpoint], wall: int) -> Iterator[Finding]:
    if not checkpoints:
        yield warning("workers", "none has ever stored anything", "Start `flowglass up`, or `flowglass worker`.")
    by_worker: dict[str, list[Checkpoint]] = defaultdict(list)
    for row in checkpoints:
        by_worker[row.worker].append(row)
    for worker, rows in by_worker.items():
        lag = sum(max(row.high_water - row.committed, 0) for row in rows)
        age = wall - max(row.flushed_us for row in rows)
        text = f"{lag:,} records behind on {len(rows)} partitions, last flush {duration(age)} ago"
        if lag and age > STALLED:
            yield wrong(f"worker {worker}", text, f"It has stalled: look into worker-{worker}.log, and start it again.")
        else:
            yield ok(f"worker {worker}", text)


def _backlog(rows: Sequence[Backlog], wall: int) -> Iterator[Finding]:
    if told := catching_up(rows, wall):
        yield warning("backlog", f"{told}. {age_of_oldest(rows, wall)}".strip(), "Pages show what was read until then.")


def _feeds(feeds: Sequence[Feed], wall: int) -> Iterator[Finding]:
    for feed in feeds:
        silent = wall - feed.last_seen_us
        text = f"{feed.phase}, newest event {moment(feed.watermark_us)}, last heard of {duration(silent)} ago"
        if feed.phase == "live" and silent > SILENT:
            yield warning(f"feed {feed.feed}", text, "It fell silent: see whether its source still sends.")
        else:
            yield ok(f"feed {feed.feed}", text)
