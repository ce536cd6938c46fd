"""The judgement of guards about one object: questions and answers that met there become findings."""

from collections.abc import Mapping, Sequence
from typing import Final

from metrics.guards.answering import (
    Wrong,
    document_of,
    judge_difference,
    judge_limit,
    judge_own_limit,
    judge_status,
)
from metrics.guards.following import judge_following
from metrics.guards.model import DiffersRule, FollowsRule, Guard, LimitRule, OwnLimitRule, StatusRule
from metrics.guards.observing import heard
from metrics.quality.facts import ASKED, DID, Fact, asked_about
from metrics.quality.finding import GUARD, Episode, Finding, Judgement, Present, Said, Told, Wake, merged, quoted
from metrics.words import ObjectRef

NOTHING: Final = Judgement()
MOST_EVIDENCE: Final = 20
"""Events that a violation names at most, the question first."""


def judge_guards(told: Told, guards: Mapping[str, Guard], present: Present, anchor: str = "") -> Judgement:
    """The violations of one object under all its numbers, one finding for each guard and document.

    `anchor`: the id of the subject that is judged, where questions stand beside the object they ask about.
    """
    if not any(fact.kind == ASKED for fact in told.facts):
        return NOTHING
    asked = [fact for fact in told.of(ASKED) if fact.field in guards]
    did = told.of(DID)
    wrongs: dict[tuple[str, str], list[tuple[Fact, Wrong]]] = {}
    wakes: list[Wake] = []
    answers = {key: [fact for fact in did if fact.field in guards[key].answers] for key in {one.field for one in asked}}
    for question in asked:
        wrong, wake = _answer(guards[question.field], question, answers[question.field], present)
        if wrong is not None:
            wrongs.setdefault((question.field, heard(question).document), []).append((question, wrong))
        if wake is not None:
            wakes.append(wake)
    return Judgement(
        [_finding(told, anchor, guards[key], found) for (key, _), found in sorted(wrongs.items())], (), wakes
    )


def _answer(
    guard: Guard, question: Fact, answers: Sequence[Fact], present: Present
) -> tuple[Wrong | None, Wake | None]:
    rule = guard.rule
    match rule:
        case StatusRule():
            return judge_status(rule, question, answers), None
        case DiffersRule():
            return judge_difference(rule, question, answers), None
        case LimitRule():
            return judge_limit(rule, question, answers), None
        case OwnLimitRule():
            return judge_own_limit(rule, question, answers), None
        case FollowsRule():
            return judge_following(rule, question, answers, present)


def _finding(told: Told, anchor: str, guard: Guard, found: Sequence[tuple[Fact, Wrong]]) -> Finding:
    """One document that a guard does not let pass, with its last episode."""
    episodes = merged(Episode(wrong.opened, wrong.healed, question.proof) for question, wrong in found)
    last = episodes[-1]
    within = [one for one in found if one[1].opened >= last.opened]
    shown = [fact for question, wrong in within for fact in (question, *wrong.proofs)]
    question, wrong = within[-1]
    type, id = told.root
    document = document_of(question)
    return Finding(
        GUARD, guard.process, guard.owner, type, anchor or id, id, guard.key, f"{document.type}/{document.id}",
        quoted(Said(fact.system, _about(fact), _told(fact, guard, document), fact.time) for fact in shown),
        _detail(guard, told, document, wrong), last.opened, last.healed, len(episodes), last.proof,
        any(fact.simulated for fact in shown), guard.severity, guard.title, _evidence(shown),
    )  # fmt: skip


def _about(fact: Fact) -> str:
    return (asked_about(fact.subject) or fact.subject)[1]


def _told(fact: Fact, guard: Guard, document: ObjectRef) -> str:
    """What happened, in the words of the event; of a question, to what."""
    return f"{document.type}/{document.id}" if fact.field == guard.key else fact.field


def _detail(guard: Guard, told: Told, document: ObjectRef, wrong: Wrong) -> str:
    about = f"{told.root[0]} {told.root[1]}".replace("_", " ", 1) if told.root != (document.type, document.id) else ""
    named = f"{document.type.replace('_', ' ')} {document.id}" + (f", {about}" if about else "")
    return f"{guard.title}: {named}: {wrong.detail}"


def _evidence(facts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.event_id for fact in facts))[:MOST_EVIDENCE]
