"""The judgement of one object: all kinds together."""

from metrics.quality.contradictions import judge_contradictions
from metrics.quality.finding import Judgement, Present, Told
from metrics.quality.hops import judge_hops
from metrics.quality.model import ObjectRules
from metrics.quality.references import judge_references


def judge(told: Told, rules: ObjectRules, present: Present, *, judge_names: bool) -> Judgement:
    """Everything that is so about one object under all its numbers; a pure function of its facts and the present.

    `judge_names`: some object of the type is known, so that one that nobody knows stands out.
    """
    parts = (
        judge_hops(told, rules, present),
        judge_contradictions(told, rules, present),
        judge_references(told, rules, present, judged=judge_names),
    )
    return Judgement(
        [finding for part in parts for finding in part.findings],
        [hop for part in parts for hop in part.hops],
        [wake for part in parts for wake in part.wakes],
    )
