"""Duplicates: one supplier, one worker under two numbers that no alias joins."""

from collections.abc import Mapping, Sequence

from metrics.quality.facts import GONE, MARK, Fact, Subject
from metrics.quality.finding import DUPLICATE, Episode, Finding, Judgement, Said, Told, merged, quoted
from metrics.quality.model import ObjectRules

_Marks = Sequence[Fact]


def judge_duplicates(group: Subject, members: Sequence[Told], rules: ObjectRules) -> Judgement:
    """The finding of one fingerprint. `members`: every object that ever had it, one entry an object (not a number)."""
    rule, _, fingerprint = group[1].rpartition("=")
    if rule not in {one.name for one in rules.duplicates}:
        return Judgement()
    spans: dict[Subject, list[Episode]] = {}
    marks: list[Fact] = []
    for told in members:
        mine = merged(_spans(told, rule, fingerprint))
        if mine:
            spans[told.root] = mine
            marks += [fact for fact in told.of(MARK) if fact.field == rule and fact.value == fingerprint]
    episodes = _overlaps(spans)
    if not episodes:
        return Judgement()
    last = episodes[-1]
    within = [fact for fact in marks if last.healed is None or fact.time < last.healed]
    said = quoted(Said(fact.system, fact.id, "", fact.time) for fact in _latest(within).values())
    numbers = sorted({fact.id for fact in within}, key=number_order)
    detail = f"{len(numbers)} numbers have the same {rule.replace('_', ' ')}: {', '.join(numbers[:5])}"
    return Judgement(
        (
            Finding(
                DUPLICATE,
                rules.domain,
                rules.owner,
                group[0],
                group[1],
                numbers[0],
                rule,
                "",
                said,
                detail,
                last.opened,
                last.healed,
                len(episodes),
                last.proof,
                any(fact.simulated for fact in within),
            ),
        )
    )


def number_order(id: str) -> tuple[bool, str]:
    """Plain numbers before those that say which system they belong to."""
    return (":" in id, id)


def _spans(told: Told, rule: str, fingerprint: str) -> list[Episode]:
    """When some system said of some number of the object that it has the fingerprint."""
    lines: dict[tuple[str, str], list[Fact]] = {}
    for fact in told.of(MARK):
        if fact.field == rule:
            lines.setdefault((fact.id, fact.system), []).append(fact)
    gone = min((fact.time for fact in told.of(GONE)), default=None)
    found = []
    for facts in lines.values():
        for index, fact in enumerate(facts):
            if fact.value == fingerprint:
                end = facts[index + 1].time if index + 1 < len(facts) else None
                end = gone if end is None or (gone is not None and gone < end) else end
                if end is None or end > fact.time:
                    found.append(Episode(fact.time, end, fact.proof))
    return found


def _overlaps(spans: Mapping[Subject, Sequence[Episode]]) -> list[Episode]:
    """When at least two objects had the fingerprint at once."""
    edges: list[tuple[int, int, str]] = []
    for episodes in spans.values():
        for episode in episodes:
            edges.append((episode.opened, 1, episode.proof))
            if episode.healed is not None:
                edges.append((episode.healed, -1, ""))
    found: list[Episode] = []
    holders = 0
    for time, step, proof in sorted(edges):
        holders += step
        if step == 1 and holders == 2:
            found.append(Episode(time, None, proof))
        elif step == -1 and holders == 1:
            found[-1] = found[-1]._replace(healed=time)
    return merged(episode for episode in found if episode.healed is None or episode.healed > episode.opened)


def _latest(facts: Sequence[Fact]) -> dict[tuple[str, str], Fact]:
    return {(fact.system, fact.id): fact for fact in sorted(facts, key=lambda fact: fact.weight)}
