"""Batches against what was expected of them: did they come, in time, whole, and does source = bus = store?

Three kinds are looked at: what a schedule of feeds.yaml expects (told by files or by batch.* events), every file of a
watched folder whether a schedule expects it or not, and what the markers of feeds say was sent. A count adds up where
what was declared is what is stored, plus dead letters. Money is compared as decimals, by currency.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

import msgspec

from metrics.completeness.history import Reader
from metrics.completeness.plan import Batch, Expectations
from metrics.completeness.rows import BatchEvents, BatchRow, BroughtFile, MarkerCount
from metrics.words import DAY

EXPECTED: Final = "expected"
COMPLETE: Final = "complete"
LATE: Final = "late"
MISSING: Final = "missing"
SHORT: Final = "short"
UNBALANCED: Final = "unbalanced"
ODD: Final = (LATE, MISSING, SHORT, UNBALANCED)

LOOKED_BACK: Final = 35 * DAY
"""Batches and files older than this are not judged again."""


class JudgedBatches(NamedTuple):
    """Batches as judged. `present`: up to when they were; `held`: schedules that the clocks of their feeds hold back.

    Microseconds; a schedule by its name and facility.
    """

    rows: list[BatchRow]
    present: int
    held: Mapping[tuple[str, str], int]

    def saw(self, one: BatchRow) -> bool:
        """Whether a batch that is not among the rows would be, if it was still expected or there."""
        held = None if one.reference else self.held.get((one.batch, one.facility))
        return self.present - LOOKED_BACK + DAY < (one.due_us or one.came_us or 0) <= (held or self.present)


class Batches:
    """Judges batches; pure but for the reader."""

    def __init__(self, reader: Reader, plan: Expectations) -> None:
        self._reader = reader
        self._plan = plan

    def judge(self, presents: Mapping[str, tuple[str, int]]) -> JudgedBatches:
        """Every batch of the last weeks. `presents`: phase and present of each feed; '' is the clock of all others.

        A feed that sends its history holds back the schedules whose events it brings, and no others.
        """
        now = presents[""][1]
        since = now - LOOKED_BACK
        events = self._reader.rows("completeness_batch_events", BatchEvents, since=since)
        files = self._reader.rows("completeness_files", BroughtFile, since=since)
        markers = self._reader.rows("completeness_markers", MarkerCount, since=since)
        found, held = list[BatchRow](), dict[tuple[str, str], int]()
        for batch in self._plan.batches:
            clocks = {presents[one.feed] for one in _own(batch, events) if one.feed in presents}
            at = min((present for phase, present in clocks if phase == "backfill"), default=now)
            if at < now:
                held[batch.name, batch.facility] = at
            found += scheduled(batch, events, files, since, at - self._plan.rest.settle)
        owners = {batch.system: batch.owner for batch in self._plan.batches if batch.system}
        found += [file_row(one, owners.get(one.system, self._plan.rest.owner)) for one in files]
        found += [marker_row(one, self._plan.feed(one.feed).owner) for one in markers]
        return JudgedBatches(found, now, held)


def scheduled(
    batch: Batch, events: Sequence[BatchEvents], files: Sequence[BroughtFile], since: int, now: int
) -> Iterator[BatchRow]:
    """The batch of each day on which one is expected. Nothing is expected before the first that came."""
    own_events = _own(batch, events)
    own_files = [one for one in files if batch.system == one.system and fnmatchcase(one.name, batch.file)]
    came = [one.started_us or one.completed_us for one in own_events] + [one.seen_us for one in own_files]
    if not came:
        return
    simulated = int(all([one.simulated for one in own_events] + [one.simulated for one in own_files]))
    calendar, first = batch.calendar, min(came)
    for day in range(calendar.day_of(max(since, first)) - 1, calendar.day_of(now) + 1):
        midnight, next_midnight = calendar.start_of_day(day), calendar.start_of_day(day + 1)
        begins, ends, due = midnight + batch.begins, next_midnight + batch.begins, midnight + batch.by
        if ends <= first or begins > now or begins < since or not calendar.intervals(midnight, next_midnight):
            continue
        name = _date(day * DAY)
        kind = "event" if batch.interface else "file"
        row = BatchRow(
            kind, batch.name, batch.facility, name, "", simulated, EXPECTED, batch.owner, batch.title, due, None
        )
        if batch.interface:
            tonight = [one for one in own_events if begins <= (one.started_us or one.completed_us) < ends]
            yield _with_events(row, tonight, now)
        else:
            today = [one for one in own_files if _came_for(one, name, begins, ends)]
            yield _with_files(row, today, now)


def _own(batch: Batch, events: Sequence[BatchEvents]) -> list[BatchEvents]:
    """What events tell of a batch of this schedule."""
    mine = [one for one in events if batch.interface and one.interface == batch.interface]
    return [one for one in mine if batch.facility in ("", one.facility)]


def _came_for(one: BroughtFile, name: str, begins: int, ends: int) -> bool:
    """A file that says its business date belongs to it, any other to the day in which it was seen."""
    return one.business_date == name if one.business_date else begins <= one.seen_us < ends


def _with_events(row: BatchRow, told: Sequence[BatchEvents], now: int) -> BatchRow:
    """A day's batch as its events tell of it. Of several the last one begun counts."""
    if not told:
        return _not_come(row, "nothing says that it began", now)
    one = max(told, key=lambda each: (each.started_us, each.completed_us, each.subject))
    row = msgspec.structs.replace(
        row, simulated=one.simulated, declared=_number(one.rows_started), sent=_number(one.rows_completed),
        stored=_number(one.rows_compared), came_us=one.completed_us or None,
    )  # fmt: skip
    if not one.completed_us:
        why = f"it failed: {one.reason or 'no reason given'}" if one.failed_us else "it began and is not through"
        return _not_come(row, why, now)
    if one.unbalanced_us > one.reconciled_us:
        return _as(row, UNBALANCED, f"its totals differ: {one.reason or 'no reason given'}")
    if row.sent is not None and row.stored is not None and row.stored < row.sent:
        return _as(row, SHORT, f"{row.sent:,} rows were sent, {row.stored:,} are booked")
    return _in_time(row)


def _with_files(row: BatchRow, files: Sequence[BroughtFile], now: int) -> BatchRow:
    """A day's batch as the ledger of files tells of it. Of several the last one sent counts."""
    if not files:
        return _not_come(row, "no file came", now)
    one = max(files, key=lambda each: (each.sent_us or 0, each.seen_us, each.content))
    judged = file_row(one, row.owner)
    row = msgspec.structs.replace(
        judged, kind=row.kind, batch=row.batch, facility=row.facility, day=row.day, reference="", title=row.title,
        due_us=row.due_us,
    )  # fmt: skip
    if row.state in (SHORT, UNBALANCED):
        return row
    return _in_time(row) if row.came_us is not None else _not_come(row, one.reason or "its file is not complete", now)


def file_row(one: BroughtFile, owner: str) -> BatchRow:
    """A file of a watched folder, whether a schedule expects it or not."""
    row = BatchRow(
        kind="file", batch=one.system, facility="", day=one.business_date or _date(one.seen_us),
        reference=one.content or one.name, simulated=one.simulated, state=EXPECTED, owner=owner, title=one.name,
        due_us=None, came_us=one.sent_us or None, dead=one.rows_dead,
        declared=one.rows if one.rows_declared is None else one.rows_declared, sent=one.events,
        stored=one.events_stored, money_declared=one.totals_declared, money_sent=one.amounts,
        money_stored=one.amounts_stored,
    )  # fmt: skip
    if one.state == "refused" or (one.rows_declared is not None and one.rows_declared != one.rows):
        return _as(msgspec.structs.replace(row, came_us=row.came_us or one.seen_us), UNBALANCED, one.reason)
    if one.check == "short" or _differs(one):
        stored = "–" if one.events_stored is None else f"{one.events_stored:,}"
        return _as(row, SHORT, f"{one.events or 0:,} events were sent, {stored} are stored; {_money(one)}".rstrip("; "))
    if one.sent_us is None:
        return _as(msgspec.structs.replace(row, came_us=one.seen_us), EXPECTED, one.reason)
    lost = f"{one.rows_dead:,} rows became dead letters" if one.rows_dead else ""
    return _as(row, COMPLETE if not one.rows_dead else SHORT, lost)


def marker_row(one: MarkerCount, owner: str) -> BatchRow:
    """What a feed said to have sent to a partition. Others may have sent events of the feed, so more is no fault."""
    row = BatchRow(
        kind="marker", batch=one.feed, facility="", day=one.kind, reference=f"{one.origin}#{one.position}",
        simulated=one.simulated, state=COMPLETE, owner=owner, title=f"{one.feed}, partition {one.partition}",
        due_us=None, came_us=one.ingested_us, declared=one.declared, sent=one.stored + one.dead,
        stored=one.distinct_events, dead=one.dead, duplicates=one.stored - one.distinct_events,
    )  # fmt: skip
    there = one.stored + one.dead
    if there >= one.declared:
        return row
    return _as(row, SHORT, f"{one.declared:,} records were sent, {there:,} are stored or dead letters")


def _in_time(row: BatchRow) -> BatchRow:
    if row.due_us is not None and row.came_us is not None and row.came_us > row.due_us:
        return _as(row, LATE, "it came after its time")
    return _as(row, COMPLETE, "")


def _not_come(row: BatchRow, why: str, now: int) -> BatchRow:
    due = row.due_us is not None and now > row.due_us
    return _as(msgspec.structs.replace(row, came_us=None), MISSING if due else EXPECTED, why if due else "")


def _as(row: BatchRow, state: str, detail: str) -> BatchRow:
    return msgspec.structs.replace(row, state=state, detail=detail)


def _differs(one: BroughtFile) -> bool:
    """Whether the money that is stored is not what was sent, once it has been looked at."""
    return one.events_stored is not None and _sums(one.amounts) != _sums(one.amounts_stored)


def _money(one: BroughtFile) -> str:
    sent, stored = _sums(one.amounts), _sums(one.amounts_stored)
    missing = {name: value - stored.get(name, Decimal(0)) for name, value in sent.items()}
    return ", ".join(f"{value:f} {name} are missing" for name, value in sorted(missing.items()) if value)


def _sums(text: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in msgspec.json.decode(text or "{}", type=dict[str, str]).items()}


def _date(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).strftime("%Y-%m-%d")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
