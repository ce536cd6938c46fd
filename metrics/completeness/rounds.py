"""Rounds of completeness: what has arrived is counted, closed intervals are judged, and what changed is written down.

Everything follows from what the store holds, so no order of arrival, no crash and no lost round can leave it wrong:
the next round writes what differs. A late event changes the counts of its hour; that hour and those that learned from
it are judged again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec

from metrics.completeness.batches import Batches, JudgedBatches
from metrics.completeness.forecast import UNKNOWN
from metrics.completeness.history import FeedHistory, History, Key, Reader
from metrics.completeness.intervals import Verdicts, judge_feed
from metrics.completeness.plan import Expectations
from metrics.completeness.rows import BatchRow, Horizon, Interval, Standing
from metrics.completeness.standing import Usual, standing_of, usual_of
from metrics.queries.rows import Feed as FeedClock
from metrics.words import HOUR, MINUTE

WITHDRAWN: Final = "withdrawn"
"""The reason of an interval that is judged no more, as that of a type that has become too rare."""
_ROWS_AT_ONCE: Final = 20_000
_QUIET: Final = MINUTE
"""That a feed has gone on is written down so often."""
State = TypeVar("State", Standing, BatchRow)


class _Judged(NamedTuple):
    """What a feed was judged to be, before the hour `bound`."""

    bound: int
    verdicts: Verdicts | None
    usual: Usual | None


class Writer(Protocol):
    """Stores rows of a table, column by column; returns once they are durable."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None: ...


class Rounds:
    """One judge; not safe for concurrent use. Methods raise the store's errors, after which the next round goes on."""

    def __init__(self, plan: Expectations, reader: Reader, writer: Writer, version: Callable[[], int]) -> None:
        self._plan = plan
        self._reader = reader
        self._writer = writer
        self._version = version
        self._history = History(reader, plan)
        self._batches = Batches(reader, plan)
        self._verdicts: dict[Key, _Judged] = {}
        self._loaded = False
        self._intervals: dict[Key, dict[tuple[Any, ...], Interval]] = {}
        self._standings: dict[Key, Standing] = {}
        self._known_batches: dict[tuple[Any, ...], BatchRow] = {}

    def run(self, now: int) -> int:
        """Judge what there is to judge at `now` (the wall clock's microseconds); returns how many rows were written."""
        if not self._loaded:
            self._load()
        self._history.refresh()
        presents = self._presents(now)
        intervals, standings = list[Interval](), list[Standing]()
        for key, history in self._history.feeds.items():
            phase, present = presents.get(history.clock, presents[""])
            feed = self._plan.feed(key[0])
            if phase == "end" or not feed.watch or not history.total:
                continue
            news, judged = self._judged(key, history, (present - feed.settle) // HOUR)
            intervals += news
            standings.append(standing_of(feed, key[1], history, judged.verdicts, judged.usual, phase, present))
        return self._write(intervals + self._left_over(), standings, self._batches.judge(presents), now)

    def _judged(self, key: Key, history: FeedHistory, bound: int) -> tuple[list[Interval], "_Judged"]:
        """What is new about the feed's intervals, and what it was judged to be."""
        before = self._verdicts.get(key)
        if before is not None and before.bound == bound and not any(hour < bound for hour in history.changed):
            return [], before
        plan, feed = self._plan, self._plan.feed(key[0])
        verdicts = judge_feed(feed, key[1], history, bound, plan.weeks, plan.rare_weeks)
        judged = _Judged(bound, verdicts, usual_of(feed, history, verdicts, plan) if verdicts else None)
        self._verdicts[key] = judged
        history.changed = {hour for hour in history.changed if hour >= bound}
        known = self._intervals.get(key, {})
        fresh = {one.key: one for one in verdicts.rows} if verdicts else {}
        gone = [_not_judged(one) for at, one in known.items() if at not in fresh]
        return [one for at, one in fresh.items() if known.get(at) != one] + gone, judged

    def _left_over(self) -> list[Interval]:
        """The intervals of feeds of which no event is left."""
        there = {key for key, history in self._history.feeds.items() if history.total}
        left = [known.values() for key, known in self._intervals.items() if key not in there]
        return [_not_judged(one) for known in left for one in known]

    def _presents(self, now: int) -> dict[str, tuple[str, int]]:
        """Phase and present of each clock; '' is the present of a feed that said nothing of itself.

        While records wait, nothing is judged beyond what the workers have read; a history is as far as the partition
        that is furthest behind.
        """
        horizon = self._reader.rows("completeness_horizon", Horizon)[0]
        live = min(now, horizon.until_us or now)
        found = {"": ("live", live)}
        for row in self._reader.rows("alert_feeds", FeedClock):
            past = min(row.watermark_us, horizon.history_until_us or row.watermark_us)
            found[row.feed] = row.phase, live if row.phase == "live" else past
        return found

    def _load(self) -> None:
        read = self._reader.rows
        every: dict[str, object] = {"since": -(1 << 60), "odd": False, "limit": 1 << 31}
        self._standings = {(one.feed, bool(one.simulated)): one for one in read("completeness_standings", Standing)}
        self._known_batches = {one.key: one for one in read("completeness_batches", BatchRow, **every)}
        self._intervals = {}
        for one in read("completeness_intervals", Interval, feed="", **every):
            self._keep(one)
        self._loaded = True

    def _keep(self, one: Interval) -> None:
        known = self._intervals.setdefault((one.feed, bool(one.simulated)), {})
        known[one.key] = one
        if one.reason == WITHDRAWN:
            del known[one.key]

    def _write(self, news: list[Interval], standings: list[Standing], batches: JudgedBatches, now: int) -> int:
        """Write what is new; what is looked at no more is withdrawn, batches only if they were in sight."""
        moved = [one for one in standings if _is_news(self._standings.get((one.feed, bool(one.simulated))), one)]
        looked_at = {(one.feed, bool(one.simulated)) for one in standings}
        moved += [_withdrawn(one) for key, one in self._standings.items() if key not in looked_at]
        changed = [one for one in batches.rows if self._known_batches.get(one.key) != one]
        judged = {one.key for one in batches.rows}
        gone = [one for key, one in self._known_batches.items() if key not in judged and batches.saw(one)]
        changed += [_withdrawn(one) for one in gone]
        self._insert("feed_intervals", news, judged=now)
        self._insert("feed_batches", changed)
        self._insert("feed_standings", moved)
        for interval in news:
            self._keep(interval)
        standings_known = self._standings | {(one.feed, bool(one.simulated)): one for one in moved}
        self._standings = {key: one for key, one in standings_known.items() if one.state != WITHDRAWN}
        batches_known = self._known_batches | {one.key: one for one in changed}
        self._known_batches = {key: one for key, one in batches_known.items() if one.state != WITHDRAWN}
        return len(news) + len(moved) + len(changed)

    def _insert(self, table: str, rows: Sequence[Any], **same: int) -> None:
        """`same`: columns that all rows share."""
        for at in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[at : at + _ROWS_AT_ONCE]
            version = self._version()
            more = {name: [value] * len(part) for name, value in {"version": version, **same}.items()}
            self._writer.insert(table, columns_of(part) | more)


def _not_judged(one: Interval) -> Interval:
    return msgspec.structs.replace(one, verdict=UNKNOWN, reason=WITHDRAWN)


def _withdrawn(one: State) -> State:
    return msgspec.structs.replace(one, state=WITHDRAWN)


def columns_of(rows: Iterable[msgspec.Struct]) -> dict[str, list[Any]]:
    """Rows as columns; a time's column is called without the unit."""
    rows = list(rows)
    fields = rows[0].__struct_fields__ if rows else ()
    return {name.removesuffix("_us"): [getattr(row, name) for row in rows] for name in fields}


def _is_news(before: Standing | None, one: Standing) -> bool:
    """Whether there is more to tell than that events go on."""
    if before is None or one.last_us - before.last_us >= _QUIET:
        return True
    silent_from = before.silent_from_us if one.state == before.state and one.silence == before.silence else None
    same = msgspec.structs.replace(one, last_us=before.last_us, silent_from_us=silent_from)
    return same != msgspec.structs.replace(before, silent_from_us=silent_from)
