"""Which sources tell of the milestones on which clocks hang, so that a silent one makes their verdicts unsure.

Learned from what was told lately: the definition says which events reach the milestone that stops a clock (or begins
its clock stop), the store says which sources sent such events. Nothing needs to be declared.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

import structlog

from metrics.alerts.matching import fits
from metrics.alerts.plan import Inhibition
from metrics.alerts.rows import ToldBy
from metrics.alerts.words import Alert
from metrics.commands.wording import plain
from metrics.definitions.model import Definition, SlaRule
from metrics.quality.model import is_below
from metrics.store.errors import StoreError, StoreUnavailable
from metrics.store.queries import QueryMismatch
from metrics.words import DAY, MINUTE

log = structlog.get_logger(__name__)

LOOKED_BACK = 30 * DAY
"""What sources told in this time says what they tell; longer than a month-end, shorter than a system's life."""
KEPT = 10 * MINUTE
"""A source does not begin to tell of other things within minutes, and a look reads a month of events."""
Row = TypeVar("Row")


class Reader(Protocol):
    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Hang(NamedTuple):
    """A milestone on which a clock hangs, and the activities that reach it."""

    title: str
    activities: frozenset[str]


Hangs = Mapping[tuple[str, str], Sequence[Hang]]
"""(process, SLA) → what its verdict hangs on."""
Senders = Mapping[frozenset[str], int]
"""Who sent how many events; one sender has several names: that of its source's system, and that of the live feed."""


class Fed:
    """Who tells what, as it was seen."""

    def __init__(self, hangs: Hangs, told: Mapping[tuple[str, bool], Senders]) -> None:
        """`told`: (activity, simulated) → who sent it."""
        self._hangs = hangs
        self._told = told

    def unsure(self, alert: Alert, slas: Collection[str], silent: Iterable[Alert]) -> str:
        """Why the verdict of an alert is unsure while these sources are silent; '' when it is sure.

        All of its clocks must hang on them: one sure breach is reason enough to tell it.
        """
        one = alert.identity
        names = [one.cause] if one.cause_kind == "objective" else sorted(slas)
        quiet = {other.identity.cause for other in silent}
        reasons = [self._reason(one.process, name, one.simulated, quiet) for name in names] if quiet else []
        return reasons[0] if reasons and all(reasons) else ""

    def _reason(self, process: str, sla: str, simulated: bool, quiet: Collection[str]) -> str:
        for hang in self._hangs.get((process, sla), ()):
            sent = [one for name in hang.activities for one in self._told.get((name, simulated), {}).items()]
            missing = [(names, events) for names, events in sent if not names.isdisjoint(quiet)]
            if 2 * sum(events for _, events in missing) > sum(events for _, events in sent):
                feeds = ", ".join(sorted({name for names, _ in missing for name in names if name in quiet}))
                return f"feed {feeds} is silent, which tells most of '{hang.title}', on which the clock {sla} hangs"
        return ""


NOTHING_FED = Fed({}, {})


class Feeding:
    """Looks who tells what, while something silent holds alerts back, and remembers it for a while."""

    def __init__(
        self,
        definitions: Iterable[Definition],
        rules: Iterable[Inhibition],
        prefixes: tuple[Sequence[str], Sequence[str]] = ((), ()),
    ) -> None:
        """`prefixes`: where sources begin, and the feeds they belong to (`Expectations.prefixes`)."""
        self._hangs = hangs_of(definitions)
        self._rules = [rule for rule in rules if rule.fed]
        self._prefixes = tuple(zip(*prefixes, strict=True))
        self._known: Fed = NOTHING_FED
        self._looked: int | None = None

    def look(self, reader: Reader, alerts: Iterable[Alert], now: int) -> Fed:
        """What is known now. Raises StoreUnavailable; a query that fails for itself holds nothing back."""
        if not any(one.status == "firing" and fits(r.while_, one.labels) for one in alerts for r in self._rules):
            return NOTHING_FED
        if self._looked is None or now - self._looked >= KEPT:
            try:
                rows = reader.rows("alert_fed", ToldBy, since=now - LOOKED_BACK)
            except (StoreError, QueryMismatch) as error:
                if isinstance(error, StoreUnavailable) and not error.code:
                    raise
                log.error("who tells what can't be looked at; silent feeds hold no alert back", error=str(error))
                rows = []
            self._known, self._looked = Fed(self._hangs, self._told(rows)), now
        return self._known

    def _told(self, rows: Iterable[ToldBy]) -> dict[tuple[str, bool], Senders]:
        found: dict[tuple[str, bool], dict[frozenset[str], int]] = {}
        for row in rows:
            senders = found.setdefault((row.activity, bool(row.simulated)), {})
            names = frozenset((plain(self._feed_of(row.source)), plain(row.feed)))
            senders[names] = senders.get(names, 0) + row.events
        return dict(found)

    def _feed_of(self, source: str) -> str:
        """As completeness calls it: what is declared for its prefix, else the first part of the source."""
        declared = next((feed for prefix, feed in self._prefixes if is_below(source, prefix)), "")
        return declared or (source.split("/")[1] if source.startswith("/") else source)


def hangs_of(definitions: Iterable[Definition]) -> Hangs:
    """What each SLA's verdict hangs on: the milestone that stops its clock, and those that begin its clock stops."""
    return {
        (one.process, sla.name): [_hang(one, number) for number in dict.fromkeys(_milestones(sla))]
        for one in definitions
        for sla in one.slas
    }


def _milestones(sla: SlaRule) -> list[int]:
    return [sla.stop, *(begin for begin, _, _ in sla.pauses)]


def _hang(definition: Definition, number: int) -> Hang:
    activities = (name for name, ways in definition.matches.items() if any(way.milestone == number for way in ways))
    return Hang(definition.titles[number], frozenset(activities))
