"""Whether the rules under `conformance` can be judged, and do not contradict themselves."""

from collections.abc import Iterator

from metrics.definitions.mistakes import Finding, Place, unknown
from metrics.definitions.schema import ProcessText
from metrics.vocabulary import Vocabulary

_Rule = tuple[str, tuple[str, ...], str | None, str | None]
"""Step, what it comes after, since, each."""


def conformance_findings(process: ProcessText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Unknown milestones and objects, rules that no case can keep, and rules that stand twice."""
    text = process.conformance
    if text is None:
        return
    seen: set[tuple[object, ...]] = set()
    rules: list[tuple[Place, _Rule]] = [
        *(
            (("conformance", "order", at), (one.step, one.after, one.since, one.each))
            for at, one in enumerate(text.order)
        ),
        *(
            (("conformance", "never", at), (one.step, _listed(one.after), None, one.each))
            for at, one in enumerate(text.never)
        ),
        *((("conformance", "repeats", at), (one.step, (), one.since, one.each)) for at, one in enumerate(text.repeats)),
    ]
    for place, (step, after, since, each) in rules:
        used = [("step", step), *(("after", name) for name in after), *(("since", name) for name in _listed(since))]
        yield from _words(process, place, used)
        yield from _itself(place, used)
        yield from _each(process, vocabulary, place, used, each)
        same = {(place[1], step, name, since, each) for name in after or ("",)}
        if seen & same:
            yield Finding(place, "this rule stands twice")
        seen |= same
    yield from _after_end(process)


def _listed(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _words(process: ProcessText, place: Place, used: list[tuple[str, str]]) -> Iterator[Finding]:
    for word, name in used:
        if name not in process.milestones:
            yield Finding((*place, word), unknown("milestone", name, process.milestones))


def _itself(place: Place, used: list[tuple[str, str]]) -> Iterator[Finding]:
    step = used[0][1]
    for word, name in used[1:]:
        if name == step:
            yield Finding((*place, word), f"'{step}' cannot be held against itself")
    afters = {name for word, name in used if word == "after"}
    for word, name in used:
        if word == "since" and name in afters:
            yield Finding((*place, word), f"'{name}' is what the step must come after: leave 'since' out")


def _each(
    process: ProcessText, vocabulary: Vocabulary, place: Place, used: list[tuple[str, str]], each: str | None
) -> Iterator[Finding]:
    """Every event concerned must name the object, or it would be judged by no object at all."""
    if each is None:
        return
    if each not in vocabulary.objects:
        yield Finding((*place, "each"), unknown("object type", each, vocabulary.objects))
        return
    for word, name in used:
        milestone = process.milestones.get(name)
        for activity in milestone.on if milestone else ():
            event = vocabulary.events.get(activity)
            if event is not None and each not in event.named:
                named = ", ".join(sorted(event.named))
                yield Finding((*place, word), f"'{activity}' names {named}, not '{each}': it cannot be judged by it")


def _after_end(process: ProcessText) -> Iterator[Finding]:
    text = process.conformance
    if text is None or text.after_end is None:
        return
    for name in text.after_end:
        if name not in process.milestones:
            yield Finding(("conformance", "after_end"), unknown("milestone", name, process.milestones))
        elif name in process.reopens:
            yield Finding(("conformance", "after_end"), f"'{name}' reopens the case: it needs no permission here")
