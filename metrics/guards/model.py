"""Guards as the stream needs them: compiled, immutable. Activities are event types, or the names of a log's steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from metrics.words import Event

Asks = Mapping[str, tuple[Callable[[Event], bool] | None, ...]]
"""Activity → conditions of which one must hold (None: no condition)."""


@dataclass(frozen=True, slots=True)
class Status:
    """It holds since an event of `since` that carries `says` (if any), until one of `until`."""

    name: str
    since: frozenset[str]
    until: frozenset[str]
    says: str
    everywhere: bool
    wanted: bool
    """Whether it must hold, or must not."""


@dataclass(frozen=True, slots=True)
class StatusRule:
    """`known_by`: further activities that make the object known; of one that nobody told nothing is asked."""

    statuses: tuple[Status, ...]
    known_by: frozenset[str]
    heals: bool


@dataclass(frozen=True, slots=True)
class DiffersRule:
    """Nobody who did one of `acts` on the object may do what is asked about."""

    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class LimitRule:
    """What `amount` told of the object must be at most what the level allows: level → (value, currency)."""

    amount: frozenset[str]
    level: str
    limits: Mapping[str, tuple[Decimal, str]]


@dataclass(frozen=True, slots=True)
class OwnLimitRule:
    """The event's amount must be at most what `told` last said of the worker, in `attribute`."""

    told: frozenset[str]
    attribute: str


@dataclass(frozen=True, slots=True)
class FollowsRule:
    """One of `done` within so many microseconds: of the object, or of each object of types `each` that it has."""

    within: int
    done: frozenset[str]
    each: tuple[str, ...]
    opened: frozenset[str]
    all_done: frozenset[str]
    cancel: frozenset[str]
    from_effective: bool
    same_system: bool


Rule = StatusRule | DiffersRule | LimitRule | OwnLimitRule | FollowsRule


@dataclass(frozen=True, slots=True)
class Guard:
    """One question. `of`: the type of the objects asked about; `by_actor`: the worker who did it."""

    process: str
    name: str
    title: str
    owner: str
    severity: str
    asks: Asks
    of: str
    by_actor: bool
    rule: Rule

    @property
    def key(self) -> str:
        """What tells it from every other guard."""
        return f"{self.process}/{self.name}"

    @property
    def apart(self) -> bool:
        """Whether its questions stand apart from the object, which many documents ask about."""
        return isinstance(self.rule, StatusRule | OwnLimitRule)

    @property
    def answers(self) -> frozenset[str]:
        """Activities that answer it."""
        rule = self.rule
        match rule:
            case StatusRule():
                return rule.known_by.union(*(one.since | one.until for one in rule.statuses))
            case DiffersRule():
                return rule.acts
            case LimitRule():
                return rule.amount
            case OwnLimitRule():
                return rule.told
            case FollowsRule():
                return rule.done | rule.opened | rule.all_done | rule.cancel


@dataclass(frozen=True)
class Guards:
    """All guards in force."""

    all: tuple[Guard, ...] = ()

    @cached_property
    def by_type(self) -> Mapping[str, Mapping[str, Guard]]:
        """Type of the objects asked about → guards by key."""
        found: dict[str, dict[str, Guard]] = {}
        for guard in self.all:
            found.setdefault(guard.of, {})[guard.key] = guard
        return found


NO_GUARDS = Guards()
