"""How each case really went against what the catalogue asks of it, worked out from all its steps at once.

Written for the truth alone: each rule is a question to the whole list of steps, and nothing is remembered on the way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from metrics.words import ObjectRef

Finding = tuple[str, str, str, str, int, int]
"""(kind, rule, milestone, object, time of the first event in microseconds UTC, number of events)."""


class Went(NamedTuple):
    """One event of a case: when and by whom it was told, its number, the milestones it reached, and what it named."""

    time: int
    source: str
    number: int
    milestones: tuple[str, ...]
    objects: tuple[ObjectRef, ...]

    def names(self, kind: str) -> tuple[str, ...]:
        """The ids of one type that it names; '' stands for the case as a whole."""
        return tuple(ref.id for ref in self.objects if ref.type == kind) if kind else ("",)


class Ways:
    """The conformance rules of the catalogue, asked of whole cases."""

    def __init__(self) -> None:
        self._texts: dict[str, Mapping[str, Any]] = {}

    def judge(self, process: str, steps: Sequence[Went]) -> list[Finding]:
        """Every deviation of a case, sorted."""
        if process not in self._texts:
            written = files("metrics").joinpath("definitions", "catalogue", f"{process}.yaml").read_text("utf-8")
            self._texts[process] = yaml.safe_load(written)
        return judged_by(self._texts[process], steps)


def judged_by(text: Mapping[str, Any], steps: Sequence[Went]) -> list[Finding]:
    """Every deviation from what a process file says, sorted."""
    rules, sources = text.get("conformance") or {}, list(text.get("sources", ()))
    ordered = sorted(steps, key=lambda one: (one.time, _rank(one.source, sources), one.number))
    found = [*_order(rules, ordered), *_never(rules, ordered), *_repeats(rules, ordered)]
    if "after_end" in rules:
        found += _after_end(text, _listed(rules["after_end"]), ordered)
    return sorted(found)


def _rank(source: str, sources: Sequence[str]) -> int:
    return sources.index(source) if source in sources else len(sources)


def _order(rules: Mapping[str, Any], steps: Sequence[Went]) -> Iterator[Finding]:
    for rule in rules.get("order", ()):
        for after in _listed(rule["after"]):
            name = f"{rule['step']} after {after}{_scope(rule)}"
            each, since = rule.get("each", ""), rule.get("since", "")

            def broken(at: int, one: str, after: str = after, each: str = each, since: str = since) -> bool:
                begun = _last(steps[: at + 1], since, each, one) if since else 0
                return begun >= 0 and _last(steps[begun : at + 1], after, each, one, loosely=True) < 0

            def settled(at: int, named: Sequence[str], after: str = after, each: str = each, since: str = since) -> int:
                return _first(steps, at + 1, {after, since}, each, named)

            for at, end, one, count in _grouped(steps, rule["step"], each, broken, settled):
                healed = end < len(steps) and not (since and since in steps[end].milestones)
                yield ("wrong_order" if healed else "missing", name, rule["step"], one, steps[at].time, count)


def _never(rules: Mapping[str, Any], steps: Sequence[Went]) -> Iterator[Finding]:
    for rule in rules.get("never", ()):
        each, after = rule.get("each", ""), rule.get("after", "")
        name = f"never {rule['step']}{f' after {after}' if after else ''}{_scope(rule)}"

        def broken(at: int, one: str, after: str = after, each: str = each) -> bool:
            return not after or _last(steps[:at], after, each, one) >= 0

        for at, _, one, count in _grouped(steps, rule["step"], each, broken, lambda _at, _named: len(steps)):
            yield ("extra", name, rule["step"], one, steps[at].time, count)


def _repeats(rules: Mapping[str, Any], steps: Sequence[Went]) -> Iterator[Finding]:
    for rule in rules.get("repeats", ()):
        each, since, step, most = rule.get("each", ""), rule.get("since", ""), rule["step"], rule["at_most"]

        def broken(at: int, one: str, each: str = each, since: str = since, step: str = step, most: int = most) -> bool:
            begun = max(_last(steps[: at + 1], since, each, one), 0) if since else 0
            times = [went for went in steps[begun : at + 1] if step in went.milestones and one in went.names(each)]
            return len(times) > most

        def settled(at: int, named: Sequence[str], each: str = each, since: str = since) -> int:
            return _first(steps, at + 1, {since}, each, named)

        for at, _, one, count in _grouped(steps, step, each, broken, settled):
            yield ("rework", f"{step} at most {most}{_scope(rule)}", step, one, steps[at].time, count)


def _after_end(text: Mapping[str, Any], allowed: Sequence[str], steps: Sequence[Went]) -> Iterator[Finding]:
    ends = {end["milestone"] for end in text["ends"]}
    reopens = set(_listed(text.get("reopens", ())))
    over, late = False, dict[str, list[int]]()
    for went in steps:
        if over and not reopens.intersection(went.milestones):
            for name in went.milestones:
                if name not in allowed:
                    late.setdefault(name, []).append(went.time)
        for name in went.milestones:  # in the order in which the process declares them
            over = (over and name not in reopens) or name in ends
    for name, times in late.items():
        yield ("extra", "nothing after the end", name, "", times[0], len(times))


def _grouped(
    steps: Sequence[Went],
    step: str,
    each: str,
    broken: Callable[[int, str], bool],
    settled: Callable[[int, Sequence[str]], int],
) -> Iterator[tuple[int, int, str, int]]:
    """The events that break a rule, those of one object together until settled: (first, settled at, object, many)."""
    groups: dict[tuple[str, int], list[int]] = {}
    for at, went in enumerate(steps):
        named = went.names(each) if step in went.milestones else ()
        if named and all(broken(at, one) for one in named):
            groups.setdefault((min(named), settled(at, named)), []).append(at)
    for (one, end), places in groups.items():
        yield places[0], end, one, len(places)


def _last(steps: Sequence[Went], name: str, each: str, one: str, loosely: bool = False) -> int:
    """Where the milestone was last reached for an object; -1: nowhere. `loosely`: or without saying for which."""
    reached = [(at, went.names(each)) for at, went in enumerate(steps) if name in went.milestones]
    places = [at for at, named in reached if one in named or (loosely and not named)]
    return places[-1] if places else -1


def _first(steps: Sequence[Went], start: int, names: set[str], each: str, named: Sequence[str]) -> int:
    """Where, from `start` on, one of the milestones is reached for one of the objects; the number of steps: nowhere."""
    for at in range(start, len(steps)):
        if names.intersection(steps[at].milestones) and set(named).intersection(steps[at].names(each)):
            return at
    return len(steps)


def _scope(rule: Mapping[str, Any]) -> str:
    since, each = rule.get("since", ""), rule.get("each", "")
    return f"{f' since {since}' if since else ''}{f' each {each}' if each else ''}"


def _listed(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
