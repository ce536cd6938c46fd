"""How a value of an attribute passes, compiled from the rules: a function for each attribute of each event type."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from metrics.contracts.kinds import Test
from metrics.privacy.forms import is_code, is_words, shows_a_person
from metrics.privacy.masking import shape
from metrics.privacy.policy import Pass, Policy
from metrics.privacy.tokens import Tokens

DROPPED: Final = object()
"""Stands for a value that does not pass."""
_MEMORY: Final = 50_000

How = Callable[[Any], Any]


class Passing:
    """What passes of the attributes of each event type. Without `tokens`, numbers stay as they are."""

    ways: dict[str, How]
    """What each word of the rules does, but for `kind` and `drop`."""

    def __init__(self, policy: Policy, tokens: Tokens | None) -> None:
        self.ways = _simple(tokens)
        self._everywhere = self._compiled(policy, policy.everywhere)
        self._events = {name: self._compiled(policy, said) for name, said in policy.events.items()}

    def of(self, event_type: str) -> Mapping[str, How]:
        """A function for each attribute that may pass; it gives DROPPED for a value that may not."""
        return self._events.get(event_type, self._everywhere)

    def dropped(self, event_type: str, attributes: Mapping[str, Any]) -> list[str]:
        """The names of those that do not pass."""
        hows = self.of(event_type)
        return [name for name, value in attributes.items() if name not in hows or hows[name](value) is DROPPED]

    def _compiled(self, policy: Policy, passes: Mapping[str, Pass]) -> dict[str, How]:
        return {
            name: _as_its_kind(policy.attributes[name].test) if said == "kind" and name in policy.attributes
            else self.ways["code" if said == "kind" else said]
            for name, said in passes.items()
            if said != "drop"
        }  # fmt: skip


def _simple(tokens: Tokens | None) -> dict[str, How]:
    """The ways that are the same for every attribute."""
    return {
        "code": _of_texts(_remembering(lambda text: text if is_code(text) else DROPPED)),
        "words": _of_texts(_remembering(lambda text: text if is_words(text) else DROPPED)),
        "token": _of_numbers(tokens.id if tokens else str),
        "value": _of_numbers(tokens.value if tokens else str),
        "bank": _of_numbers(tokens.bank if tokens else str),
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
