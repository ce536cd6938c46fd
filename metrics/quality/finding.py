"""What the judgement says: findings, hops, and when to look again."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from metrics.quality.facts import Fact, Subject

PROPAGATION: Final = "propagation"
CONTRADICTION: Final = "contradiction"
DUPLICATE: Final = "duplicate"
GUARD: Final = "guard"
KINDS: Final = (PROPAGATION, CONTRADICTION, DUPLICATE, "unmapped", "missing_reference", GUARD)

PENDING, IN_TIME, LATE, MISSING, CANCELLED = "pending", "in_time", "late", "missing", "cancelled"
OPEN, HEALED, WITHDRAWN = "open", "healed", "withdrawn"

MOST_SAID: Final = 20
"""So many statements a finding quotes at most: the smallest by system, object, time."""


class Said(NamedTuple):
    """Who said what, and when. `value` is empty where it may not be shown."""

    system: str
    object: str
    value: str
    time: int


class Episode(NamedTuple):
    """From `opened` to `healed` (None: not yet) it was so; `proof` is the event that opened it."""

    opened: int
    healed: int | None
    proof: str


class Finding(NamedTuple):
    """One exception, with its last episode. `anchor` is the id of the subject that was judged.

    That of a guard has the process as its domain, the guard as its field and the document as its target; it alone has
    a `severity`, a `title` and its `evidence`, the ids of events.
    """

    kind: str
    domain: str
    owner: str
    type: str
    anchor: str
    subject_id: str
    field: str
    target: str
    said: tuple[Said, ...]
    detail: str
    opened: int
    healed: int | None
    episodes: int
    proof: str
    simulated: bool
    severity: str = ""
    title: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """16 hex digits of what makes it this finding."""
        about = "\x1f".join((self.kind, self.type, self.anchor, self.field, self.target))
        return hashlib.blake2b(about.encode(), digest_size=8).hexdigest()

    @property
    def state(self) -> str:
        return OPEN if self.healed is None else HEALED


class Hop(NamedTuple):
    """A change in the system of record and one target. Times in microseconds UTC."""

    type: str
    id: str
    group: str
    target: str
    event_id: str
    domain: str
    system: str
    state: str
    changed: int
    due: int
    accepted: int
    seen: int | None
    seen_event_id: str
    feed: str
    simulated: bool


class Wake(NamedTuple):
    """Look again when the clock of `feed` (and of the feeds of `system`, while they bring history) passes `due`."""

    due: int
    feed: str
    system: str


class Present(Protocol):
    """The present of a feed whose change a system should see, in microseconds UTC; far in the past: judge nothing."""

    def __call__(self, feed: str, system: str, /) -> int: ...


class Judgement(NamedTuple):
    """Everything that is so about one subject."""

    findings: Sequence[Finding] = ()
    hops: Sequence[Hop] = ()
    wakes: Sequence[Wake] = ()

    def and_(self, other: "Judgement") -> "Judgement":
        """Both together."""
        return Judgement([*self.findings, *other.findings], [*self.hops, *other.hops], [*self.wakes, *other.wakes])


class Told(NamedTuple):
    """One object under all its numbers: `root` names it, `facts` are those of all numbers."""

    root: Subject
    facts: Sequence[Fact]

    def of(self, kind: str) -> list[Fact]:
        """The facts of one kind, by time; one event told under two numbers counts once."""
        found: dict[tuple[str, str, str, str], Fact] = {}
        for fact in self.facts:
            if fact.kind == kind:
                key = (fact.field, fact.system, fact.event_id or fact.id, fact.value)
                other = found.get(key)
                if other is None or (fact.weight, fact.id) < (other.weight, other.id):
                    found[key] = fact
        return sorted(found.values(), key=lambda fact: (fact.time, fact.proof, fact.field, fact.system, fact.value))


def merged(episodes: Iterable[Episode]) -> list[Episode]:
    """Episodes that touch or overlap are one."""
    found: list[Episode] = []
    for episode in sorted(episodes, key=lambda one: (one.opened, one.healed is None, one.healed or 0, one.proof)):
        last = found[-1] if found else None
        if last is None or (last.healed is not None and last.healed < episode.opened):
            found.append(episode)
        elif last.healed is not None and (episode.healed is None or episode.healed > last.healed):
            found[-1] = last._replace(healed=episode.healed)
    return found


def quoted(said: Iterable[Said]) -> tuple[Said, ...]:
    """What a finding quotes: sorted, no two the same, not too much."""
    return tuple(sorted(set(said))[:MOST_SAID])
