"""What spans say of people: tokens for numbers, nothing for names; by the attribute's name or the object it names."""

from collections.abc import Callable
from typing import Any, Final

from metrics.privacy.passing import DROPPED, Passing
from metrics.privacy.policy import Policy
from metrics.privacy.tokens import Tokens

MASK: Final = "***"
_BAGGAGE: Final = "baggage."

Cover = Callable[[Any], Any]


class PrivateSpans:
    """Decides for each attribute name once."""

    def __init__(self, policy: Policy, tokens: Tokens) -> None:
        self._policy = policy
        self._ways = Passing(policy, tokens).ways

    def cover(self, name: str, object_type: str | None) -> Cover | None:
        """A function that covers the values of an attribute; None where they stay. `object_type`: what it names."""
        said = self._policy.spans.get(name.removeprefix(_BAGGAGE))
        if said is None and object_type is not None and self._policy.objects.get(object_type) == "token":
            said = "token"
        if said is None:
            return None
        way = self._ways.get(said)
        return _nothing if way is None else lambda value: MASK if (passed := way(value)) is DROPPED else passed


def _nothing(value: Any) -> str:
    return MASK
