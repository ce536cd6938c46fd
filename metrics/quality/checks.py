"""What the words of `domains.yaml` mean: mistakes that only show against the vocabulary and the file itself."""

from collections.abc import Collection, Iterable, Iterator

from metrics.contracts.model import Contracts
from metrics.definitions.mistakes import Finding, Place, nearest, unknown
from metrics.quality.schema import DomainsText, GroupText, ObjectText


def check(text: DomainsText, contracts: Contracts) -> list[Finding]:
    """Every mistake of meaning, in the order of the file."""
    return [*_sources(text), *_objects(text, contracts)]


def _sources(text: DomainsText) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name, system in text.systems.items():
        for index, prefix in enumerate(system.sources):
            other = first.setdefault(prefix, name)
            if other != name:
                yield Finding(("systems", name, "sources", index), f"'{prefix}' is already a source of '{other}'")


def _objects(text: DomainsText, contracts: Contracts) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for domain, said in text.domains.items():
        for name, one in said.objects.items():
            place: Place = ("domains", domain, "objects", name)
            if name not in contracts.vocabulary.objects:
                yield Finding(place, unknown("object type", name, contracts.vocabulary.objects))
                continue
            other = owner.setdefault(name, domain)
            if other != domain:
                yield Finding(place, f"'{name}' already belongs to the domain '{other}'")
            yield from _object(text, contracts, place, name, one)


def _object(text: DomainsText, contracts: Contracts, place: Place, name: str, said: ObjectText) -> Iterator[Finding]:
    events, fields = contracts.vocabulary.events, _fields(contracts)
    yield from _known("object type", (*place, "told_by"), said.told_by, contracts.vocabulary.objects)
    yield from _known("event type", (*place, "ends"), said.ends, events)
    home: dict[str, str] = {}
    for group_name, group in said.groups.items():
        at = (*place, "groups", group_name)
        yield from _group(text, contracts, at, group)
        for index, field in enumerate(group.fields):
            other = home.setdefault(field, group_name)
            if other != group_name:
                yield Finding((*at, "fields", index), f"'{field}' already has its system of record in '{other}'")
    for field in said.same:
        if field not in home:
            yield Finding((*place, "same", field), f"no group has the field '{field}'{nearest(field, home)}")
    for rule, duplicate in said.duplicates.items():
        yield from _known("attribute", (*place, "duplicates", rule, "fields"), duplicate.fields, fields)
    if said.references is not None:
        yield from _known("event type", (*place, "references", "known_by"), said.references.known_by, events)
        for index, event in enumerate(said.references.known_by):
            if event in events and name not in events[event].named:
                at_event = (*place, "references", "known_by", index)
                yield Finding(at_event, f"'{event}' is not about a {name}, so it makes none known")


def _group(text: DomainsText, contracts: Contracts, place: Place, group: GroupText) -> Iterator[Finding]:
    events = contracts.vocabulary.events
    yield from _known("system", (*place, "record"), group.record, text.systems)
    yield from _known("field", (*place, "fields"), group.fields, _fields(contracts))
    yield from _known("event type", (*place, "changes"), group.changes, events)
    for name, target in group.targets.items():
        at = (*place, "targets", name)
        system = target.system or name
        if system not in text.systems:
            yield Finding(at, unknown("system", system, text.systems))
        elif system in group.record and not target.seen:
            yield Finding(at, f"'{system}' is the system of record: name the events that prove the arrival with `seen`")
        yield from _known("event type", (*at, "seen"), target.seen, events)


def _fields(contracts: Contracts) -> Collection[str]:
    return {*contracts.attributes, *contracts.vocabulary.objects}


def _known(kind: str, place: Place, words: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    for index, word in enumerate(words):
        if word not in known:
            yield Finding((*place, index), unknown(kind, word, known))
