"""Conditions as closures: a selector that must hold, a list of which all must, or one of a few words."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from metrics.definitions.mistakes import Place, nearest, unknown
from streams.codecs.reasons import Unreadable
from streams.sources.message import Scope
from streams.sources.scalars import is_true, text_of
from streams.sources.values import Selectors

Test = Callable[[Scope], bool]


class Condition(NamedTuple):
    """A condition, compiled. Unless it is `sure`, it may meet values that it cannot work on, and raise `Unreadable`."""

    test: Test
    sure: bool


VALUE_TESTS: Final = ("is", "in", "matches", "set")
_CHANGES: Final = ("changed", "increased", "became_set", "became_empty")
CONDITION_WORDS: Final = ("all", "any", "not", "value", "first_seen", "change", *_CHANGES)
_COMPARED: Final = frozenset(("first_seen", "change", *_CHANGES))
_LONGEST_MATCHED: Final = 2_000
_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)


def always(scope: Scope) -> bool:
    """The condition of a rule that has none."""
    return True


def compile_test(written: Any, place: Place, selectors: Selectors) -> Test:
    """The test of a condition; what is wrong with how it is written is noted in `selectors`."""
    return joined(compile_conditions(written, place, selectors)) or always


def compile_conditions(written: Any, place: Place, selectors: Selectors) -> list[Condition]:
    """The conditions of a list, or the only one."""
    if isinstance(written, list):
        return [_condition(one, at, selectors) for one, at in _listed(written, place, selectors)]
    return [_condition(written, place, selectors)]


def joined(conditions: Sequence[Condition]) -> Test | None:
    """All of them as one test, None for no conditions. One that meets values it cannot work on does not hold."""
    tests = [one.test for one in conditions]
    if not tests:
        return None
    if len(tests) == 1 and conditions[0].sure:
        return tests[0]

    def hold(scope: Scope) -> bool:
        try:
            for test in tests:
                if not test(scope):
                    return False
        except Unreadable:
            return False
        return True

    return hold


def _condition(written: Any, place: Place, selectors: Selectors) -> Condition:
    sure = isinstance(written, dict) and not _COMPARED.isdisjoint(written)
    return Condition(compile_condition(written, place, selectors), sure)


def compile_condition(written: Any, place: Place, selectors: Selectors) -> Test:
    """A condition or a part of one."""
    if isinstance(written, str):
        read = selectors.value(written, place)
        return lambda scope: is_true(read(scope, scope.item))
    if isinstance(written, list):
        return _all(written, place, selectors)
    if not isinstance(written, dict):
        selectors.wrong.append((place, "a condition is a selector, a list of conditions, or a mapping"))
        return always
    words = [word for word in written if word in CONDITION_WORDS]
    if len(words) != 1:
        strange = next((word for word in written if word not in CONDITION_WORDS), "")
        many = "one mapping is one condition; write several as a list: [{...}, {...}]"
        selectors.wrong.append((place, unknown("condition", strange, CONDITION_WORDS) if strange else many))
        return always
    return _worded(words[0], written, place, selectors)


def _worded(word: str, written: dict[str, Any], place: Place, selectors: Selectors) -> Test:
    inside = (*place, word)
    allowed = {"value": VALUE_TESTS, "change": ("from", "to")}.get(word, ())
    for other in written:
        if other != word and other not in allowed:
            selectors.wrong.append(((*place, other), f"'{other}' does not go with '{word}'{nearest(other, allowed)}"))
            return always
    if word == "all":
        return _all(written[word], inside, selectors)
    if word == "any":
        return _any(written[word], inside, selectors)
    if word == "not":
        test = compile_condition(written[word], inside, selectors)
        return lambda scope: not test(scope)
    if word == "value":
        return _value(written, place, selectors)
    if word == "first_seen":
        wanted = written[word] is not False
        _needs_state(place, selectors)
        return lambda scope: scope.first_seen is wanted
    return _change(word, written, place, selectors)


def _tests(written: Any, place: Place, selectors: Selectors) -> list[Test]:
    return [compile_condition(one, at, selectors) for one, at in _listed(written, place, selectors)]


def _listed(written: Any, place: Place, selectors: Selectors) -> list[tuple[Any, Place]]:
    """Each condition of a list with its place."""
    if not isinstance(written, list) or not written:
        selectors.wrong.append((place, "needs a list of conditions"))
        return []
    for index, one in enumerate(written):
        if isinstance(one, list):
            hint = "a chain as a condition is {value: [...], is: ...} or {value: [...], set: true}"
            selectors.wrong.append(((*place, index), f"a list in a list: {hint}; a group is {{all: [...]}}"))
            return []
    return [(one, (*place, index)) for index, one in enumerate(written)]


def _all(written: Any, place: Place, selectors: Selectors) -> Test:
    tests = _tests(written, place, selectors)
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda scope: first(scope) and second(scope)

    def every(scope: Scope) -> bool:
        for test in tests:  # noqa: SIM110 (a generator costs as much as a test)
            if not test(scope):
                return False
        return True

    return every


def _any(written: Any, place: Place, selectors: Selectors) -> Test:
    tests = _tests(written, place, selectors)

    def some(scope: Scope) -> bool:
        for test in tests:  # noqa: SIM110
            if test(scope):
                return True
        return False

    return some


def words_of(written: Any) -> frozenset[str | None]:
    """One word or a list of words as people write them in YAML; null stands for nothing."""
    words = written if isinstance(written, list) else [written]
    return frozenset(_word(word) for word in words)


def _word(word: Any) -> str | None:
    if word is None or isinstance(word, str):
        return word
    return str(word).lower()


def _value(written: dict[str, Any], place: Place, selectors: Selectors) -> Test:
    read = selectors.value(written["value"], (*place, "value"))
    tests = [name for name in VALUE_TESTS if name in written]
    if len(tests) != 1:
        selectors.wrong.append((place, f"needs one of {', '.join(VALUE_TESTS)} beside value"))
        return always
    if tests[0] == "set":
        wanted = written["set"] is not False
        return lambda scope: (text_of_any(read(scope, scope.item)) is not None) is wanted
    if tests[0] == "matches":
        try:
            pattern = re.compile(str(written["matches"]))
        except re.error as error:
            selectors.wrong.append(((*place, "matches"), f"not a regular expression: {error}"))
            return always
        return lambda scope: (
            (text := text_of(read(scope, scope.item))) is not None and bool(pattern.search(text[:_LONGEST_MATCHED]))
        )
    words = words_of(written[tests[0]])
    return lambda scope: text_of(read(scope, scope.item)) in words


def text_of_any(found: Any) -> str | None:
    """A text for anything that is there, a JSON object included."""
    return "{}" if isinstance(found, dict) and found else None if isinstance(found, dict) else text_of(found)


def _needs_state(place: Place, selectors: Selectors) -> None:
    if not selectors.watched:
        selectors.wrong.append((place, "speaks of a change, but the kind of message has no `state`"))


def _change(word: str, written: dict[str, Any], place: Place, selectors: Selectors) -> Test:
    field = written[word]
    _needs_state(place, selectors)
    if selectors.watched and field not in selectors.watched:
        selectors.wrong.append(
            ((*place, word), f"'{field}' is not watched{nearest(str(field), selectors.watched)}; see state.watch")
        )
    if word == "changed":
        return lambda scope: scope.before.get(field) != scope.after.get(field)
    if word == "became_set":
        return lambda scope: scope.before.get(field) is None and scope.after.get(field) is not None
    if word == "became_empty":
        return lambda scope: scope.before.get(field) is not None and scope.after.get(field) is None
    if word == "increased":
        return lambda scope: _grew(scope.before.get(field), scope.after.get(field))
    if "from" not in written and "to" not in written:
        selectors.wrong.append((place, "needs `from`, `to` or both"))
    return _from_to(field, written)


def _grew(before: str | None, after: str | None) -> bool:
    if before is None or after is None:
        return False
    if _WHOLE.fullmatch(before) and _WHOLE.fullmatch(after):
        return int(after) > int(before)
    return after > before


def _from_to(field: str, written: dict[str, Any]) -> Test:
    """`from` alone: the field leaves these words; `to` alone: it enters them; both: from one to one."""
    sources = words_of(written["from"]) if "from" in written else None
    targets = words_of(written["to"]) if "to" in written else None

    def test(scope: Scope) -> bool:
        before, after = scope.before.get(field), scope.after.get(field)
        if before == after:
            return False
        if sources is None:
            return targets is not None and after in targets and before not in targets
        return before in sources and (after not in sources if targets is None else after in targets)

    return test
