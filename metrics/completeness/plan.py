"""What feeds.yaml comes to: which feeds there are, and which batches are expected when. Durations in microseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from metrics.sla.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Feed:
    """What one system sends. `silence` is declared, or None where it is learned. `calendar` has zone and holidays."""

    name: str
    title: str
    sources: tuple[str, ...]
    owner: str
    settle: int
    calendar: Calendar
    silence: int | None = None
    watch: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """What comes once a day at one facility ('': one for all). `begins` and `by`: after local midnight of its day.

    A file of `system` whose name fits `file`, or the events of an `interface`.
    """

    name: str
    title: str
    owner: str
    facility: str
    calendar: Calendar
    begins: int
    by: int
    system: str = ""
    file: str = ""
    interface: str = ""


@dataclass(frozen=True)
class Expectations:
    """The whole file. `rest`: what holds for a feed that nobody declared; its sources are ()."""

    feeds: Mapping[str, Feed]
    batches: tuple[Batch, ...]
    rest: Feed
    weeks: int
    rare_weeks: float
    _others: dict[str, Feed] = field(default_factory=dict, compare=False)

    def feed(self, name: str) -> Feed:
        """A feed by its name; one that nobody declared is called by the first part of its source."""
        known = self.feeds.get(name)
        if known is not None:
            return known
        if name not in self._others:
            rest = self.rest
            self._others[name] = Feed(name, name, (), rest.owner, rest.settle, rest.calendar)
        return self._others[name]

    @cached_property
    def prefixes(self) -> tuple[list[str], list[str]]:
        """Where sources begin, longest first, and the feeds that they belong to, for queries."""
        pairs = sorted(
            ((prefix, feed.name) for feed in self.feeds.values() for prefix in feed.sources),
            key=lambda pair: (-len(pair[0]), pair),
        )
        return [prefix for prefix, _ in pairs], [name for _, name in pairs]
