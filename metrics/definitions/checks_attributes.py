"""Attribute names that are misspelt. Sources may send any attribute, so only near misses of a declared one are told."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from metrics.definitions.mistakes import Finding
from metrics.definitions.schema import ProcessText
from metrics.vocabulary import Vocabulary

NEAR = 0.85
"""Similarity above which two names are taken for one."""


def attribute_findings(process: ProcessText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Conditions and case attributes that name an attribute almost as the vocabulary does."""
    everywhere: set[str] = set()
    for name, milestone in process.milestones.items():
        events = [vocabulary.events[activity] for activity in milestone.on if activity in vocabulary.events]
        declared = {attribute for event in events for attribute in event.attributes}
        everywhere |= declared
        for attribute in milestone.where:
            yield from _near_miss(("milestones", name, "where", attribute), attribute, declared)
    for name, attribute in process.attributes.items():
        yield from _near_miss(("attributes", name), attribute, everywhere)


def _near_miss(place: tuple[str | int, ...], attribute: str, declared: Collection[str]) -> Iterator[Finding]:
    if attribute not in declared:
        for meant in get_close_matches(attribute, list(declared), n=1, cutoff=NEAR):
            yield Finding(place, f"unknown attribute '{attribute}'; did you mean '{meant}'?")
