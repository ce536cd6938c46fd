"""A deviation as a sentence for people."""

import re
from collections.abc import Callable

from metrics.definitions.conformance import AFTER_END

_RULE = re.compile(
    r"(?P<never>never )?(?P<step>\w+)(?: after (?P<after>\w+))?(?: at most (?P<most>\d+))?"
    r"(?: since (?P<since>\w+))?(?: each (?P<each>\w+))?"
)
KIND_WORDS = {"missing": "Missing", "extra": "Extra", "wrong_order": "Wrong order", "rework": "Endless rework"}


def rule_sentence(kind: str, rule: str, milestone: str, title: Callable[[str], str]) -> str:
    """What was broken, whichever case or object it was. `title` gives a milestone's."""
    found = _RULE.fullmatch(rule)
    step = f"“{title(milestone)}”"
    if rule == AFTER_END:
        return f"{step} came after the case had ended"
    if found is None:
        return f"{step} breaks the rule “{rule}”"
    after = f"“{title(found['after'])}”" if found["after"] else ""
    afresh = f", asked afresh since “{title(found['since'])}”" if found["since"] else ""
    match kind:
        case "missing":
            return f"{step} without {after}{afresh}"
        case "wrong_order":
            return f"{step} came before {after}{afresh}"
        case "rework":
            return f"{step} came more than {found['most']} times{afresh}"
    return f"{step} came after {after}" if after else f"{step} should never come"


def deviation_sentence(
    kind: str, rule: str, milestone: str, object_id: str, count: int, title: Callable[[str], str]
) -> str:
    """The same with the object it is about, and how often it happened."""
    found = _RULE.fullmatch(rule)
    each = (found["each"] or "").replace("_", " ") if found else ""
    about = f" ({each} {object_id})" if object_id else ""
    many = f", {count} times" if count > 1 and kind != "rework" else ""
    over = f", {count} too many" if kind == "rework" else ""
    return f"{rule_sentence(kind, rule, milestone, title)}{about}{many}{over}"
