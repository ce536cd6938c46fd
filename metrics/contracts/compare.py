"""What changed between two published sets of schemas, and whether readers or senders of a major version break.

Compatible: a new type, a new optional member, a further value of an enumeration, a lifted limit, other words in a
description. Breaking: all that makes an event wrong that was right, and all that takes a promise from readers (a
member, a type, a requirement).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from metrics.contracts.json_schema import ENDING, SHARED_FILE
from metrics.contracts.kinds import Schema

_REMARKS: Final = frozenset({"$schema", "$comment", "$id", "title", "description", "examples", "default", "deprecated"})
_MEMBERS: Final = frozenset({"properties", "$defs"})
_NESTED: Final = frozenset({"items", "contains", "if", "not", "additionalProperties"})
_NOTHING_REQUIRED: Final[Schema] = {"properties": {"data": {"properties": {"objects": {}, "attributes": {}}}}}
"""What a condition says that is not there, so that what it came to say is told member by member."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `file`: of the schema; `member`: a path such as ``data.attributes.facility``."""

    file: str
    member: str
    what: str
    breaking: bool

    @property
    def type(self) -> str:
        """The event type; empty for what all events share."""
        return "" if self.file == SHARED_FILE else self.file.removesuffix(ENDING)

    @property
    def advice(self) -> str:
        """What to do about a breaking change."""
        if not self.type:
            return "every event shares this: restore it; only a new major version of all types could change it"
        stem, _, major = self.type.rpartition(".v")
        return f"restore it, or leave {self.type} as it is and add {stem}.v{int(major) + 1} beside it"

    def __str__(self) -> str:
        where = f"{self.type or 'all types'}: {self.member}" if self.member else self.type or "all types"
        said = f"{self.file}: {where}: {self.what}"
        return f"{said}; {self.advice}" if self.breaking else said


def changes(before: Mapping[str, Schema], after: Mapping[str, Schema]) -> list[Change]:
    """Every difference between two sets of schemas by file name, in order of file and member."""
    found: list[Change] = []
    for file in sorted(before.keys() | after.keys()):
        if file not in after:
            found.append(_removed(file, before[file], after))
        elif file not in before:
            found.append(Change(file, "", "new type", False))
        else:
            found += [Change(file, *one) for one in _differences(before[file], after[file], "")]
    return found


def _removed(file: str, schema: Schema, after: Mapping[str, Schema]) -> Change:
    stem, _, major = file.removesuffix(ENDING).rpartition(".v")
    later = stem and any(
        other.startswith(f"{stem}.v") and int(other.removesuffix(ENDING).rpartition(".v")[2]) > int(major)
        for other in after
    )
    if schema.get("deprecated") and later:
        return Change(file, "", "removed after it was deprecated", False)
    return Change(file, "", "the type is removed", True)


_Difference = tuple[str, str, bool]


def _differences(before: Any, after: Any, place: str) -> Iterator[_Difference]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield place, f"{_shown(before)} became {_shown(after)}", True
        return
    for word in sorted((before.keys() | after.keys()) - _REMARKS):
        if word.startswith("x-"):
            continue
        yield from _word(word, before.get(word), after.get(word), place)


def _word(word: str, before: Any, after: Any, place: str) -> Iterator[_Difference]:
    """The difference in one word of a schema; None stands for a word that is not there."""
    if before == after or (word == "if" and None in (before, after)):
        return  # a condition comes and goes with its `else`, which tells more
    if word in _MEMBERS:
        yield from _members(before or {}, after or {}, place)
    elif word == "required":
        yield from _required(before or [], after or [], place)
    elif word in ("allOf", "anyOf"):
        yield from _alternatives(word, before or [], after or [], place)
    elif word in ("then", "else"):
        yield from _differences(before or _NOTHING_REQUIRED, after or _NOTHING_REQUIRED, place)
    elif before is None or after is None:
        yield _limit(word, before, after, place)
    elif word == "enum":
        yield from _enumeration(before, after, place)
    elif word in _NESTED:
        yield from _differences(before, after, place + ("[]" if word == "items" else ""))
    else:
        yield place, f"{word} {_shown(before)} became {_shown(after)}", True


def _limit(word: str, before: Any, after: Any, place: str) -> _Difference:
    if before is None:
        return place, f"a new limit: {word} {_shown(after)}", True
    promised = word in ("type", "const", "contains")
    return place, f"{word} {_shown(before)} is {'taken back' if promised else 'no limit any longer'}", promised


def _members(before: Schema, after: Schema, place: str) -> Iterator[_Difference]:
    for name in sorted(before.keys() | after.keys()):
        inner = f"{place}.{name}" if place else name
        if name not in after:
            yield inner, "the member is removed", True
        elif name not in before:
            yield inner, "new", False
        else:
            yield from _differences(before[name], after[name], inner)


def _required(before: list[str], after: list[str], place: str) -> Iterator[_Difference]:
    for name in sorted(set(before) ^ set(after)):
        what = "is newly required: senders that leave it out break" if name in after else (
            "is no longer required: readers that rely on it break"
        )  # fmt: skip
        yield f"{place}.{name}" if place else name, what, True


def _enumeration(before: list[Any], after: list[Any], place: str) -> Iterator[_Difference]:
    for value in before:
        if value not in after:
            yield place, f"the value {_shown(value)} is no longer allowed", True
    for value in after:
        if value not in before:
            yield place, f"further value {_shown(value)}", False


def _alternatives(word: str, before: list[Any], after: list[Any], place: str) -> Iterator[_Difference]:
    """Lists of schemas, whose order says nothing. Where as many go as come, they are compared one by one."""
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if len(gone) == len(come):
        for left, right in zip(gone, come, strict=True):
            yield from _differences(left, right, place)
        return
    for one in gone:
        yield place, f"{_shown(one)} is no longer {'required' if word == 'allOf' else 'allowed'}", True
    for one in come:
        yield place, f"{_shown(one)} is new", word == "allOf"


def _shown(value: Any) -> str:
    """A piece of a schema, short; an object that must be named is called by its type."""
    if isinstance(value, dict) and "contains" in value:
        return f"an object of type {value['contains']['properties']['type']['const']}"
    return json.dumps(value, ensure_ascii=False)
