"""Domains as the judgement needs them: compiled, immutable, looked up by object type."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


def is_below(source: str, prefix: str) -> bool:
    """Whether a CloudEvents source is a declared prefix, or continues it after a boundary."""
    return source.startswith(prefix) and source[len(prefix) : len(prefix) + 1] in ("", "/", "-", "_")


@dataclass(frozen=True, slots=True)
class Target:
    """`seen`: event types that prove a change's arrival; empty: any event of the system about the object."""

    name: str
    system: str
    within: int
    seen: frozenset[str]
    from_effective: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields with one system of record; `record` has several where each facility has its own."""

    name: str
    record: frozenset[str]
    fields: tuple[str, ...]
    changes: frozenset[str]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Objects whose `fields` agree are one; `similar` says how they are compared (exact, number or name)."""

    name: str
    fields: tuple[str, ...]
    similar: str


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    """Who is named must become known `within` microseconds; `kind` is what the exception is called."""

    known_by: frozenset[str]
    within: int
    attributes: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class ObjectRules:
    """All that is expected of one object type. `secret`: fields whose values are only ever kept as fingerprints."""

    type: str
    domain: str
    owner: str
    within: int
    groups: tuple[Group, ...]
    told_by: frozenset[str]
    same: Mapping[str, Mapping[str, str]]
    duplicates: tuple[DuplicateRule, ...]
    references: ReferenceRule | None
    ends: frozenset[str]
    secret: frozenset[str]

    @cached_property
    def similar(self) -> Mapping[str, str]:
        """Field → how its values are compared, where a rule for duplicates says it; the first rule that names it."""
        return {field: rule.similar for rule in reversed(self.duplicates) for field in rule.fields}

    @cached_property
    def group_of_field(self) -> Mapping[str, Group]:
        return {field: group for group in self.groups for field in group.fields}

    @cached_property
    def target_of(self) -> Mapping[tuple[str, str], Target]:
        """(group, system) → the target with the shortest time."""
        by_time = sorted(((group, target) for group in self.groups for target in group.targets),
                         key=lambda pair: -pair[1].within)  # fmt: skip
        return {(group.name, target.system): target for group, target in by_time}


@dataclass(frozen=True)
class Domains:
    """Everything of one `domains.yaml`. `systems`: name → title."""

    systems: Mapping[str, str]
    titles: Mapping[str, str]
    owners: Mapping[str, str]
    objects: Mapping[str, ObjectRules]
    sources: tuple[tuple[str, str], ...]
    """(prefix of a source, system), longest prefix first."""
    words: Mapping[str, str]
    """What the attribute `system` may say, in small letters → system."""

    def system_of(self, source: str) -> str:
        """The system that a CloudEvents source belongs to; a source nobody declared stands for itself."""
        for prefix, system in self.sources:
            if is_below(source, prefix):
                return system
        return source
