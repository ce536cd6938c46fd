"""`where` conditions of a milestone, compiled."""

from collections.abc import Mapping, Sequence

from metrics.definitions.model import Predicate
from metrics.words import Event


def text_of(value: object) -> str:
    """An attribute's value as text, the same whether a source wrote true, "true", 3 or 3.0."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def compile_where(where: Mapping[str, Sequence[object]]) -> Predicate | None:
    """A predicate that holds when every attribute has one of its values; None when nothing is asked."""
    if not where:
        return None
    wanted = tuple((name, frozenset(map(text_of, values))) for name, values in where.items())
    if len(wanted) == 1:
        return _has_one(*wanted[0])

    def holds(event: Event) -> bool:
        attributes = event.attributes
        return all(name in attributes and text_of(attributes[name]) in values for name, values in wanted)

    return holds


def _has_one(name: str, values: frozenset[str]) -> Predicate:
    def holds(event: Event) -> bool:
        value = event.attributes.get(name)
        return value is not None and text_of(value) in values

    return holds
