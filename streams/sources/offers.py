"""Which kinds of message and rules are asked: those that one word rules out are passed over without being asked.

Most mappings tell kinds and rules apart by one word (`accept: {value: $name, is: invoice held}`, alone or first in a
list). It is looked up once; the whole condition is still asked of those that remain.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from streams.codecs.reasons import Unreadable
from streams.sources.conditions import words_of
from streams.sources.message import Scope
from streams.sources.scalars import text_of

K = TypeVar("K")
_FEWEST: Final = 3  # so many must be told apart by one word before looking it up pays
_EQUALS: Final = re.compile(r"([A-Za-z_][\w.]*) == '([\w-]+)'", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gate:
    """A selector that gives one of some words where the condition holds."""

    selector: str
    words: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Offers(Generic[K]):
    """Kinds or rules in their order, by the word that most of them ask for."""

    read: Callable[[Scope], Any] | None
    by_word: Mapping[str | None, tuple[K, ...]]
    others: tuple[K, ...]

    def to(self, scope: Scope) -> tuple[K, ...]:
        """Those whose condition may hold."""
        if self.read is None:
            return self.others
        try:
            return self.by_word.get(text_of(self.read(scope)), self.others)
        except Unreadable:
            return self.others


def gate_of(condition: Any, ambiguous: Collection[str] = ()) -> Gate | None:
    """What a condition asks first, if that is one word of a selector; `ambiguous`: names that it must not use."""
    if isinstance(condition, str) and (match := _EQUALS.fullmatch(condition)):
        return Gate(match[1], frozenset((match[2],)))
    if isinstance(condition, list) and condition:
        return gate_of(condition[0], ambiguous)
    if not isinstance(condition, dict) or not isinstance(selector := condition.get("value"), str):
        return None
    word = next((word for word in ("is", "in") if word in condition), "")
    if not word or selector[1:].partition(".")[0] in ambiguous:
        return None
    return Gate(selector, words_of(condition[word]))


def offers_of(gated: Sequence[tuple[K, Gate | None]], reader_of: Callable[[str], Callable[[Scope], Any]]) -> Offers[K]:
    """The offers of kinds in their order; `reader_of` compiles a selector."""
    count = Counter(gate.selector for _, gate in gated if gate is not None)
    selector, common = count.most_common(1)[0] if count else ("", 0)
    if common < _FEWEST:
        return Offers(None, {}, tuple(one for one, _ in gated))

    def taking(word: str | None, known: bool) -> tuple[K, ...]:
        return tuple(
            one for one, gate in gated if gate is None or gate.selector != selector or (known and word in gate.words)
        )

    words = {word for _, gate in gated if gate is not None and gate.selector == selector for word in gate.words}
    return Offers(reader_of(selector), {word: taking(word, True) for word in words}, taking(None, False))
