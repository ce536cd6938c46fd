"""What every selector is compiled to."""

from collections.abc import Callable
from typing import Any

from streams.sources.message import Scope

Reader = Callable[[Scope, Any], Any]
"""(where names look, what a path works on) -> what is found; None for nothing."""


def then(parts: list[Reader]) -> Reader:
    """A chain: each part works on what the part before found."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        first, second = parts
        return lambda scope, found: second(scope, first(scope, found))
    if len(parts) == 3:
        first, second, third = parts
        return lambda scope, found: third(scope, second(scope, first(scope, found)))

    def run(scope: Scope, found: Any) -> Any:
        for part in parts:
            found = part(scope, found)
        return found

    return run


def once_an_item(reader: Reader) -> Reader:
    """The reader of something in the item that several ask for: it looks only once, whatever stands before it."""
    own = object()

    def read(scope: Scope, found: Any) -> Any:
        known = scope.known
        if own not in known:
            known[own] = reader(scope, scope.item)
        return known[own]

    return read
