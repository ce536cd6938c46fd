"""A store with as many events and cases as asked for: real rows of the simulated group, multiplied inside the store.

The group is played once by `flowglass up`, until its workers, ledger and judges have come to rest. Then each copy gives
every business object, case, event and trace another id and keeps the rest, so that joins between tables hold in every
copy. Where a case has fewer events than asked for on average, its events are repeated under ids of their own.
"""

import math
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.processes import Program, TimedOut, python
from benchmarks.stack import wait_for
from metrics.figures.rules import load_figure_rules
from metrics.health.judging import Judging
from metrics.health.measures import MEASURES, naming_of
from metrics.running import read_note
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate_url
from metrics.store.writer import ClickHouseWriter
from streams.engine.digest import digest
from streams.runtime.ports import HOST, free_port

PLAY_SECONDS: Final = 3600.0
REST_SECONDS: Final = 30.0
"""So long nothing may change any more: rounds of the ledger, of figures and of completeness come some seconds apart."""
NOTHING_PUBLISHED: Final = ", 0 figures"
STOP_SECONDS: Final = 120.0
"""A stack on a busy machine stores what it has read before it ends; who kills it leaves its store open."""
ANSWER_SECONDS: Final = 1800.0
LAPS: Final = ("events", "case_events")
"""The tables in which an event is repeated."""
MADE: Final = "filled"
REAL: Final = "benchmark_real"

# A case's row says how many events it has: with repeated ones, more.
COUNTED: Final = """
INSERT INTO cases
SELECT c.* REPLACE (toUInt32(k.held) AS events, c.version + 1 AS version)
FROM (SELECT * FROM cases FINAL) AS c
INNER JOIN (SELECT process, case_id, count() AS held FROM v_case_events GROUP BY process, case_id) AS k
        ON k.process = c.process AND k.case_id = c.case_id"""
# That writes every case twice. A store that has lived holds one merged part and, beside it, what came since.
MERGED: Final = "OPTIMIZE TABLE cases FINAL"
LIVED: Final = """
INSERT INTO cases
SELECT * REPLACE (version + 1 AS version) FROM cases FINAL
WHERE last_time > (SELECT max(last_time) FROM cases) - INTERVAL 1 DAY"""

# What a copy renames in each table. id, ids: objects and cases; event, events: ids of events; trace: ids of traces.
RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "events": {"event_id": "event", "subject": "id", "object_ids": "ids", "trace_id": "trace"},
    "case_events": {"case_id": "id", "event_id": "event", "trace_id": "trace"},
    "cases": {"case_id": "id", "deviation.event_id": "events"},
    "objects": {
        "object_id": "id", "parent.id": "ids", "parent.event_id": "events", "child.id": "ids",
        "child.event_id": "events", "link.case_id": "ids", "link.via_id": "ids", "link.event_id": "events",
    },
    "spans": {"trace_id": "trace"},
    "span_refs": {"object_id": "object", "trace_id": "trace"},
    "transitions": {"case_id": "id"},
    "expectation_transitions": {"case_id": "id"},
    "deviation_changes": {"case_id": "id", "event_id": "event", "cause": "event"},
    "late_events": {"case_id": "id", "event_id": "event"},
    "restatements": {"case_id": "id", "event_id": "event"},
    "quality_facts": {"subject_id": "id", "event_id": "event", "proof": "event"},
    "quality_findings": {"anchor": "id", "finding_id": "trace", "subject_id": "id", "proof": "event"},
    "quality_hops": {"subject_id": "id", "event_id": "event", "seen_event_id": "event"},
    "quality_transitions": {"finding_id": "trace"},
    "contract_breaches": {"event_id": "event"},
    "alert_cases": {"case_id": "id"},
    "ledger": {"document_id": "id", "case_ids": "ids", "named_ids": "ids", "event_id": "event"},
    "ledger_postings": {"document_id": "id", "event_id": "event", "named_ids": "ids", "aliases": "ids"},
    "figure_parts": {"id": "id", "event_id": "event"},
}  # fmt: skip


class Size(NamedTuple):
    """How much a store shall hold."""

    events: int
    cases: int


class Served(NamedTuple):
    """A program that listens: where, and its process."""

    url: str
    pid: int


class Held(NamedTuple):
    """How much it holds."""

    events: int
    cases: int
    spans: int


@contextmanager
def front(directory: Path) -> Iterator[Served]:
    """The embedded store on a data directory, brought up to date."""
    port = free_port()
    command = python("metrics.store.front", "--path", str(directory / "store"), "--port", str(port))
    with Program("store front", command, directory / "store.log") as program:
        url = f"http://{HOST}:{port}"
        wait_for(f"{url}/ping", program)
        migrate_url(url)
        yield Served(url, program.pid)


def fill(directory: Path, size: Size, days: int, real: Path | None, tell: Callable[[str], None]) -> None:
    """Make the store in `directory`, unless it is there. `real`: a stopped stack's directory, instead of playing."""
    if (directory / MADE).exists():
        tell(f"the store in {directory} is there: {(directory / MADE).read_text().strip()}")
        return
    if (directory / "store").exists():
        raise TimedOut(f"{directory} holds a store that was not filled to its end: remove it, or name another")
    directory.mkdir(parents=True, exist_ok=True)
    if real is None:
        play(directory, days, tell)
    else:
        shutil.copytree(real / "store", directory / "store", symlinks=True)
    with front(directory) as store:
        client = connect_url(store.url, answer_seconds=ANSWER_SECONDS)
        try:
            multiply(client, size, tell)
            began = time.monotonic()
            rows = digest(client, ClickHouseWriter(client), newest(client) + 1)
            tell(f"digests: {rows:,} rows in {time.monotonic() - began:.0f} s")
            judge(client, tell)
            held = held_by(client)
        finally:
            client.close()
    (directory / MADE).write_text(f"{held.events:,} events, {held.cases:,} cases, {held.spans:,} spans\n")


def play(directory: Path, days: int, tell: Callable[[str], None]) -> None:
    """Play the group in a stack of its own, until nothing changes any more."""
    command = python(
        "metrics.cli", "up", "--data-dir", str(directory), "--port", str(free_port()), "--days", str(days),
        "--no-gateway", "--no-folder",
    )  # fmt: skip
    until = time.monotonic() + PLAY_SECONDS
    with Program("flowglass up", command, directory / "up.log") as stack:
        client = _connected(directory, stack, until)
        try:
            before, since = "", time.monotonic()
            while time.monotonic() - since < REST_SECONDS:
                if not stack.running() or time.monotonic() > until:
                    raise TimedOut(f"the group was not played to its end; the log ends:\n{stack.last_lines()}")
                time.sleep(2.0)
                now = _standing(client)
                if now != before or not now.startswith("live") or now.endswith(NOTHING_PUBLISHED):
                    before, since = now, time.monotonic()
                    tell(f"playing: {now}")
        finally:
            client.close()
            stack.stop(STOP_SECONDS)


def _connected(directory: Path, stack: Program, until: float) -> StoreClient:
    while stack.running() and time.monotonic() < until:
        note = read_note(directory)
        if note is not None:
            wait_for(f"{note.store}/ping", stack)
            time.sleep(5.0)  # the schema
            return connect_url(note.store)
        time.sleep(0.5)
    raise TimedOut(f"the stack did not start; its log ends:\n{stack.last_lines()}")


def _standing(client: StoreClient) -> str:
    """The phase of the simulator, and what follows from its history: live events are few and do not count."""
    row = next(
        client.rows(
            "SELECT (SELECT max(phase) FROM v_feeds WHERE feed = 'simulator') AS phase,"
            " intDiv((SELECT count() FROM events), 1000) AS events,"
            " intDiv((SELECT count() FROM ledger), 1000) AS ledger,"
            " (SELECT count() FROM published_figures) AS figures, (SELECT count() FROM feed_standings) > 0 AS judged"
        )
    )
    return f"{row['phase']}, {row['events']},000 events, {row['ledger']},000 in the ledger, {row['figures']} figures"


def multiply(client: StoreClient, size: Size, tell: Callable[[str], None]) -> None:
    """Copies of all rows until the store holds as many cases, and events repeated until it holds as many events."""
    base = held_by(client)
    copies = max(math.ceil(size.cases / max(base.cases, 1)), 1)
    laps = max(size.events / max(base.events * copies, 1), 1.0)
    tell(f"real rows: {base}; {copies} copies, each event {laps:.2f} times")
    for table, renamed in RENAMED.items():
        began = time.monotonic()
        # What is copied is put aside first: a copy must not be copied again.
        client.command(f"DROP TABLE IF EXISTS {REAL}")
        client.command(f"CREATE TABLE {REAL} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM {table} FINAL")
        for copy in range(0 if table in LAPS else 1, copies):
            client.command(copying(table, renamed, copy, laps if table in LAPS else 1.0))
        rows = next(client.rows(f"SELECT count() AS rows FROM {table}"))["rows"]
        tell(f"{table}: {rows:,} rows in {time.monotonic() - began:.0f} s")
    client.command(f"DROP TABLE {REAL}")
    for statement in (COUNTED, MERGED, LIVED):
        client.command(statement)


def copying(table: str, renamed: Mapping[str, str], copy: int, laps: float) -> str:
    """The statement of one copy; copy 0 are the real rows, of which only the events are repeated."""
    changes = {column: _renaming(column, kind, copy) for column, kind in renamed.items()} if copy else {}
    if table not in LAPS:
        return f"INSERT INTO {table} SELECT * REPLACE ({_listed(changes)}) FROM {REAL}"
    whole, share = int(laps), round((laps - int(laps)) * 1000)
    lapped = f"range({int(copy == 0)}, toUInt32({whole} + (cityHash64(event_id) % 1000 < {share})))"
    changes["event_id"] = (
        f"concat(event_id, if(lap = 0, '', concat('~', toString(lap))), '{f'~{copy}' if copy else ''}')"
    )
    select = f"SELECT * EXCEPT (lap) REPLACE ({_listed(changes)})"
    return f"INSERT INTO {table} {select} FROM (SELECT *, arrayJoin({lapped}) AS lap FROM {REAL})"


def _listed(changes: Mapping[str, str]) -> str:
    return ", ".join(f"{text} AS `{column}`" for column, text in changes.items())


def _renaming(column: str, kind: str, copy: int) -> str:
    name = f"`{column}`"
    tag = f"'~{copy}'"
    trace = f"if({name} = '', '', lower(hex(sipHash128({name}, {copy}))))"
    return {
        "id": f"if({name} = '', '', concat({name}, {tag}))",
        "event": f"if({name} = '', '', concat({name}, {tag}))",
        "ids": f"arrayMap(x -> if(x = '', '', concat(x, {tag})), {name})",
        "events": f"arrayMap(x -> if(x = '', '', concat(x, {tag})), {name})",
        "trace": trace,
        "object": f"if(object_type = 'trace', {trace}, concat({name}, {tag}))",
    }[kind]


def newest(client: StoreClient) -> int:
    """The version of the newest digest that the play left: what is written now must be newer."""
    return int(next(client.rows("SELECT max(version) AS newest FROM event_days"))["newest"])


def judge(client: StoreClient, tell: Callable[[str], None]) -> None:
    """The health of every hour, as workers that have come to rest have judged it."""
    naming, rules = naming_of(None), load_figure_rules()
    for measure in MEASURES.values():
        judging = Judging(
            client, ClickHouseWriter(client), "benchmark", [measure], naming, rules, lambda: time.time_ns() // 1000
        )
        hours, began = 0, time.monotonic()
        while done := judging.round(time.time_ns()).hours:
            hours += done
            tell(f"health of {measure.name}: {hours:,} hours in {time.monotonic() - began:.0f} s")


def held_by(client: StoreClient) -> Held:
    """What the store holds."""
    row = next(
        client.rows(
            "SELECT (SELECT count() FROM events) AS events, (SELECT count() FROM cases FINAL) AS cases,"
            " (SELECT count() FROM spans) AS spans"
        )
    )
    return Held(row["events"], row["cases"], row["spans"])
