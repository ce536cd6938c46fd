"""Does an alert meet what a route, an inhibition or a silence asks for? All labels asked for must fit."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from metrics.alerts.words import Labels

Matchers = Mapping[str, Sequence[str]]
"""Label → values of which one must fit; `*` and `?` stand for any letters and any one letter."""


def fits(matchers: Matchers, labels: Labels) -> bool:
    """Whether every label asked for has one of its values. Nothing asked for fits all."""
    return all(any(fnmatchcase(labels.get(name, ""), value) for value in values) for name, values in matchers.items())


def written(matchers: Matchers) -> str:
    """As people write it: kind=breach,at_risk process=supplier_onboarding."""
    return " ".join(f"{name}={','.join(values)}" for name, values in sorted(matchers.items())) or "everything"


def parse_matchers(words: Sequence[str], allowed: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`kind=breach,at_risk` words as matchers. ValueError names the word that is wrong."""
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, equals, values = word.partition("=")
        if not equals or name not in allowed:
            raise ValueError(f"{word!r} is no LABEL=VALUE[,VALUE]; labels are {', '.join(allowed)}")
        found[name] = tuple(part for part in values.split(",") if part)
        if not found[name]:
            raise ValueError(f"{word!r} names no value")
    return found
