"""Where feeds and batches stand, for everyone who shows a number: rows in, plain sentences out."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from metrics.commands.wording import duration, moment, plain
from metrics.completeness.batches import LATE, MISSING, ODD, SHORT
from metrics.completeness.history import Reader
from metrics.completeness.rows import BatchRow, Interval, Standing
from metrics.words import DAY, HOUR, MINUTE

SHOWN: Final = 10_000
BATCHES_OF: Final = 7 * DAY
STALE_AFTER: Final = 3 * HOUR
"""An hour is judged once it has ended and settled; where feeds stand so long ago, nobody judges any more."""
_STATE_WORDS: Final = {"complete": "Complete", "short": "Too little", "silent": "Silent", "unknown": "Not known yet"}


class Mark(NamedTuple):
    """The one mark for all feeds together: '0 breaches' means something as far as `until_us` (None: not known)."""

    feeds: int
    complete: int
    until_us: int | None
    sentence: str

    @property
    def whole(self) -> bool:
        return self.complete == self.feeds


def feed_standings(reader: Reader) -> list[Standing]:
    """How far each feed is complete, as judged last. Raises the store's errors."""
    return reader.rows("completeness_standings", Standing)


def odd_batches(reader: Reader, since: int) -> list[BatchRow]:
    """Batches that did not come, came late, are short or do not add up; newest first."""
    return reader.rows("completeness_batches", BatchRow, since=since, odd=True, limit=SHOWN)


def odd_intervals(reader: Reader, since: int, feed: str = "") -> list[Interval]:
    """Short and silent intervals and surges that end after `since`; newest first."""
    return reader.rows("completeness_intervals", Interval, since=since, feed=feed, odd=True, limit=SHOWN)


def mark(feeds: Sequence[Standing], now: int) -> Mark:
    """What may be said of all feeds together at `now` (the wall clock's microseconds); the feed that lags most decides.

    Where nobody has judged live feeds for hours, none of them counts as complete. Histories have no such present.
    """
    known = [one for one in feeds if one.state != "unknown"]
    until = min((at for one in known if (at := one.complete_until_us) is not None), default=None)
    live = [max(one.judged_until_us, min(one.last_us, now)) for one in known if one.phase == "live"]
    if live and now - max(live) > STALE_AFTER:
        complete = sum(one.phase != "live" and one.state == "complete" for one in known)
        since = f"Feeds were judged last at {moment(max(live))}: whether anything is lacking since then is not known."
        return Mark(len(known), complete, until, since)
    bad = [one for one in known if one.state != "complete"]
    if not known:
        return Mark(0, 0, None, "What is usual of the feeds is not known yet: it is learned from a few weeks.")
    if not bad:
        return Mark(len(known), len(known), until, f"All {len(known)} feeds bring what is usual.")
    worst = min(bad, key=lambda one: (one.state != "silent", one.complete_until_us or 0))
    return Mark(len(known), len(known) - len(bad), until, sentence(worst))


def sentence(one: Standing) -> str:
    """One feed in plain words: 'Coupa has been silent for 3 h where at most 40 min are usual'."""
    name = plain(one.title or one.feed)
    if one.state == "silent":
        return f"{name} has been silent {silent_words(one)}"
    if one.state == "short":
        came = f"{one.events:,} of about {one.expected:,.0f} events" if one.expected else f"{one.events:,} events"
        return f"{name} brings too little since {moment(one.complete_until_us)}: {came} in 24 h"
    if one.state == "unknown":
        return f"What is usual of {name} is not known yet"
    return f"{name} is complete until {moment(one.complete_until_us)}"


def silent_words(one: Standing) -> str:
    """For how long, and what is usual."""
    usual = (one.silent_from_us or one.last_us) - one.last_us
    since = f"since {moment(one.last_us)}"
    at_most = "are allowed" if one.silence == "declared" else "are usual at that hour"
    return f"{since}, where at most {duration(usual // MINUTE * MINUTE)} {at_most}"


def state_word(state: str) -> str:
    """A state of a feed for people."""
    return _STATE_WORDS.get(state, state)


def batch_sentence(one: BatchRow) -> str:
    """One batch in plain words."""
    place = f" of {plain(one.facility)}" if one.facility else ""
    name = f"{plain(one.title)}{place} for {one.day}" if one.kind != "marker" else plain(one.title)
    if one.state == MISSING:
        return f"{name} did not come by {moment(one.due_us)}: {plain(one.detail)}"
    if one.state == LATE:
        return f"{name} came {duration((one.came_us or 0) - (one.due_us or 0))} late"
    word = "is short" if one.state == SHORT else "does not add up"
    return f"{name} {word}: {plain(one.detail)}"


def is_odd(one: BatchRow) -> bool:
    """Whether somebody has to look at a batch."""
    return one.state in ODD


def by_owner(rows: Iterable[BatchRow]) -> dict[tuple[str, str, bool], list[BatchRow]]:
    """Batches by (batch, owner, simulated)."""
    found: dict[tuple[str, str, bool], list[BatchRow]] = {}
    for row in rows:
        found.setdefault((row.batch, row.owner, bool(row.simulated)), []).append(row)
    return found
