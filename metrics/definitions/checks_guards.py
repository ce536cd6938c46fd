"""Whether guards can ever be asked and answered: their words, and whom their events name."""

from collections.abc import Iterable, Iterator

from metrics.definitions.mistakes import Finding, Place, unknown
from metrics.definitions.schema import ProcessText
from metrics.definitions.schema_guards import ACTOR, FollowsText, GuardText
from metrics.vocabulary import Vocabulary

WORKER = "worker"
ANY_DOCUMENT = "approval_step"
"""Its events name the document that is approved, whatever it is."""


def guard_findings(process: ProcessText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Every mistake in the guards of a process."""
    names = [guard.name for guard in process.guards]
    for index, guard in enumerate(process.guards):
        place: Place = ("guards", index)
        if guard.name in names[:index]:
            yield Finding((*place, "name"), f"two guards are called '{guard.name}'")
        yield from _Checked(process, vocabulary, guard, place).findings()


class _Checked:
    """One guard of a process."""

    def __init__(self, process: ProcessText, vocabulary: Vocabulary, guard: GuardText, place: Place) -> None:
        self._milestones = process.milestones
        self._vocabulary = vocabulary
        self._guard = guard
        self._place = place
        self._logged = {activity for one in process.milestones.values() for activity in one.on}

    def findings(self) -> Iterator[Finding]:
        of = self._of
        if of and of not in (ACTOR, *self._vocabulary.objects):
            yield Finding((*self._place, *self._question, "of"), unknown("object type", of, self._vocabulary.objects))
            return
        yield from self._asked(of)
        for where, activities, needs_object in self._answers():
            for index, activity in enumerate(activities):
                yield from self._answer((*self._place, *self._question, *where, index), activity, of, needs_object)
        if self._guard.follows is not None:
            yield from self._each(self._guard.follows)

    @property
    def _question(self) -> Place:
        guard = self._guard
        asked = {
            "status": guard.status, "differs": guard.differs, "limit": guard.limit, "own_limit": guard.own_limit,
            "follows": guard.follows,
        }  # fmt: skip
        return tuple(name for name, one in asked.items() if one is not None)

    @property
    def _of(self) -> str:
        guard = self._guard
        for one in (guard.status, guard.differs, guard.limit, guard.follows):
            if one is not None:
                return one.of
        return ACTOR

    def _asked(self, of: str) -> Iterator[Finding]:
        """The events that ask must name what they ask about."""
        for index, name in enumerate(self._guard.when):
            place: Place = (*self._place, "when", index)
            if name in self._milestones:
                for activity in self._milestones[name].on:
                    yield from self._names(place, activity, of)
            else:
                yield from self._answer(place, name, of, needs_object=True, milestones=True)

    def _answers(self) -> Iterator[tuple[Place, tuple[str, ...], bool]]:
        """Where activities stand that answer."""
        guard = self._guard
        if guard.status is not None:
            yield ("known_by",), guard.status.known_by, True
            for kind, conditions in (("must", guard.status.must), ("must_not", guard.status.must_not)):
                for name, one in conditions.items():
                    yield (kind, name, "from"), one.from_, True
                    yield (kind, name, "until"), one.until, True
        if guard.differs is not None:
            yield ("from",), guard.differs.from_, True
        if guard.limit is not None:
            yield ("amount",), guard.limit.amount, True
        if guard.own_limit is not None:
            yield ("told", "on"), guard.own_limit.told.on, True
        if guard.follows is not None:
            for word in ("done", "opened", "all_done", "cancel_on"):
                yield (word,), getattr(guard.follows, word), True

    def _answer(
        self, place: Place, activity: str, of: str, needs_object: bool, *, milestones: bool = False
    ) -> Iterator[Finding]:
        vocabulary = self._vocabulary
        if activity in vocabulary.technical:
            yield Finding(place, f"'{activity}' is technical: write the log's own activity name instead")
        elif activity in vocabulary.events or activity in self._logged:
            yield from self._names(place, activity, of) if needs_object else ()
        elif milestones and not vocabulary.is_event_type(activity):
            yield Finding(place, unknown("milestone or event type", activity, self._milestones))
        else:
            yield Finding(place, unknown("event type", activity, vocabulary.events))

    def _names(self, place: Place, activity: str, of: str) -> Iterator[Finding]:
        """An event that cannot name the object cannot ask about it, nor answer."""
        event = self._vocabulary.events.get(activity)
        wanted = WORKER if of == ACTOR and place[2] != "when" else of
        if event is not None and event.object != ANY_DOCUMENT and wanted != ACTOR and wanted not in event.named:
            named = ", ".join(sorted(event.named))
            yield Finding(place, f"'{activity}' names {named}, not '{wanted}'")

    def _each(self, follows: FollowsText) -> Iterator[Finding]:
        for index, name in enumerate(follows.each):
            place: Place = (*self._place, "follows", "each", index)
            if name not in self._vocabulary.objects:
                yield Finding(place, unknown("object type", name, self._vocabulary.objects))
            elif not _any_names(name, (*follows.done, *follows.opened), self._vocabulary):
                yield Finding(place, f"no event of `done` or `opened` names '{name}'")


def _any_names(name: str, activities: Iterable[str], vocabulary: Vocabulary) -> bool:
    return any(activity in vocabulary.events and name in vocabulary.events[activity].named for activity in activities)
