"""What a condition is, and what it may look at. Modules of `metrics.alerts.conditions` name theirs in CONDITIONS."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple, Protocol, TypeVar

from metrics.alerts.plan import ConditionRule, Owner
from metrics.alerts.rows import FailingCall, OverdueClock
from metrics.alerts.words import Finding, Member
from metrics.definitions.registry import Catalogue
from metrics.objectives.reading import objectives, read_outcomes
from metrics.objectives.standing import ObjectiveStanding, standings
from metrics.queries.rows import Feed

Row = TypeVar("Row")


class Reader(Protocol):
    """Runs the named queries; `metrics.store.queries.Queries` in production."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Names:
    """What definitions call things, and who answers for what."""

    def __init__(
        self,
        catalogue: Catalogue | None,
        interfaces: Sequence[Owner],
        prefixes: tuple[Sequence[str], Sequence[str]] = ((), ()),
    ) -> None:
        """`prefixes`: where sources begin, and the feeds that they belong to."""
        self.prefixes = prefixes
        definitions = catalogue.definitions if catalogue else ()
        self._titles = {one.process: one.title for one in definitions}
        self._stages = {(one.process, name): title for one in definitions for name, title in one.state_titles.items()}
        self._owners = {(one.process, sla.name): sla.owner for one in definitions for sla in one.slas}
        self._milestones = {
            (one.process, name): title
            for one in definitions
            for name, title in zip(one.milestones, one.titles, strict=True)
        }
        self._process_owners = {one.process: one.owner for one in definitions}
        self._interfaces = interfaces
        self.definitions = definitions
        self.objectives = tuple(objectives(catalogue)) if catalogue else ()

    def process(self, name: str) -> str:
        return self._titles.get(name) or name

    def stage(self, process: str, stage: str) -> str:
        """A stage for people; several branches are joined by ' + '."""
        return " + ".join(self._stages.get((process, part)) or part for part in stage.split(" + "))

    def milestone(self, process: str, name: str) -> str:
        return self._milestones.get((process, name)) or name

    def sla_owner(self, process: str, sla: str) -> str:
        """Who must act on an SLA, '' when no definition says."""
        return self._owners.get((process, sla), "")

    def process_owner(self, process: str) -> str:
        """Who answers for a process, '' when no definition says."""
        return self._process_owners.get(process, "")

    def interface_owner(self, interface: str) -> str:
        return next((one.owner for one in self._interfaces if fnmatchcase(interface, one.interface)), "")


class Sight:
    """What conditions look at in one round; what several need is read once. `now` is the wall clock's."""

    def __init__(
        self,
        now: int,
        reader: Reader,
        names: Names,
        *,
        window: int,
        cause_window: int,
        slow_call: int,
        remembered: Mapping[tuple[str, str], tuple[str, str]],
    ) -> None:
        self.now = now
        self.reader = reader
        self.names = names
        self._window = window
        self._cause_window = cause_window
        self._slow_call = slow_call
        self._remembered = remembered

    @cached_property
    def clocks(self) -> list[OverdueClock]:
        """Clocks of open cases that are at risk, or ran out and still wait."""
        return self.reader.rows("alert_clocks", OverdueClock, since=self.now - self._window)

    @cached_property
    def failing(self) -> list[FailingCall]:
        """Interfaces that failed open cases in the state in which they wait."""
        return self.reader.rows(
            "alert_failing_calls", FailingCall, since=self.now - self._cause_window, slow=self._slow_call * 1000
        )

    @cached_property
    def feeds(self) -> list[Feed]:
        return self.reader.rows("alert_feeds", Feed)

    @cached_property
    def objectives(self) -> list[ObjectiveStanding]:
        """How every objective stands, by cases of feeds that are not in their history."""
        aims = self.names.objectives
        return standings(read_outcomes(self.reader, aims, self.now, history=False), aims)

    @property
    def seen_objectives(self) -> list[ObjectiveStanding]:
        """`objectives`, if a condition has looked at them and could."""
        found: list[ObjectiveStanding] = self.__dict__.get("objectives", [])
        return found

    @cached_property
    def _failing_by_case(self) -> dict[tuple[str, str], list[FailingCall]]:
        found: dict[tuple[str, str], list[FailingCall]] = {}
        for call in self.failing:
            found.setdefault((call.process, call.case_id), []).append(call)
        return found

    def cause(self, case: tuple[str, str], stage: str) -> str:
        """The interface that holds a case up in its stage, '' for none: the one that failed last.

        A failure older than what is read is remembered for as long as the case waits in that stage.
        """
        calls = [call for call in self._failing_by_case.get(case, ()) if call.state == stage]
        if calls:
            return max(calls, key=lambda call: (call.failed_us, call.interface)).interface
        remembered = self._remembered.get(case)
        return remembered[1] if remembered is not None and remembered[0] == stage else ""


class Condition(NamedTuple):
    """One kind of alert: its defaults, and how it is found. `find` raises the store's errors."""

    kind: str
    about: str
    defaults: ConditionRule
    find: Callable[[Sight, ConditionRule], Iterable[Finding]]


@cache
def conditions() -> Mapping[str, Condition]:
    """Every condition, by kind."""
    package = import_module("metrics.alerts.conditions")
    modules = [import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)]
    found: list[Condition] = [one for module in modules for one in module.CONDITIONS]
    return {one.kind: one for one in sorted(found, key=lambda one: one.kind)}


def muting(phase: str) -> str:
    """Why what a feed brought may not be told: its history is being read, or it has ended for good."""
    return phase if phase == "backfill" else "ended" if phase == "end" else ""


def total(members: Iterable[Member]) -> dict[str, str]:
    """The money of distinct cases by currency, as decimal texts."""
    amounts: dict[str, Decimal] = {}
    for one in {member.key: member for member in members}.values():
        if not one.amount:
            continue
        try:
            amounts[one.currency] = amounts.get(one.currency, Decimal(0)) + Decimal(one.amount)
        except InvalidOperation:
            continue
    return {currency: f"{amount:f}" for currency, amount in sorted(amounts.items())}


def money(amounts: Mapping[str, str]) -> str:
    """For people: '1,200.50 USD and 30 EUR', '' for none."""
    return " and ".join(f"{Decimal(value):,f} {currency}".rstrip() for currency, value in amounts.items())


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"
