"""How a value of an attribute passes, compiled from the rules: a function for each attribute of each event type."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from metrics.contracts.kinds import Test
from metrics.privacy.forms import is_code, is_number, is_words, shows_a_person
from metrics.privacy.masking import shape
from metrics.privacy.policy import ObjectPass, Pass, Policy
from metrics.privacy.tokens import Tokens

DROPPED: Final = object()
"""Stands for a value that does not pass."""
_MEMORY: Final = 50_000

How = Callable[[Any], Any]


class Passing:
    """What passes of the attributes of each event type. Without `tokens`, numbers stay as they are."""

    unknown: Counter[str]
    """How many different words that no vocabulary has were met, by attribute."""

    def __init__(self, policy: Policy, tokens: Tokens | None) -> None:
        self.unknown = Counter()
        self._vocabulary = policy.vocabulary
        self._objects = policy.objects
        self._tokens = tokens
        self._ways = _of_tokens(tokens)
        self._texts: dict[tuple[str, str], How] = {}
        self._everywhere = self._compiled(policy, policy.everywhere)
        self._events = {name: self._compiled(policy, said) for name, said in policy.events.items()}

    def of(self, event_type: str) -> Mapping[str, How]:
        """A function for each attribute that may pass; it gives DROPPED for a value that may not."""
        return self._events.get(event_type, self._everywhere)

    def dropped(self, event_type: str, attributes: Mapping[str, Any]) -> list[str]:
        """The names of those that do not pass."""
        hows = self.of(event_type)
        return [name for name, value in attributes.items() if name not in hows or hows[name](value) is DROPPED]

    def number(self, object_type: str, number: str) -> str:
        """The number of an object as it may be stored."""
        how: ObjectPass = self._objects.get(object_type, "number")
        tokens = self._tokens
        if tokens is None:
            return number
        if how == "token":
            return tokens.id(number)
        fits = is_words(number) if how == "words" else is_number(number)
        if fits and (self._vocabulary.knows(number) or tokens.is_token(number)):
            return number
        if fits and how == "words":
            self.unknown[object_type] += 1
        return tokens.key(number)

    def way(self, said: Pass, name: str) -> How | None:
        """What a word of the rules, but for `kind`, does with the values of an attribute; None: nothing passes."""
        if said in _FITS:
            return self._texts.setdefault((said, name), _of_texts(_remembering(self._known_only(said, name))))
        return self._ways.get(said)

    def _compiled(self, policy: Policy, passes: Mapping[str, Pass]) -> dict[str, How]:
        found = {}
        for name, said in passes.items():
            if said == "kind" and name in policy.attributes:
                found[name] = _as_its_kind(policy.attributes[name].test)
            elif (how := self.way("code" if said == "kind" else said, name)) is not None:
                found[name] = how
        return found

    def _known_only(self, said: str, name: str) -> Callable[[str], Any]:
        """Texts of the right look: the known ones as they are, others as tokens, which still can be compared."""
        fits, knows, tokens, unknown = _FITS[said], self._vocabulary.knows, self._tokens, self.unknown

        def one(text: str) -> Any:
            if not fits(text):
                return DROPPED
            if tokens is None or knows(text) or tokens.is_token(text):
                return text
            unknown[name] += 1
            return tokens.key(text)

        return one


_FITS: Final[Mapping[str, Callable[[str], bool]]] = {"code": is_code, "words": is_words}


def _of_tokens(tokens: Tokens | None) -> dict[str, How]:
    """The ways that are the same for every attribute."""
    if tokens is None:
        return dict.fromkeys(("token", "value", "name", "text", "bank"), _of_numbers(str))
    return {
        "token": _of_numbers(tokens.id),
        "value": _of_numbers(tokens.value),
        "name": _of_numbers(partial(tokens.value, similar="name")),
        "text": _of_numbers(partial(tokens.value, similar="exact")),
        "bank": _of_numbers(tokens.bank),
    }


def _of_texts(one: Callable[[str], Any]) -> How:
    """Numbers, truths and nothing pass as they are, a list loses what does not pass, anything nested is dropped."""

    def passed(value: Any) -> Any:
        if value.__class__ is str:
            return one(value)
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, list):
            kept = [part for part in map(passed, value) if part is not DROPPED]
            return kept if kept or not value else DROPPED
        return DROPPED

    return passed


def _of_numbers(one: Callable[[str], str]) -> How:
    """Every text and whole number becomes its token."""

    def passed(value: Any) -> Any:
        if value is None or value == "" or isinstance(value, bool):
            return value
        if isinstance(value, str | int):
            return one(str(value))
        if isinstance(value, list):
            return [part for part in map(passed, value) if part is not DROPPED]
        return DROPPED

    return passed


def _as_its_kind(test: Test) -> How:
    """What the contract says; the steward sees the shape of anything else."""

    def passed(value: Any) -> Any:
        if value.__class__ is not str:
            return value if isinstance(value, bool | int | float) or test(value) else DROPPED
        return value if test(value) and not shows_a_person(value) else shape(value)

    return passed


def _remembering(one: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same, remembering the verdicts on the values that come again and again."""
    known: dict[str, Any] = {}

    def passed(text: str) -> Any:
        found = known.get(text)
        if found is None:
            if len(known) >= _MEMORY:
                known.clear()
            found = known[text] = one(text)
        return found

    return passed
