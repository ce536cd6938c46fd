"""Snapshots compared: what of an object's watched fields changed since it was last seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from streams.codecs.reasons import Unreadable
from streams.sources.message import Scope, Snapshot, States
from streams.sources.readers import Reader
from streams.sources.reasons import NO_REVISION
from streams.sources.rules import subject_id
from streams.sources.scalars import text_of

GO, STALE, UNCHANGED, BASELINE = "go", "stale", "unchanged", "baseline"
WHY: Final[Mapping[str, str]] = {
    STALE: "an older revision than the one already seen",
    UNCHANGED: "no watched field changed",
    BASELINE: "seen for the first time: remembered without events",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The compiled `state` of a kind of message."""

    name: str
    key_type: str
    key: Reader
    watch: tuple[tuple[str, Reader], ...]
    before: tuple[tuple[str, Reader], ...]
    order: Reader | None
    order_kind: str
    baseline: bool


class Compared(msgspec.Struct, frozen=True, gc=False):
    """What a comparison says: what to do, the key and the snapshot to remember, the revision as a text."""

    verdict: str
    key: str = ""
    snapshot: Snapshot | None = None
    revision: str = ""


def compare(
    rule: Comparison, kind: str, scope: Scope, source: str, states: States, changed: Mapping[str, Snapshot]
) -> Compared:
    """Compare the item in `scope` and set its `before`, `after` and `first_seen`.

    Raises `Unreadable`; its detail names the kind of message and the part.
    """
    part = "state"
    try:
        after = {name: text_of(read(scope, scope.item)) for name, read in rule.watch}
        revision = _revision(rule, scope)
        scope.after = after
        if rule.before:
            scope.before = {name: text_of(read(scope, scope.item)) for name, read in rule.before}
            scope.first_seen = False
            verdict = GO if scope.before != after else UNCHANGED
            return Compared(verdict, revision="" if revision is None else str(revision))
        part = "key"
        key = f"{source}|{rule.name}|{rule.key_type}/{subject_id(rule.key, scope)}"
    except Unreadable as error:
        raise Unreadable(error.reason, f"{kind}, {part}: {error.detail}") from None
    last = changed.get(key) or states.get(key)
    snapshot = Snapshot(0 if revision is None else revision, after)
    text = "" if revision is None else str(revision)
    if last is None:
        scope.before, scope.first_seen = dict.fromkeys(after), True
        return Compared(BASELINE if rule.baseline else GO, key, snapshot, text)
    scope.before, scope.first_seen = last.fields, False
    if revision is not None and type(last.revision) is type(revision) and revision < last.revision:  # type: ignore[operator]
        return Compared(STALE, key, None, text)
    for name, value in after.items():
        if last.fields.get(name) != value:
            return Compared(GO, key, snapshot, text)
    return Compared(UNCHANGED, key, None if last.revision == snapshot.revision else snapshot, text)


def _revision(rule: Comparison, scope: Scope) -> int | str | None:
    if rule.order is None:
        return None
    found = rule.order(scope, scope.item)
    if rule.order_kind == "time":
        if found is None:
            raise Unreadable(NO_REVISION, "the time of order is missing")
        return int(found[0])
    text = text_of(found)
    if text is None:
        raise Unreadable(NO_REVISION, "the revision is missing")
    if rule.order_kind == "text":
        return text
    if not (text.isdecimal() and text.isascii() and len(text) <= 17):
        raise Unreadable(NO_REVISION, f"{text[:40]!r} is no whole number from 0")
    return int(text)
