"""Whether objects and events find their way to a case."""

from collections.abc import Iterator

from metrics.definitions.mistakes import Finding, Place, nearest, unknown
from metrics.definitions.schema import ProcessText
from metrics.vocabulary import Vocabulary


def objects_of(process: ProcessText) -> frozenset[str]:
    """The case object and everything that is drawn in."""
    return frozenset((process.case.object, *(link.object for link in process.correlation)))


def correlation_findings(process: ProcessText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Unknown types, links given twice, links through hubs, circles, and links that never reach the case."""
    known_case = process.case.object in vocabulary.objects
    if not known_case:
        yield Finding(("case", "object"), unknown("object type", process.case.object, vocabulary.objects))
    pairs: set[tuple[str, str]] = set()
    for index, link in enumerate(process.correlation):
        for word, kind in (("object", link.object), ("through", link.through)):
            if kind not in vocabulary.objects:
                yield Finding(("correlation", index, word), unknown("object type", kind, vocabulary.objects))
            elif vocabulary.objects[kind].shared and kind != process.case.object:
                message = f"'{kind}' is shared by many cases and would glue them together; link through something else"
                yield Finding(("correlation", index, word), message)
        if link.object == process.case.object:
            yield Finding(("correlation", index, "object"), f"'{link.object}' is the case object; it needs no link")
        if (link.object, link.through) in pairs:
            message = f"'{link.object}' through '{link.through}' is written twice"
            yield Finding(("correlation", index, "object"), message)
        pairs.add((link.object, link.through))
    if known_case:
        yield from _paths(process)


def _paths(process: ProcessText) -> Iterator[Finding]:
    parents: dict[str, set[str]] = {}
    for link in process.correlation:
        parents.setdefault(link.object, set()).add(link.through)
    known = objects_of(process)
    for index, link in enumerate(process.correlation):
        if link.through not in known:
            message = f"'{link.through}' is not part of this process{nearest(link.through, known)}"
            yield Finding(("correlation", index, "through"), message)
        elif link.object in ancestors(link.through, parents):
            message = f"'{link.object}' and '{link.through}' hang on each other in a circle"
            yield Finding(("correlation", index, "through"), message)


def ancestors(kind: str, parents: dict[str, set[str]]) -> set[str]:
    """Every type that `kind` hangs on, itself included."""
    found: set[str] = set()
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(parents.get(one, ()))
    return found


def reach_findings(process: ProcessText, vocabulary: Vocabulary, objects: frozenset[str]) -> Iterator[Finding]:
    """Event types that do not exist, and those whose events never name an object of this process.

    Nothing is said about the latter while an object type itself is misspelt: that would be its echo.
    """
    spelt = objects <= vocabulary.objects.keys()
    for name, milestone in process.milestones.items():
        for activity in milestone.on:
            place: Place = ("milestones", name, "on")
            if activity in vocabulary.technical:
                yield Finding(place, f"'{activity}' is technical: write the log's own activity name instead")
            elif not vocabulary.is_event_type(activity):
                continue  # a log's activity name: only the log knows it
            elif activity not in vocabulary.events:
                yield Finding(place, unknown("event type", activity, vocabulary.events))
            elif spelt and not vocabulary.events[activity].named & objects:
                names = ", ".join(sorted(vocabulary.events[activity].named))
                message = f"no event '{activity}' can reach a case: it names {names}, none of which is linked"
                yield Finding(place, message)
