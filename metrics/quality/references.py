"""References: objects that are named although nobody made them known."""

from metrics.quality.facts import GONE, KNOWN, NAMED, Fact, earliest
from metrics.quality.finding import Finding, Judgement, Present, Said, Told, Wake, quoted
from metrics.quality.model import ObjectRules, ReferenceRule
from metrics.sla.durations import format_duration


def judge_references(told: Told, rules: ObjectRules, present: Present, *, judged: bool) -> Judgement:
    """Whether one object that is named is known. `judged`: any object of its type is known at all."""
    rule = rules.references
    named = told.of(NAMED)
    first = earliest(named)
    if rule is None or first is None or not judged:
        return Judgement()
    known = earliest(told.of(KNOWN))
    due = first.time + rule.within
    if known is not None and known.time <= due:
        return Judgement()
    if known is None and present(first.feed, "") < due:
        return Judgement((), (), (Wake(due, first.feed, ""),))
    ends = [fact.time for fact in (known, earliest(told.of(GONE))) if fact is not None and fact.time > due]
    return Judgement((_finding(told, rules, rule, named, first, due, min(ends, default=None)),))


def _finding(
    told: Told, rules: ObjectRules, rule: ReferenceRule, named: list[Fact], first: Fact, due: int, healed: int | None
) -> Finding:
    systems = ", ".join(sorted({fact.system for fact in named}))
    what = rules.type.replace("_", " ")
    waited = f" within {format_duration(rule.within)}" if rule.within else ""
    detail = f"{systems} named this {what}, which nobody had made known{waited}"
    type, id = told.root
    return Finding(
        rule.kind, rules.domain, rules.owner, type, id, id, "", "",
        quoted(Said(fact.system, fact.id, fact.field, fact.time) for fact in named), detail, due, healed, 1,
        first.proof, any(fact.simulated for fact in named),
    )  # fmt: skip
