"""Our own jmespath functions: what lists of small objects need."""

from collections.abc import Mapping, Sequence
from typing import Any

from jmespath import functions


class Functions(functions.Functions):
    """The library's functions and these: ``merge_all(list)`` and ``pivot(list, 'name', 'value')``."""

    @functions.signature({"types": ["array", "null"]})
    def _func_merge_all(self, objects: Sequence[Any] | None) -> dict[str, Any] | None:
        """One object of all; a later one wins."""
        if objects is None:
            return None
        merged: dict[str, Any] = {}
        for one in objects:
            if isinstance(one, Mapping):
                merged.update(one)
        return merged

    @functions.signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": ["string"]})
    def _func_pivot(self, pairs: Sequence[Any] | None, name: str, value: str) -> dict[str, Any] | None:
        """A list of name/value objects as one object; the first of a name wins."""
        if pairs is None:
            return None
        result: dict[str, Any] = {}
        for pair in pairs:
            if isinstance(pair, Mapping) and isinstance(pair.get(name), str):
                result.setdefault(pair[name], pair.get(value))
        return result
