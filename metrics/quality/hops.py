"""Propagation: each change of a system of record, and when each target showed it."""

from collections.abc import Iterator, Mapping, Sequence

from metrics.quality.facts import CHANGE, GONE, SEEN, TOLD, Fact
from metrics.quality.finding import (
    CANCELLED,
    IN_TIME,
    LATE,
    MISSING,
    PENDING,
    PROPAGATION,
    Episode,
    Finding,
    Hop,
    Judgement,
    Present,
    Said,
    Told,
    Wake,
    merged,
    quoted,
)  # fmt: skip
from metrics.quality.model import Group, ObjectRules, Target
from metrics.sla.durations import format_duration


def judge_hops(told: Told, rules: ObjectRules, present: Present) -> Judgement:
    """Every hop of one object, and the findings of those that took or take too long."""
    sights, changes, gone = told.of(SEEN), told.of(CHANGE), told.of(GONE)
    if not changes:
        return Judgement()
    values = told.of(TOLD)
    findings: list[Finding] = []
    hops: list[Hop] = []
    wakes: list[Wake] = []
    for group in rules.groups:
        own = [fact for fact in changes if fact.field == group.name]
        for target in group.targets if own else ():
            shown = _agreeing([s for s in sights if s.field == f"{group.name}/{target.name}"], values, group)
            made = [_hop(told, rules, group, target, change, shown, gone, present) for change in own]
            hops += made
            wakes += [Wake(hop.due, hop.feed, target.system) for hop in made if hop.state == PENDING]
            findings += _finding(told, rules, group, target, made, gone)
    return Judgement(findings, hops, wakes)


def _agreeing(sights: Sequence[Fact], values: Sequence[Fact], group: Group) -> list[Fact]:
    """The sights that show what the system of record had said last, as far as they show anything of it."""
    said: dict[str, dict[str, str]] = {}
    record: dict[str, list[Fact]] = {}
    for fact in values:
        if fact.field in group.fields:
            said.setdefault(fact.event_id, {})[fact.field] = fact.value
            if fact.system in group.record:
                record.setdefault(fact.field, []).append(fact)
    return [sight for sight in sights if _agrees(sight, said.get(sight.event_id, {}), record)]


def _agrees(sight: Fact, shown: Mapping[str, str], record: Mapping[str, Sequence[Fact]]) -> bool:
    for field, value in shown.items():
        before = [fact for fact in record.get(field, ()) if fact.time <= sight.time]
        if before and before[-1].value.casefold() != value.casefold():
            return False
    return True


def _hop(
    told: Told,
    rules: ObjectRules,
    group: Group,
    target: Target,
    change: Fact,
    shown: Sequence[Fact],
    gone: Sequence[Fact],
    present: Present,
) -> Hop:
    due = (change.since if target.from_effective else change.time) + target.within
    seen = next((sight for sight in shown if sight.time >= change.time), None)
    ended = next((fact for fact in gone if fact.time >= change.time), None)
    if seen is not None and (ended is None or seen.time <= ended.time):
        state = IN_TIME if seen.time <= due else LATE
    elif ended is not None:
        state, seen = CANCELLED, None
    else:
        state = MISSING if present(change.feed, target.system) >= due else PENDING
    at, event_id = (None, "") if seen is None else (seen.time, seen.event_id)
    type, id = told.root
    return Hop(
        type, id, group.name, target.name, change.event_id, rules.domain, change.system, state, change.time, due,
        target.within, at, event_id, change.feed, change.simulated,
    )  # fmt: skip


def _finding(
    told: Told, rules: ObjectRules, group: Group, target: Target, hops: Sequence[Hop], gone: Sequence[Fact]
) -> Iterator[Finding]:
    overdue = [hop for hop in hops if hop.state in (LATE, MISSING)]
    overdue += [hop for hop in hops if hop.state == CANCELLED and hop.due < _end(hop, gone)]
    episodes = merged(Episode(hop.due, _healed(hop, gone), hop.event_id) for hop in overdue)
    if not episodes:
        return
    last = episodes[-1]
    about = [hop for hop in overdue if hop.due >= last.opened]
    said = [Said(hop.system, hop.id, "", hop.changed) for hop in about]
    said += [Said(target.system, hop.id, "", hop.seen) for hop in about if hop.seen is not None]
    record, accepted = about[0].system, format_duration(target.within)
    if last.healed is None:
        detail = f"{record} changed {_title(group)}; {target.name} has not shown it within {accepted}"
    elif any(hop.state == LATE for hop in about):
        late = max((hop.seen or hop.due) - hop.due for hop in about)
        shown = f"{target.name} showed it {format_duration(late)} too late ({accepted} accepted)"
        detail = f"{record} changed {_title(group)}; {shown}"
    else:
        detail = (
            f"{record} changed {_title(group)}; {target.name} had not shown it within {accepted} when the object ended"
        )
    type, id = told.root
    yield Finding(
        PROPAGATION, rules.domain, rules.owner, type, id, id, group.name, target.name, quoted(said), detail,
        last.opened, last.healed, len(episodes), last.proof, any(hop.simulated for hop in about),
    )  # fmt: skip


def _healed(hop: Hop, gone: Sequence[Fact]) -> int | None:
    return _end(hop, gone) if hop.state == CANCELLED else hop.seen


def _end(hop: Hop, gone: Sequence[Fact]) -> int:
    return min(fact.time for fact in gone if fact.time >= hop.changed)


def _title(group: Group) -> str:
    return group.name.replace("_", " ")
