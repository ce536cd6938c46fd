"""Whether a case can begin: the words under `begins`, and that their events name the case object."""

from collections.abc import Iterator

from metrics.definitions.mistakes import Finding, Place, unknown
from metrics.definitions.schema import ProcessText
from metrics.vocabulary import Vocabulary


def begin_findings(process: ProcessText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Words that are neither milestone nor event, written twice, or whose events cannot say whose case begins.

    Nothing is said about the last while the case object itself is misspelt: that would be its echo.
    """
    logged = {activity for milestone in process.milestones.values() for activity in milestone.on}
    for index, name in enumerate(process.begins):
        place: Place = ("begins", index)
        if name in process.begins[:index]:
            yield Finding(place, f"'{name}' is written twice")
        elif name in vocabulary.technical:
            yield Finding(place, f"'{name}' is technical: write the log's own activity name instead")
        elif name in process.milestones:
            yield from _nameless(place, process.milestones[name].on, process, vocabulary)
        elif name in vocabulary.events or name in logged:
            yield from _nameless(place, (name,), process, vocabulary)
        elif vocabulary.is_event_type(name):
            yield Finding(place, unknown("event type", name, vocabulary.events))
        else:
            yield Finding(place, unknown("milestone or event type", name, process.milestones))


def _nameless(
    place: Place, activities: tuple[str, ...], process: ProcessText, vocabulary: Vocabulary
) -> Iterator[Finding]:
    wanted = process.case.object
    if wanted not in vocabulary.objects:
        return
    for activity in activities:
        event = vocabulary.events.get(activity)
        if event is not None and wanted not in event.named:
            names = ", ".join(sorted(event.named))
            yield Finding(place, f"no case can begin with '{activity}': it names {names}, not '{wanted}'")
