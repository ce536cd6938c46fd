"""Reads `ledger.yaml` and compiles it to what posting needs: for each event type, the stages it speaks about."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from metrics.definitions.mistakes import Finding
from metrics.definitions.one_file import read_file
from metrics.ledger.schema import DIMENSIONS, DocumentText, LedgerText
from metrics.vocabulary import Vocabulary, load_vocabulary

LEDGER_FILE: Final = Path(__file__).with_name("ledger.yaml")
VERBS: Final = ("post", "restore", "cancel")


class Rule(NamedTuple):
    """What one event type does to one stage of the documents of one type.

    `hours` are attributes, the first that is there counts; `beyond` is an attribute with the hours that do not count.
    `dated`: the document stands on the day of its effective date.
    """

    stage: str
    document: str
    verb: str
    money: bool
    hours: tuple[str, ...]
    beyond: tuple[str, Decimal] | None
    yields_to: str
    dated: bool = False


class Place(NamedTuple):
    """Where a dimension is told: attributes, and the object type ('' for none)."""

    attributes: tuple[str, ...]
    object: str


class LedgerRules(NamedTuple):
    """All rules: by event type, the places of dimensions in the order of `DIMENSIONS`, and what makes labour."""

    by_type: Mapping[str, tuple[Rule, ...]]
    places: tuple[Place, ...]
    labour: frozenset[str]
    titles: Mapping[str, str]


@cache
def load_rules(file: Path = LEDGER_FILE) -> LedgerRules:
    """The rules of a file. Raises DefinitionsError with every mistake in it."""
    return _compiled(read_file(file, LedgerText, lambda written: _strange(written, load_vocabulary())))


def _strange(written: LedgerText, vocabulary: Vocabulary) -> list[Finding]:
    """Words that the vocabulary does not know, and dimensions that are nowhere."""
    found = [Finding(("dimensions",), f"{name} is missing") for name in DIMENSIONS if name not in written.dimensions]
    for stage, text in written.stages.items():
        for document, rule in text.documents.items():
            place = ("stages", stage, "documents", document)
            if document not in vocabulary.objects:
                found.append(Finding(place, f"{document} is no object type"))
            types = [(verb, name) for verb in VERBS for name in getattr(rule, verb)]
            found += [
                Finding((*place, verb), f"{name} is no event type of a {document}")
                for verb, name in types
                if name not in vocabulary.events or vocabulary.events[name].object != document
            ]
            twice = {name for _, name in types if [other for _, other in types].count(name) > 1}
            found += [Finding(place, f"{name} stands twice") for name in sorted(twice)]
    return found


def _compiled(written: LedgerText) -> LedgerRules:
    by_type: dict[str, list[Rule]] = {}
    for stage, text in written.stages.items():
        for document, rule in text.documents.items():
            for verb in VERBS:
                for name in getattr(rule, verb):
                    by_type.setdefault(name, []).append(_rule(stage, document, verb, rule))
    told = (written.dimensions[name] for name in DIMENSIONS)
    return LedgerRules(
        {name: tuple(rules) for name, rules in by_type.items()},
        tuple(Place(one.attributes, one.object or "") for one in told),
        frozenset(written.labour),
        {name: stage.title for name, stage in written.stages.items()},
    )


def _rule(stage: str, document: str, verb: str, text: DocumentText) -> Rule:
    posts = verb == "post"
    hours = text.hours if posts else None
    beyond = (hours.beyond.attribute, hours.beyond.hours) if hours and hours.beyond else None
    return Rule(
        stage,
        document,
        verb,
        posts and text.money,
        hours.attributes if hours else (),
        beyond,
        text.yields_to or "",
        text.dated,
    )
