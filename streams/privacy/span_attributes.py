"""What spans say of people: tokens for numbers, nothing for names; by the attribute's name or the object it names."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from metrics.privacy.passing import DROPPED, Passing
from metrics.privacy.policy import Policy
from metrics.privacy.tokens import Tokens

MASK: Final = "***"
_BAGGAGE: Final = "baggage."
_MEMORY: Final = 200_000

Cover = Callable[[Any], Any]


class PrivateSpans:
    """Decides for each attribute name once."""

    def __init__(self, policy: Policy, tokens: Tokens) -> None:
        self._policy = policy
        self._passing = Passing(policy, tokens)
        self._numbers: dict[tuple[str, str], str] = {}

    def cover(self, name: str, object_type: str | None) -> Cover | None:
        """A function that covers the values of an attribute; None where they stay. `object_type`: what it names."""
        said = self._policy.spans.get(name.removeprefix(_BAGGAGE))
        if said is None and object_type is not None and self._policy.objects.get(object_type) == "token":
            said = "token"
        if said is None:
            return None
        way = self._passing.way(said, name)
        return _nothing if way is None else lambda value: MASK if (passed := way(value)) is DROPPED else passed

    def refs(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of `span_refs` with objects called as events call them, so that traces meet their cases."""
        types, ids = (pa.array(columns[name], pa.string()).dictionary_encode() for name in ("object_type", "object_id"))
        room = max(len(ids.dictionary), 1)
        codes = types.indices.to_numpy().astype(np.int64) * room + ids.indices.to_numpy()
        pairs, place = np.unique(codes, return_inverse=True)
        type_of, id_of = types.dictionary.to_pylist(), ids.dictionary.to_pylist()
        numbers = [self._number(type_of[code // room], id_of[code % room]) for code in pairs.tolist()]
        return {**columns, "object_id": pa.array(numbers, pa.string()).take(pa.array(place))}

    def _number(self, object_type: str, number: str) -> str:
        known = self._numbers
        found = known.get((object_type, number))
        if found is None:
            if len(known) >= _MEMORY:
                known.clear()
            found = known[object_type, number] = self._passing.number(object_type, number)
        return found


def _nothing(value: Any) -> str:
    return MASK
