"""Whether a case goes as its definition says, judged while it is folded.

A verdict follows from the case's events in their total order and from nothing else. So an event that comes late, and
with which the case is folded again, takes a verdict back or gives another; no order of arrival leaves a trace.
"""

from collections.abc import Collection, Mapping
from typing import Final, Protocol

import msgspec

from metrics.definitions.conformance import AFTER_END, NEVER, NOTHING, ORDER, Rule
from metrics.words import Event, ObjectRef
from streams.cases.duties import Bits, Duties
from streams.cases.numbers import Numbers, learn

MISSING: Final = "missing"
EXTRA: Final = "extra"
WRONG_ORDER: Final = "wrong_order"
REWORK: Final = "rework"

BROKEN: Final = {ORDER: MISSING, NEVER: EXTRA}

_WHOLE: Final = ("",)
_ITSELF: Final = (ObjectRef("", ""),)
"""The case as a whole stands where a rule is judged by no object."""


class Counted(Protocol):
    """A milestone that was reached `count` times."""

    count: int


class Deviation(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A rule that a case broke, for one object ('' where the case is judged as a whole).

    `at` (microseconds UTC) and `event_id` are those of the first event that broke it, `count` says how many did.
    `named`: the objects by which that event was judged. `open`: the next such event is counted here, and what is
    missing may yet come, which makes it a wrong order.
    """

    kind: str
    rule: str
    milestone: str
    object: str
    at: int
    event_id: str
    count: int = 1
    named: tuple[str, ...] = _WHOLE
    open: bool = True


class Verdict(msgspec.Struct, array_like=True, gc=False):
    """The deviations so far, in the order of their events.

    What rules have to remember: `marks`, bits by object, and `counts`, how often a step came, by rule and object.
    `numbers`: which objects are one. `doubtful`: that was learnt after they were judged apart.
    """

    deviations: tuple[Deviation, ...] = ()
    marks: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {}
    numbers: Numbers = {}
    doubtful: bool = False


def note_numbers(verdict: Verdict, event: Event, kinds: Collection[str]) -> None:
    """Take in what the event says about the numbers of objects of these types."""
    if moved := learn(verdict.numbers, event, kinds):
        judged = [verdict.marks, *verdict.counts.values(), *(one.named for one in verdict.deviations)]
        verdict.doubtful = verdict.doubtful or not all(map(moved.isdisjoint, judged))


def judge(verdict: Verdict, event: Event, duties: Duties, milestones: Mapping[str, Counted], ended: bool) -> None:
    """Take in one event more.

    `duties`: of the milestones that the event reached. `milestones`: what the case has reached, this event included.
    `ended`: the case had ended before it.
    """
    if verdict.deviations or verdict.counts:
        _begin_afresh(verdict, event, duties)
    for needed, rule, step in duties.needs:
        if needed not in milestones:
            _deviate(verdict, MISSING, rule.name, step, _WHOLE, event)
    for bits in duties.marked:
        if verdict.marks or not bits.quiet:
            _look(verdict, bits, event)
    for most, rule, step in duties.limits:
        if milestones[step].count > most:
            _limit(verdict, rule, step, milestones, event)
    if ended or duties.bans:
        _refuse(verdict, event, duties, ended)


def _refuse(verdict: Verdict, event: Event, duties: Duties, ended: bool) -> None:
    """What should not have come: not at all, or not after the end."""
    for rule, step in duties.bans:
        _deviate(verdict, EXTRA, rule.name, step, _objects(verdict, rule, event), event)
    if ended and not duties.reopens:
        for step in duties.late:
            _deviate(verdict, EXTRA, AFTER_END, step, _WHOLE, event)


def _begin_afresh(verdict: Verdict, event: Event, duties: Duties) -> None:
    """Settle what the event makes up for, or asks anew."""
    if duties.settles and (standing := [one.rule for one in verdict.deviations if one.open]):
        for rule, heals in duties.settles:
            if rule.name in standing:
                _settle(verdict, rule, _objects(verdict, rule, event), heals)
    for rule in duties.limited if verdict.counts else ():
        if counts := verdict.counts.get(rule.name):
            for one in _objects(verdict, rule, event):
                counts.pop(one, None)


def _objects(verdict: Verdict, rule: Rule, event: Event) -> tuple[str, ...]:
    """The objects by which the rule judges the event, each once."""
    each = rule.each
    if not each:
        return _WHOLE
    found = [ref.id for ref in event.objects if ref.type == each]
    if same := verdict.numbers.get(each):
        found = [same.get(one, one) for one in found]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _look(verdict: Verdict, bits: Bits, event: Event) -> None:
    """Bring the objects' bits up to date, and see which rules they break.

    An event that names several objects is right as soon as it is right for one: the others may be another case's.
    """
    each, comes, opens, closes, needs, refuses, bars, _, rules = bits
    marks, same = verdict.marks, verdict.numbers.get(each)
    some, every, before = 0, -1, -1
    for ref in event.objects if each else _ITSELF:
        if ref.type != each:
            continue
        one = same.get(ref.id, ref.id) if same else ref.id
        was = marks.get(one, 0)
        now = (was | opens) & ~closes | comes
        if now != was:
            marks[one] = now
        some |= now
        every &= now
        before &= was
    if every == -1:
        _look_unnamed(verdict, comes, closes)
        return
    broken = needs & ~(some | marks.get("", 0)) | refuses & every | bars & before
    if broken:
        for bit, rule, step in rules:
            if broken & bit:
                _deviate(verdict, BROKEN[rule.kind], rule.name, step, _objects(verdict, rule, event), event)


def _look_unnamed(verdict: Verdict, comes: int, closes: int) -> None:
    """An event that does not say which object it is about is not judged, and counts for any of them: it may be it."""
    marks = verdict.marks
    if comes:
        marks[""] = marks.get("", 0) | comes
    if closes:
        verdict.marks = {one: bits & ~closes for one, bits in marks.items()}


def _limit(verdict: Verdict, rule: Rule, step: str, milestones: Mapping[str, Counted], event: Event) -> None:
    """Count repetitions. Those of the case as a whole are counted with its milestones, unless they begin afresh."""
    objects = _objects(verdict, rule, event)
    if rule.each or rule.since != NOTHING:
        counts = verdict.counts.setdefault(rule.name, {})
        for one in objects:
            counts[one] = counts.get(one, 0) + 1
        many = min((counts[one] for one in objects), default=0)
    else:
        many = milestones[step].count
    if many > rule.at_most:
        _deviate(verdict, REWORK, rule.name, step, objects, event)


def _deviate(verdict: Verdict, kind: str, rule: str, milestone: str, objects: tuple[str, ...], event: Event) -> None:
    """Note that the event breaks the rule: for the first time, or once more."""
    if not objects:
        return
    one, known = min(objects), verdict.deviations
    for index, old in enumerate(known):
        if old.open and (old.kind, old.rule, old.milestone, old.object) == (kind, rule, milestone, one):
            again = msgspec.structs.replace(old, count=old.count + 1)
            verdict.deviations = (*known[:index], again, *known[index + 1 :])
            return
    verdict.deviations = (*known, Deviation(kind, rule, milestone, one, event.time, event.id, 1, objects))


def _settle(verdict: Verdict, rule: Rule, objects: tuple[str, ...], heals: bool) -> None:
    """What stands open about these objects under this rule: what was missing came too late, or will be asked afresh."""
    verdict.deviations = tuple(
        msgspec.structs.replace(one, kind=WRONG_ORDER if heals else one.kind, open=False)
        if one.open and one.rule == rule.name and not set(one.named).isdisjoint(objects)
        else one
        for one in verdict.deviations
    )
