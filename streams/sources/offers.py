"""Which kinds of message and rules are asked: those that one word rules out are passed over without being asked.

Most mappings tell kinds and rules apart by a word or two (`when: [{value: $process, is: hire}, {value: $phase, is:
completed}]`). A word is looked up once for all of them; of a condition only what it leaves open is still asked.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from streams.codecs.reasons import Unreadable
from streams.sources.conditions import Condition, Test, joined, words_of
from streams.sources.message import Scope
from streams.sources.readers import Reader
from streams.sources.scalars import text_of

K = TypeVar("K")
_FEWEST: Final = 3  # so many must be told apart by one word before looking it up pays
_EQUALS: Final = re.compile(r"([A-Za-z_][\w.]*) == '([\w-]+)'", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gate:
    """A selector that gives one of some words where the condition holds; `proof`: the condition says no more."""

    selector: str
    words: frozenset[str | None]
    proof: bool = True


@dataclass(frozen=True, slots=True)
class Candidate(Generic[K]):
    """A kind or a rule, and the conditions that must all hold, each with its gate."""

    one: K
    conditions: tuple[tuple[Condition, Gate | None], ...]

    @property
    def gate(self) -> Gate | None:
        """What it asks first."""
        return self.conditions[0][1] if self.conditions else None

    def told(self, selector: str, word: str | None, known: bool) -> "Candidate[K] | None":
        """What is left to ask when the selector gave this word, or none that is known; None when it is ruled out."""
        if (gate := self.gate) is None or gate.selector != selector:
            return self
        if not known or word not in gate.words:
            return None
        (first, _), *rest = self.conditions
        return Candidate(self.one, tuple(rest) if gate.proof else ((first, None), *rest))


@dataclass(frozen=True, slots=True)
class Told(Generic[K]):
    """Kinds or rules in their order, each with what of its condition is not known yet (None: it holds)."""

    asked: tuple[tuple[K, Test | None], ...] = ()

    def to(self, scope: Scope) -> tuple[tuple[K, Test | None], ...]:
        """Those whose condition may hold for the item of this scope."""
        return self.asked


@dataclass(frozen=True, slots=True)
class ByWord(Generic[K]):
    """What is left of them by the word that the most of them ask for."""

    read: Reader
    by_word: "Mapping[str | None, Offers[K]]"
    others: "Offers[K]"

    def to(self, scope: Scope) -> tuple[tuple[K, Test | None], ...]:
        """Those whose condition may hold for the item of this scope."""
        try:
            left = self.by_word.get(text_of(self.read(scope, scope.item)), self.others)
        except Unreadable:
            left = self.others
        return left.to(scope)


Offers: TypeAlias = Told[K] | ByWord[K]


def candidate(one: K, written: Any, conditions: Sequence[Condition], ambiguous: Collection[str] = ()) -> Candidate[K]:
    """A kind or a rule with its conditions as they are written; `ambiguous`: names that a gate must not use."""
    gates = [gate_of(part, ambiguous) for part in (written if isinstance(written, list) else [written])]
    return Candidate(one, tuple(zip(conditions, gates, strict=False)))


def gate_of(condition: Any, ambiguous: Collection[str] = ()) -> Gate | None:
    """What a condition asks, if that is one word of a selector."""
    if isinstance(condition, str) and (match := _EQUALS.fullmatch(condition)):
        return Gate(match[1], frozenset((match[2],)), proof=False)  # jmespath compares blanks too
    if not isinstance(condition, dict) or not isinstance(selector := condition.get("value"), str):
        return None
    word = next((word for word in ("is", "in") if word in condition), "")
    if not word or selector[1:].partition(".")[0] in ambiguous:
        return None
    return Gate(selector, words_of(condition[word]))


def offers_of(candidates: Sequence[Candidate[K]], reader_of: Callable[[str], Reader], depth: int = 0) -> Offers[K]:
    """The offers in their order; `reader_of` compiles a selector.

    Further words are looked up only where the first candidate would look them up as well.
    """
    gates = [gate for one in candidates if (gate := one.gate) is not None]
    count = Counter(gate.selector for gate in gates)
    selector, common = count.most_common(1)[0] if count else ("", 0)
    first = candidates[0].gate if candidates else None
    if common < _FEWEST or (depth and (first is None or first.selector != selector)):
        return Told(tuple((one.one, joined([test for test, _ in one.conditions])) for one in candidates))

    def left(word: str | None, known: bool) -> Offers[K]:
        told = (one.told(selector, word, known) for one in candidates)
        return offers_of([one for one in told if one is not None], reader_of, depth + 1)

    words = {word for gate in gates if gate.selector == selector for word in gate.words}
    return ByWord(reader_of(selector), {word: left(word, True) for word in words}, left(None, False))
