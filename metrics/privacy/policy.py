"""What passes, as `privacy.yaml` beside this file and a file of one's own say it; the contracts say what there is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from metrics.contracts.model import SENSITIVITIES, Attribute, Contracts, shipped_contracts
from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake, unknown
from metrics.definitions.yaml_text import Parsed, parse
from metrics.privacy.vocabulary import Vocabulary, reference_words

RULES_FILE: Final = Path(__file__).with_name("privacy.yaml")
Pass = Literal["code", "words", "kind", "token", "value", "name", "text", "bank", "drop"]
ObjectPass = Literal["number", "words", "token"]
_Said = TypeVar("_Said", bound=str)


class _RulesText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    version: Literal[1]
    objects: dict[str, ObjectPass] = {}
    sensitivities: dict[str, Pass] = {}
    attributes: dict[str, Pass] = {}
    events: dict[str, dict[str, Pass]] = {}
    own: dict[str, Pass] = {}
    spans: dict[str, Pass] = {}
    vocabularies: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Policy:
    """What passes. `everywhere`: of events whose type has no more to say, known or not."""

    objects: Mapping[str, ObjectPass]
    everywhere: Mapping[str, Pass]
    events: Mapping[str, Mapping[str, Pass]]
    spans: Mapping[str, Pass]
    attributes: Mapping[str, Attribute]
    known_types: frozenset[str]
    vocabulary: Vocabulary

    def of(self, event_type: str) -> Mapping[str, Pass]:
        """How each attribute of an event passes; one that is not named here does not."""
        return self.events.get(event_type, self.everywhere)


def load_policy(
    own: Path | None = None,
    contracts: Contracts | None = None,
    *,
    definitions: Path | None = None,
    words: Iterable[str] = (),
) -> Policy:
    """The rules shipped, and before them those of a file. Raises DefinitionsError with every mistake of either.

    Known words are those of the rules, of the definitions in force (None: those shipped), and `words`.
    """
    known = contracts or shipped_contracts()
    texts = [_read(file, known) for file in (RULES_FILE, *([own] if own else []))]
    sensitivities = _merged(text.sensitivities for text in texts)
    attributes = _merged(text.attributes for text in texts) | _merged(text.own for text in texts)
    passes = {one.name: _pass(one, sensitivities) for one in _declared(known)} | attributes
    events: dict[str, dict[str, Pass]] = {}
    for text in texts:
        for name, said in text.events.items():
            events[name] = {**events.get(name, {}), **said}
    return Policy(
        objects=MappingProxyType(_merged(text.objects for text in texts)),
        everywhere=MappingProxyType(passes),
        events=MappingProxyType({name: MappingProxyType({**passes, **said}) for name, said in events.items()}),
        spans=MappingProxyType(_merged(text.spans for text in texts)),
        attributes=MappingProxyType({one.name: one for one in _declared(known)}),
        known_types=frozenset(known.events) | known.technical,
        vocabulary=Vocabulary([*_listed(texts), *reference_words(definitions), *words, *known.events]),
    )


def _listed(texts: Iterable[_RulesText]) -> Iterable[str]:
    return (word for text in texts for words in text.vocabularies.values() for word in words)


def _declared(contracts: Contracts) -> Iterable[Attribute]:
    """Every attribute that a contract names."""
    own = {one.name: one for contract in contracts.events.values() for one in contract.attributes}
    return {**own, **contracts.attributes}.values()


def _pass(attribute: Attribute, sensitivities: Mapping[str, Pass]) -> Pass:
    said = sensitivities.get(attribute.sensitivity, "drop")
    exact = bool(attribute.values) or not attribute.kind.any_text
    return "kind" if said == "code" and exact else said


def _merged(parts: Iterable[Mapping[str, _Said]]) -> dict[str, _Said]:
    return {name: said for part in parts for name, said in part.items()}


def _read(file: Path, contracts: Contracts) -> _RulesText:
    try:
        content = file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise DefinitionsError([Mistake(str(file), 0, (), f"can't be read: {error.strerror}")]) from None
    parsed = parse(content)
    if parsed.findings:
        raise DefinitionsError(Mistake(file.name, line, one.place, one.message) for line, one in parsed.findings)
    try:
        text = _RulesText.model_validate(parsed.data)
    except ValidationError as error:
        raise _mistakes(file, parsed, explain(error, _RulesText)) from None
    if findings := list(_findings(text, contracts)):
        raise _mistakes(file, parsed, findings)
    return text


def _findings(text: _RulesText, contracts: Contracts) -> Iterable[Finding]:
    """Words that nothing defines, each with the nearest that is defined."""
    attributes = {one.name for one in _declared(contracts)} | {"activity"} | set(text.own)
    types = set(contracts.events) | contracts.technical
    yield from _unknown("object type", ("objects",), text.objects, contracts.vocabulary.objects)
    yield from _unknown("sensitivity", ("sensitivities",), text.sensitivities, SENSITIVITIES)
    yield from _unknown("attribute", ("attributes",), text.attributes, attributes)
    yield from _unknown("event type", ("events",), text.events, types)
    for name, said in text.events.items():
        yield from _unknown("attribute", ("events", name), said, attributes)


def _unknown(kind: str, place: tuple[str, ...], used: Iterable[str], known: Collection[str]) -> Iterable[Finding]:
    for word in used:
        if word not in known:
            hint = " (an attribute of your own goes under `own`)" if kind == "attribute" else ""
            yield Finding((*place, word), unknown(kind, word, known) + hint)


def _mistakes(file: Path, parsed: Parsed, findings: Iterable[Finding]) -> DefinitionsError:
    return DefinitionsError(Mistake(file.name, parsed.line_of(one.place), one.place, one.message) for one in findings)
