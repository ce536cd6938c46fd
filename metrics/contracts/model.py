"""What each canonical type promises: the vocabulary joined with the facts of `contracts.yaml` beside this file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from metrics.contracts.kinds import KINDS, Kind, Schema, Test, schema_of, test_of
from metrics.definitions.yaml_text import QUICK_LOADER
from metrics.vocabulary import EventType, Vocabulary, load_vocabulary

CONTRACTS_FILE: Final = Path(__file__).with_name("contracts.yaml")
SENSITIVITIES: Final = ("none", "person", "free_text", "bank")
THIN: Final = ("enrichment", "pending")
"""By this attribute an event says that an answer will complete it: it need not name yet what is required."""
NOBODYS: Final = "integration"
"""The domain that answers for what belongs to no object of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its name means the same in every event that carries it."""

    name: str
    kind: Kind
    meaning: str = ""
    sensitivity: str = "none"
    values: tuple[str, ...] = ()
    many: bool = False

    @property
    def schema(self) -> Schema:
        """What JSON Schema allows for it."""
        return schema_of(self.kind, self.values, self.many)

    @property
    def test(self) -> Test:
        """Whether a value is allowed."""
        return test_of(self.kind, self.values, self.many)

    @property
    def expected(self) -> str:
        """What is allowed, for people."""
        one = f"one of {', '.join(self.values)}" if self.values else self.kind.article
        return f"{one}, or a list of such" if self.many else one


@dataclass(frozen=True, slots=True)
class Contract:
    """One canonical type in one major version. `required_*`: without them an event breaks the contract."""

    event: EventType
    domain: str
    attributes: tuple[Attribute, ...] = ()
    required_objects: tuple[str, ...] = ()
    required_attributes: tuple[str, ...] = ()
    amount_required: bool = False
    deprecated: bool = False

    @property
    def name(self) -> str:
        return self.event.name

    @property
    def major(self) -> int:
        """The version in the type's name: 1 for ``purchase_order.created.v1``."""
        return int(self.name.rpartition(".v")[2])

    @property
    def optional_objects(self) -> tuple[str, ...]:
        """The types that an event names when it knows them."""
        return tuple(name for name in self.event.others if name not in self.required_objects)


@dataclass(frozen=True)
class Contracts:
    """All contracts; mappings are read-only. `version`: of the whole set."""

    version: str
    events: Mapping[str, Contract]
    attributes: Mapping[str, Attribute]
    domain_of_object: Mapping[str, str]
    domain_titles: Mapping[str, str]
    technical: frozenset[str]
    vocabulary: Vocabulary

    @cached_property
    def allowed(self) -> Mapping[str, frozenset[str]]:
        """For each type the attributes whose meaning is known: its own and those any event may carry."""
        known = frozenset(self.attributes)
        return MappingProxyType(
            {name: known | {one.name for one in contract.attributes} for name, contract in self.events.items()}
        )

    def owner(self, event_type: str) -> str:
        """The domain of a type, known or not: an unknown one belongs to whoever owns the object in its name."""
        contract = self.events.get(event_type)
        if contract is not None:
            return contract.domain
        return self.domain_of_object.get(event_type.partition(".")[0], NOBODYS)


@cache
def shipped_contracts() -> Contracts:
    """The contracts that come with the program, read once."""
    return load_contracts()


def load_contracts(path: Path = CONTRACTS_FILE, vocabulary: Vocabulary | None = None) -> Contracts:
    """Read a file of contracts. Raises `ValueError` when it uses a word that is not defined."""
    words = vocabulary or load_vocabulary()
    text = yaml.load(path.read_text(encoding="utf-8"), QUICK_LOADER)
    attributes = {name: _attribute(path, name, said) for name, said in text["attributes"].items()}
    domains = {name: domain for domain, said in text["domains"].items() for name in said["objects"]}
    requires: Mapping[str, Mapping[str, Any]] = text["requires"]
    deprecated: list[str] = text["deprecated"]
    _known(path, "event types", [*requires, *deprecated], words.events)
    _known(path, "object types", [*domains, *(o for one in requires.values() for o in one.get("objects", ()))],
           words.objects)  # fmt: skip
    events = {
        name: _contract(event, domains, attributes, requires.get(name, {}), name in deprecated)
        for name, event in words.events.items()
    }
    for contract in events.values():
        _known(path, f"attributes required of {contract.name}", contract.required_attributes, attributes)
    return Contracts(
        version=str(text["version"]),
        events=MappingProxyType(events),
        attributes=MappingProxyType(attributes),
        domain_of_object=MappingProxyType(domains),
        domain_titles=MappingProxyType({name: said["title"] for name, said in text["domains"].items()}),
        technical=words.technical,
        vocabulary=words,
    )


def _known(path: Path, what: str, used: Iterable[str], defined: Collection[str]) -> None:
    if unknown := sorted(set(used) - set(defined)):
        raise ValueError(f"{path.name}: {what} used but not defined: {', '.join(unknown)}")


def _attribute(path: Path, name: str, said: Mapping[str, Any]) -> Attribute:
    sensitivity = said.get("sensitivity", "none")
    _known(path, f"kinds ({name})", [said["kind"]], KINDS)
    _known(path, f"sensitivities ({name})", [sensitivity], SENSITIVITIES)
    return Attribute(
        name, KINDS[said["kind"]], said["meaning"], sensitivity, tuple(said.get("values", ())), said.get("many", False)
    )


def _contract(
    event: EventType,
    domains: Mapping[str, str],
    attributes: Mapping[str, Attribute],
    requires: Mapping[str, Any],
    deprecated: bool,
) -> Contract:
    names = dict.fromkeys([*event.attributes, *requires.get("attributes", ())])
    return Contract(
        event=event,
        domain=domains.get(event.object, NOBODYS),
        attributes=tuple(attributes.get(name) or Attribute(name, KINDS["any"]) for name in names),
        required_objects=tuple(requires.get("objects", ())),
        required_attributes=tuple(requires.get("attributes", ())),
        amount_required=requires.get("amount", False),
        deprecated=deprecated,
    )
