"""Inheritance between mapping files: mappings merge word by word, everything else replaces, nothing (null) removes.

``redact`` is the exception: its lists add up, so that no override uncovers a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from metrics.definitions.mistakes import Place
from streams.sources.conditions import CONDITION_WORDS, VALUE_TESTS
from streams.sources.step_words import STEPS

Where = dict[Place, tuple[str, int]]


@dataclass
class Written:
    """Merged data with the file and line that each place comes from."""

    data: dict[str, Any]
    where: Where = field(default_factory=dict)

    def at(self, place: Place) -> tuple[str, int]:
        """File and line of a place, or of the nearest thing around it."""
        while place and place not in self.where:
            place = place[:-1]
        return self.where.get(place, ("", 0))


def merged(base: Written, over: Written) -> Written:
    """`over` laid upon `base`; `mapping`, `abstract` and `extends` are never inherited."""
    own = ("mapping", "abstract", "extends")
    lower = Written({name: value for name, value in base.data.items() if name not in own}, dict(base.where))
    data = _merge(lower.data, over.data, (), lower.where, over.where)
    both = [*base.data.get("redact", ()), *over.data.get("redact", ())]
    if both and "redact" in base.data:
        data["redact"] = sorted(set(map(str, both)))
    return Written(data, lower.where)


def _merge(
    base: Mapping[str, Any], over: Mapping[str, Any], place: Place, where: Where, above: Where
) -> dict[str, Any]:
    result = dict(base)
    if place in above:
        where[place] = above[place]
    for name, value in over.items():
        inside = (*place, name)
        if value is None:
            result.pop(name, None)
            _forget(where, inside)
            if place and place[-1] in FACTS:
                result[name] = None  # it also removes what the kind of message or the whole mapping says
        elif isinstance(value, dict) and isinstance(result.get(name), dict) and not _is_step(name, value):
            result[name] = _merge(result[name], value, inside, where, above)
        else:
            result[name] = value
            _forget(where, inside)
            where.update({at: line for at, line in above.items() if at[: len(inside)] == inside})
    return result


def _is_step(name: str, value: Mapping[str, Any]) -> bool:
    """One step or condition is a value, not a mapping to be merged: half of it would mean nothing."""
    return name not in NAMED_THINGS and not STEP_WORDS.isdisjoint(value)


FACTS: Final = frozenset(("attributes", "objects", "enrich"))
NAMED_THINGS: Final = frozenset(
    "attributes objects let watch values settings rules messages tables enrich ignore state columns "  # noqa: SIM905
    "namespaces sums lines".split()
)
STEP_WORDS: Final = frozenset((*STEPS, *CONDITION_WORDS, *VALUE_TESTS)) - {"value"}


def _forget(where: Where, inside: Place) -> None:
    for place in [place for place in where if place[: len(inside)] == inside]:
        del where[place]


def with_likes(written: Written) -> tuple[Written, list[tuple[Place, str]]]:
    """Every message kind with `like` filled up from the kind it names; what is wrong with that, by place."""
    kinds = written.data.get("messages")
    if not isinstance(kinds, dict):
        return written, []
    wrong: list[tuple[Place, str]] = []
    done: dict[str, Any] = {}
    where = dict(written.where)
    for name in kinds:
        _fill(name, kinds, done, where, wrong, ())
    return Written({**written.data, "messages": {name: done[name] for name in kinds}}, where), wrong


def _fill(
    name: str, kinds: dict[str, Any], done: dict[str, Any], where: Where, wrong: list[tuple[Place, str]],
    path: tuple[str, ...],
) -> None:  # fmt: skip
    if name in done:
        return
    kind = kinds[name]
    done[name] = kind
    like = kind.get("like") if isinstance(kind, dict) else None
    if like is None:
        return
    place = ("messages", name)
    if not isinstance(like, str) or not isinstance(kinds.get(like), dict):
        known = ", ".join(sorted(set(kinds) - {name}))
        wrong.append(((*place, "like"), f"there is no kind of message '{like}'; known: {known}"))
        return
    if like in path or like == name:
        wrong.append(((*place, "like"), "leads back to itself"))
        return
    _fill(like, kinds, done, where, wrong, (*path, name))
    own = ("like", "abstract", "accept", "answers")
    base = {word: value for word, value in done[like].items() if word not in own}
    lower: Where = {
        (*place, *at[2:]): line
        for at, line in where.items()
        if at[:2] == ("messages", like) and (len(at) < 3 or at[2] not in own)
    }
    above = {at: line for at, line in where.items() if at[:2] == place}
    done[name] = _merge(base, kind, place, lower, above)
    _forget(where, place)
    where.update(lower)
