"""What pages with many events behind them are read from: the paths of cases, and the counts of days.

One worker keeps both, the one that settles the ledger, in rounds beside its flushes. Each row says of which facts it is
true, and readers use it only while that holds; what no row covers they read from the facts. A round writes down what is
not covered yet, so no order of arrival, no crash and no lost round can leave anything wrong.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from streams.engine.ports import ArrowReader, StoreWriter
from streams.engine.rounds import in_rounds

LOOK_SECONDS: Final = 1.0
SHORTEST_SECONDS: Final = 10.0
CASES_A_BLOCK: Final = 10_000
DAYS_A_BLOCK: Final = 31
LONG: Final[Mapping[str, Any]] = {"max_execution_time": 3600}

_UNWRITTEN: Final = """
FROM v_case_versions
WHERE (process, case_id) > (%(process)s, %(case_id)s)
  AND (process, case_id, version) NOT IN (SELECT process, case_id, version FROM v_case_paths)"""
NEXT_CASES: Final = f"""
SELECT toString(process) AS process, case_id {_UNWRITTEN}
ORDER BY process, case_id LIMIT 1 OFFSET %(offset)s"""
# A case whose row and events do not agree in number is between two writes of one flush: the next round finds it again.
PATHS: Final = f"""
WITH unwritten AS (
    SELECT toString(process) AS process, case_id, version, events {_UNWRITTEN}
      AND (%(last_process)s = '' OR (process, case_id) <= (%(last_process)s, %(last_case)s)))
SELECT c.process AS process, c.case_id AS case_id, c.version AS version, e.steps.5 AS activities,
       arrayMap((a, b) -> concat(toString(length(a)), ':', a, b), arrayPushFront(activities, ''),
                arrayPushBack(activities, '')) AS `step.name`,
       arrayPushBack(arrayDifference(arrayMap(x -> toUnixTimestamp64Micro(x.1), e.steps)), 0) AS `step.gap_us`,
       arrayMap(n -> toUInt8(n = 1), arrayEnumerateUniq(`step.name`)) AS `step.first`
FROM (
    SELECT toString(process) AS process, case_id,
           arraySort(groupArray((time, rank, sequence, event_id, toString(activity)))) AS steps
    FROM v_case_events
    WHERE (process, case_id) IN (SELECT process, case_id FROM unwritten)
    GROUP BY process, case_id
) AS e
INNER JOIN unwritten AS c ON c.process = e.process AND c.case_id = e.case_id
WHERE length(e.steps) = c.events"""
MOST_A_DAY: Final = 100_000
"""Of a day with more unlinked events only their number is written down: its list is read from the facts."""
MOST_A_BLOCK: Final = 200_000
STALE_DAYS: Final = f"""
SELECT day, event_stamp, case_stamp FROM v_day_standings
WHERE NOT counted OR (NOT listed AND unlinked <= {MOST_A_DAY})
ORDER BY day"""
DAYS: Final = """
WITH fromUnixTimestamp64Micro(%(since)s, 'UTC') AS since, fromUnixTimestamp64Micro(%(until)s, 'UTC') AS until
SELECT day, count() AS events, countIf(event_id NOT IN (
           SELECT event_id FROM v_case_event_records
           WHERE time >= since AND time < until AND has(%(days)s, toInt32(toDate32(time)))
           GROUP BY process, case_id, event_id HAVING argMax(withdrawn, version) = 0)) AS unlinked
FROM (
    SELECT DISTINCT event_id, toInt32(toDate32(time)) AS day FROM v_event_times
    WHERE time >= since AND time < until AND has(%(days)s, day)
)
GROUP BY day
SETTINGS max_bytes_before_external_group_by = 268435456"""
# An event that was looked up for its day is looked up again only when another record of it came.
UNLINKED: Final = """
WITH fromUnixTimestamp64Micro(%(since)s, 'UTC') AS since, fromUnixTimestamp64Micro(%(until)s, 'UTC') AS until,
loose AS (
    SELECT toInt32(toDate32(time)) AS day, event_id, toUInt32(count()) AS records FROM v_event_times
    WHERE time >= since AND time < until AND has(%(days)s, day) AND event_id NOT IN (
              SELECT event_id FROM v_case_event_records
              WHERE time >= since AND time < until AND has(%(days)s, toInt32(toDate32(time)))
              GROUP BY process, case_id, event_id HAVING argMax(withdrawn, version) = 0)
    GROUP BY day, event_id),
missing AS (
    SELECT day, event_id, records FROM loose WHERE (day, event_id, records) NOT IN (
        SELECT day, event_id, records FROM v_unlinked_records WHERE has(%(days)s, day)))
SELECT day, event_id, transform(day, %(days)s, %(event_stamps)s, toUInt64(0)) AS event_stamp,
       transform(day, %(days)s, %(case_stamps)s, toUInt64(0)) AS case_stamp, records, origin, position,
       time, activity, source, object_types, object_ids, simulated
FROM (
    SELECT day, event_id, records, origin, position, time, toString(activity) AS activity, toString(source) AS source,
           object_types, object_ids, simulated
    FROM v_unlinked_records
    WHERE has(%(days)s, day) AND (day, event_id, records) IN (SELECT day, event_id, records FROM loose)
    UNION ALL
    SELECT m.day AS day, m.event_id AS event_id, m.records AS records, e.origin AS origin, e.position AS position,
           e.time AS time, toString(e.activity) AS activity, toString(e.source) AS source,
           e.object_types AS object_types, e.object_ids AS object_ids, e.simulated AS simulated
    FROM (
        SELECT event_id, origin, position, time, activity, source, object_types, object_ids, simulated
        FROM v_events WHERE event_id IN (SELECT event_id FROM missing)
    ) AS e INNER JOIN missing AS m ON m.event_id = e.event_id
)
SETTINGS max_bytes_before_external_group_by = 268435456"""
DAY_US: Final = 86_400_000_000


class Digester:
    """Rounds after flushes. `version` gives None while it is another's turn."""

    def __init__(self, reader: ArrowReader, writer: StoreWriter, version: Callable[[], int | None]) -> None:
        self._reader = reader
        self._writer = writer
        self._version = version

    async def run(self, flushed: Callable[[], int]) -> None:
        """Write down what is new after flushes, until cancelled."""
        seen = -1

        def digest_what_is_new(version: int) -> None:
            nonlocal seen
            now = flushed()
            digest(self._reader, self._writer, version)
            seen = now

        await in_rounds(
            "digests", digest_what_is_new, self._version,
            look=LOOK_SECONDS, shortest=SHORTEST_SECONDS, wanted=lambda: flushed() != seen,
        )  # fmt: skip


def digest(reader: ArrowReader, writer: StoreWriter, version: int) -> int:
    """Write down every path and day that is not covered; returns how many rows. Raises StoreError."""
    return write_paths(reader, writer) + write_days(reader, writer, version)


def write_paths(reader: ArrowReader, writer: StoreWriter) -> int:
    """The paths of cases whose newest version has none."""
    written: int = 0
    after = ("", "")
    while True:
        at = {"process": after[0], "case_id": after[1]}
        last = next(reader.rows(NEXT_CASES, {**at, "offset": CASES_A_BLOCK - 1}), None)
        upto = (last["process"], last["case_id"]) if last else ("", "")
        found = reader.query_arrow(PATHS, {**at, "last_process": upto[0], "last_case": upto[1]}, LONG)
        if found.num_rows:
            writer.send(writer.prepare("case_paths", {name: found[name] for name in found.schema.names}))
        written += int(found.num_rows)
        if last is None:
            return written
        after = upto


def write_days(reader: ArrowReader, writer: StoreWriter, version: int) -> int:
    """The counts and unlinked events of days of which the store holds something else than when they were counted."""
    stale = list(reader.rows(STALE_DAYS, {}))
    written = 0
    for block in _near(stale):
        # What is counted may be newer than its stamps, never older: then the day is stale again.
        counts = {row["day"]: row for row in reader.rows(DAYS, _span(block))}
        rows = [{**row, **counts[row["day"]]} for row in block if row["day"] in counts]
        columns = {
            name: [row[name] for row in rows] for name in ("day", "event_stamp", "case_stamp", "events", "unlinked")
        }
        # The events before the counts that say how many there are: a crash between leaves a day that is stale.
        written += sum(write_unlinked(reader, writer, version, days) for days in _listable(rows))
        if rows:
            writer.send(writer.prepare("event_days", columns | {"version": [version] * len(rows)}))
        written += len(rows)
    return written


def write_unlinked(reader: ArrowReader, writer: StoreWriter, version: int, days: Sequence[Mapping[str, Any]]) -> int:
    """The unlinked events of a few days."""
    stamps = {f"{name}s": [row[name] for row in days] for name in ("event_stamp", "case_stamp")}
    found = reader.query_arrow(UNLINKED, {**_span(days), **stamps}, LONG)
    if found.num_rows:
        columns = {name: found[name] for name in found.schema.names}
        writer.send(writer.prepare("unlinked_events", columns | {"version": [version] * found.num_rows}))
    return int(found.num_rows)


def _span(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "since": days[0]["day"] * DAY_US,
        "until": (days[-1]["day"] + 1) * DAY_US,
        "days": [row["day"] for row in days],
    }


def _listable(days: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Days with unlinked events that are not too many, in blocks that a worker can hold."""
    block: list[Mapping[str, Any]] = []
    for day in days:
        if not 0 < day["unlinked"] <= MOST_A_DAY:
            continue
        if block and sum(one["unlinked"] for one in block) + day["unlinked"] > MOST_A_BLOCK:
            yield block
            block = []
        block.append(day)
    if block:
        yield block


def _near(days: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Days, in order, in blocks that lie within a month."""
    block: list[Mapping[str, Any]] = []
    for day in days:
        if block and day["day"] - block[0]["day"] >= DAYS_A_BLOCK:
            yield block
            block = []
        block.append(day)
    if block:
        yield block
