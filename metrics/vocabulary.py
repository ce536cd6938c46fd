"""The vocabulary: object types, event types, keys on spans and carriers, as `vocabulary.yaml` beside this file says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from metrics.definitions.yaml_text import QUICK_LOADER

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.yaml")

LOOKS_CANONICAL = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
"""A dotted lower-case word is meant as an event type; anything else is a log's own activity name."""


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A kind of business object; `shared` ones are touched by many cases and never link other objects."""

    name: str
    title: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of business event: its subject's type, other types it names when it knows them, and its attributes."""

    name: str
    title: str
    meaning: str
    object: str
    others: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """Every object type that an event of this type may name."""
        return frozenset((self.object, *self.others))


@dataclass(frozen=True, slots=True)
class Carrier:
    """A place where a trace's identity (`gives` = trace) or a business key (`gives` = key) may ride."""

    name: str
    where: str
    gives: str
    meaning: str


@dataclass(frozen=True)
class Vocabulary:
    """All words; mappings are read-only."""

    objects: Mapping[str, ObjectType]
    events: Mapping[str, EventType]
    technical: frozenset[str]
    span_keys: Mapping[str, str]
    carriers: tuple[Carrier, ...]

    @cached_property
    def span_attributes(self) -> Mapping[str, str]:
        """Every attribute that may hold a business key, without the prefix `baggage.`, with its object type."""
        always = {f"flowglass.{name}.id": name for name in self.objects}
        return MappingProxyType({**always, **self.span_keys})

    def is_event_type(self, activity: str) -> bool:
        """Whether `activity` is written like an event type, known or not (log activities are not)."""
        return LOOKS_CANONICAL.fullmatch(activity) is not None


def load_vocabulary(path: Path = VOCABULARY_FILE) -> Vocabulary:
    """Read a vocabulary file. Raises `ValueError` when a word in it is used but not defined."""
    text = yaml.load(path.read_text(encoding="utf-8"), QUICK_LOADER)
    objects = {
        name: ObjectType(name, said["title"], said.get("shared", False)) for name, said in text["objects"].items()
    }
    events = {name: _event_type(name, said) for name, said in text["events"].items()}
    used = {word for event in events.values() for word in event.named} | set(text["span_keys"].values())
    if unknown := sorted(used - set(objects)):
        raise ValueError(f"{path.name}: object types used but not defined: {', '.join(unknown)}")
    return Vocabulary(
        objects=MappingProxyType(objects),
        events=MappingProxyType(events),
        technical=frozenset(text["technical"]),
        span_keys=MappingProxyType(dict(text["span_keys"])),
        carriers=tuple(Carrier(**said) for said in text["carriers"]),
    )


def _event_type(name: str, said: Mapping[str, Any]) -> EventType:
    return EventType(
        name=name,
        title=said["title"],
        meaning=said["meaning"],
        object=said["object"],
        others=tuple(said.get("with", ())),
        attributes=tuple(said.get("attributes", ())),
    )
