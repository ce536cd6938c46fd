"""The rules of conformance turned inside out: for the milestones of one event, all that is asked, in a few numbers.

What has come for an object, and what stands open, is a bit each: a rule is kept or broken by one look at them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from metrics.definitions.conformance import NEVER, NOTHING, ORDER, REPEAT, Rule
from metrics.definitions.model import Definition


class Bits(NamedTuple):
    """What one milestone, or several at once, mean to the objects of type `each` ('' is the case as a whole).

    `comes`: set for good. `opens`, `closes`: set, and cleared again. `needs`: must be set for one of the objects.
    `refuses`: broken when still open for all of them. `bars`: broken when set for all of them by an earlier event.
    `quiet`: without a mark there is nothing to do. `rules`: whose bit is whose, as (bit, rule, step).
    """

    each: str
    comes: int = 0
    opens: int = 0
    closes: int = 0
    needs: int = 0
    refuses: int = 0
    bars: int = 0
    quiet: bool = False
    rules: tuple[tuple[int, Rule, str], ...] = ()


class Duties(NamedTuple):
    """What reaching some milestones at once means to the rules.

    `needs`: (milestone that must have come, rule, step). `limits`: (so often the case's own count says nothing, rule,
    step) of repetitions. `marked`: rules that remember something by object. `settles`: rules whose deviations it
    settles, True where it makes up for what is missing. `bans`: (rule, step) that may never come. `limited`: rules
    whose count begins afresh. `late`: those of the milestones that are extra in an ended case. `reopens`: one of them
    reopens it.
    """

    needs: tuple[tuple[str, Rule, str], ...] = ()
    limits: tuple[tuple[int, Rule, str], ...] = ()
    marked: tuple[Bits, ...] = ()
    settles: tuple[tuple[Rule, bool], ...] = ()
    bans: tuple[tuple[Rule, str], ...] = ()
    limited: tuple[Rule, ...] = ()
    late: tuple[str, ...] = ()
    reopens: bool = False

    @property
    def any(self) -> bool:
        return any(self[:-1])


def duties_of(definition: Definition, reached: Iterable[int]) -> Duties:
    """What the milestones of these numbers, all reached by one event, have to do with the rules."""
    numbers = tuple(reached)
    names, rules = definition.milestones, definition.conformance.rules
    asked = [rule for rule in rules if rule.step in numbers]
    starts = tuple((rule, False) for rule in rules if rule.since in numbers)
    heals = tuple((rule, True) for rule in rules if rule.kind == ORDER and rule.after in numbers)
    return Duties(
        needs=tuple((names[rule.after], rule, names[rule.step]) for rule in asked if _is_plain(rule)),
        limits=tuple((_unheeded(rule), rule, names[rule.step]) for rule in asked if rule.kind == REPEAT),
        marked=tuple(_bits(definition, numbers)),
        settles=starts + heals,
        bans=tuple((rule, names[rule.step]) for rule in asked if _is_ban(rule)),
        limited=tuple(rule for rule in rules if rule.kind == REPEAT and rule.since in numbers),
        late=tuple(names[number] for number in numbers if number in definition.conformance.late),
        reopens=any(number in definition.reopens for number in numbers),
    )


def _is_plain(rule: Rule) -> bool:
    """Whether the case's milestones alone tell how the rule stands."""
    return rule.kind == ORDER and not rule.each and rule.since == NOTHING


def _unheeded(rule: Rule) -> int:
    """How many repetitions in the whole case need no look: those by object are counted from the first."""
    return 0 if rule.each or rule.since != NOTHING else rule.at_most


def _is_ban(rule: Rule) -> bool:
    return rule.kind == NEVER and rule.after == NOTHING


def _bits(definition: Definition, numbers: Sequence[int]) -> Iterable[Bits]:
    """By object type; every rule has the same bit wherever it occurs, rules with one question share it."""
    names = definition.milestones
    rules = [
        rule
        for rule in definition.conformance.rules
        if rule.kind != REPEAT and not _is_plain(rule) and not _is_ban(rule)
    ]
    questions = list(dict.fromkeys((rule.each, rule.after, rule.since) for rule in rules))
    found: dict[str, Bits] = {}
    for rule in rules:
        bit = 1 << questions.index((rule.each, rule.after, rule.since))
        known = found.get(rule.each, Bits(rule.each))
        fulfils, starts, asked = rule.after in numbers, rule.since in numbers, rule.step in numbers
        lasting = rule.since == NOTHING
        never = rule.kind == NEVER
        if fulfils or starts or asked:
            found[rule.each] = Bits(
                rule.each,
                comes=known.comes | (bit if fulfils and lasting else 0),
                opens=known.opens | (bit if starts and not lasting else 0),
                closes=known.closes | (bit if fulfils and not lasting else 0),
                needs=known.needs | (bit if asked and lasting and not never else 0),
                refuses=known.refuses | (bit if asked and not lasting else 0),
                bars=known.bars | (bit if asked and never else 0),
                rules=(*known.rules, (bit, rule, names[rule.step])) if asked else known.rules,
            )
    return [one._replace(quiet=not (one.comes or one.opens or one.needs)) for one in found.values()]
