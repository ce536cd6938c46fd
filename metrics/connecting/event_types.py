"""Which canonical type the words of a step, a column or a file mean."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from metrics.connecting.words import KEY_WORDS, OBJECTS, VERBS
from metrics.texts.names import words
from metrics.vocabulary import EventType, Vocabulary

_TYPES: Final = frozenset(kind for _, kind in OBJECTS) | {"facility", "department", "cost_center"}
_FEW: Final = 2
"""Longer steps speak of something of their own, and not of the case as such."""
_WHEN: Final = frozenset(("date", "time", "on", "at", "datum", "timestamp"))


class Meant(NamedTuple):
    """A canonical type ('' for none), and whether the words themselves name its object."""

    type: str
    named: bool


def object_in(name: str, vocabulary: Vocabulary) -> str:
    """The type of the object that a name speaks of first; '' for none."""
    said = words(name)
    for start in range(len(said)):
        for phrase, kind in OBJECTS:
            if tuple(_singular(said[start : start + len(phrase)])) == phrase:
                return kind
        for kind in vocabulary.objects:
            parts = kind.split("_")
            if _singular(said[start : start + len(parts)]) == parts:
                return kind
    return ""


def is_key(name: str) -> bool:
    """Whether a name asks for a number: its words hold one such as id or no, or it is an object's name."""
    return asks_for_number(name) or is_object(name)


def asks_for_number(name: str) -> bool:
    """Whether a word such as id or no stands in a name."""
    said = words(name)
    return bool(KEY_WORDS.intersection(said)) or (len(said) == 1 and said[0].endswith(("id", "nr", "no")))


def is_object(name: str) -> bool:
    """Whether a name is that of an object and nothing else."""
    said = tuple(_singular(words(name)))
    return any(said == phrase for phrase, _ in OBJECTS) or "_".join(said) in _TYPES


def event_type_of(text: str, assumed: str, vocabulary: Vocabulary) -> Meant:
    """The canonical type that a step's words mean, about the object they name, else about `assumed`."""
    said = words(text)
    if text in vocabulary.events:
        return Meant(text, True)
    for event in vocabulary.events.values():
        if words(event.title) == said:
            return Meant(event.name, True)
    named = object_in(text, vocabulary)
    kind = named or (assumed if len(said) <= _FEW else "")
    found = _by_verb(said, events_about(kind, vocabulary)) if kind else ""
    return Meant(found, bool(found and named))


def first_event_of(name: str, vocabulary: Vocabulary) -> str:
    """What a name such as ``Invoice Date`` means: the first that happens to the object; '' for other names."""
    kind = object_in(name, vocabulary)
    of_object = {word for phrase, one in OBJECTS if one == kind for word in phrase} | set(kind.split("_"))
    said = set(_singular(words(name)))
    if not kind or not said & _WHEN or said - _WHEN - of_object:
        return ""
    return next((event.name for event in events_about(kind, vocabulary)), "")


def events_about(kind: str, vocabulary: Vocabulary) -> list[EventType]:
    """The canonical types about a type of object; those that only an enrichment's answer gives are not among them."""
    return [event for event in vocabulary.events.values() if event.object == kind and ".detailed." not in event.name]


def _by_verb(said: Sequence[str], events: Sequence[EventType]) -> str:
    for word in said:
        for event in events:
            tail = event.name.split(".")[1]
            if word == tail or word in VERBS.get(tail, ()):
                return event.name
    return ""


def _singular(said: Sequence[str]) -> list[str]:
    return [word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word for word in said]
