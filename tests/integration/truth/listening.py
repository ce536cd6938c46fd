"""Listening to the systems of a history: when each is dead, and at which instants it is worth asking who is silent."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from metrics.completeness.local_time import special_days
from metrics.completeness.plan import Expectations, Feed
from metrics.words import DAY, HOUR, MINUTE, Event
from streams.simulator.plan import SimulationPlan
from streams.simulator.silences import Silences
from streams.simulator.stage import Output, Told

LEARNED: Final = 21 * DAY + 3 * HOUR
"""What is usual is known after so much of a history: nearly every hour of the week has come three times ..."""
_THRICE: Final = 3
"""... on days that are no holidays."""
_WEEKS: Final = 8


@dataclass
class Silence:
    """The feed is dead from `start` until before `end`; `back`: when it was heard of for the first time after it."""

    feed: str
    start: int
    end: int
    back: int | None = None

    def holds(self, at: int) -> bool:
        """Whether nothing has been heard since it fell silent."""
        return self.start <= at and (self.back is None or at < self.back)


class Listener:
    """What each feed has said so far, and the instants to look at: before, in and after every silence."""

    def __init__(self, plan: SimulationPlan, expectations: Expectations) -> None:
        self._expectations = expectations
        self._begin = plan.start
        self._feeds: dict[str, str] = {}
        self._hours: dict[str, Counter[int]] = defaultdict(Counter)
        self._newest: dict[str, int] = {}
        self.silences = [
            Silence(self.feed_of(one.source), one.start, one.end)
            for one in Silences(plan).feeds
            if one.start < plan.anchor
        ]
        known = [one for one in self.silences if self.is_known(one)]
        instants = {at for one in known for at in (one.start, one.end - MINUTE) if at < plan.anchor}
        self._instants = sorted(instants, reverse=True)

    def feed_of(self, source: str) -> str:
        """The feed of a source: the longest prefix after which a word ends, else the source's first part."""
        if source not in self._feeds:
            pairs = zip(*self._expectations.prefixes, strict=True)
            fitting = (
                name
                for prefix, name in pairs
                if source.startswith(prefix) and source[len(prefix) :][:1] in ("", "/", "-", "_")
            )
            self._feeds[source] = next(fitting, source.split("/")[1])
        return self._feeds[source]

    def is_known(self, one: Silence) -> bool:
        """Whether enough of the history lies before a silence to know that it is one, or it is declared."""
        feed = self._expectations.feed(one.feed)
        if feed.silence is not None:
            return one.start >= self._begin + DAY
        if one.start < self._begin + LEARNED:
            return False
        days = range(feed.calendar.day_of(self._begin) + 1, feed.calendar.day_of(one.start))
        lived = Counter(day % 7 for day in days if not is_special(day, feed))
        return all(lived[weekday] >= _THRICE for weekday in range(7))

    def due(self, now: int) -> Iterator[int]:
        """The instants that lie before `now`, each once."""
        while self._instants and self._instants[-1] < now:
            yield self._instants.pop()

    def hears(self, output: Output, now: int) -> bool:
        """Take note of what is sent at `now`; whether it ends a silence."""
        event = output.event if isinstance(output, Told) else output
        if not isinstance(event, Event):
            return False
        feed = self.feed_of(event.source)
        self._hours[feed][event.time // HOUR] += 1
        self._newest[feed] = max(self._newest.get(feed, event.time), event.time)
        over = [one for one in self.silences if one.feed == feed and one.back is None and event.time >= one.end]
        for one in over:
            one.back = now
        return any(map(self.is_known, over))

    @property
    def heard(self) -> dict[str, int]:
        """The time of the newest event of each feed."""
        return dict(self._newest)

    def usual(self, name: str, begin: int, end: int) -> float:
        """How many events are usual in the whole hours between two instants: the mean of the same hours of the weeks
        before. Holidays, and hours in which the feed was dead, say nothing of the usual.
        """
        feed, found = self._expectations.feed(name), 0.0
        for hour in range(begin // HOUR + 1, end // HOUR):
            before = [hour - week * 7 * 24 for week in range(1, _WEEKS + 1)]
            taught = [at for at in before if at * HOUR >= self._begin and self._lives(feed, at)]
            if taught and not is_special(feed.calendar.day_of(hour * HOUR), feed):
                found += sum(self._hours[name][at] for at in taught) / len(taught)
        return found

    def _lives(self, feed: Feed, hour: int) -> bool:
        begin, own = hour * HOUR, (one for one in self.silences if one.feed == feed.name)
        dead = any(one.start < begin + HOUR and begin < one.end for one in own)
        return not dead and not is_special(feed.calendar.day_of(begin), feed)


def is_special(day: int, feed: Feed) -> bool:
    """Whether a local day is one on which nothing is expected."""
    return bool(special_days(day, day + 1, feed.calendar)[0])
