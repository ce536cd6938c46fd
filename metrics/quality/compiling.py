"""What a person wrote becomes what the judgement uses."""

from collections.abc import Mapping

from metrics.contracts.model import Contracts
from metrics.quality.model import Domains, DuplicateRule, Group, ObjectRules, ReferenceRule, Target
from metrics.quality.schema import DomainsText, DomainText, DuplicateText, GroupText, ObjectText, ReferenceText
from metrics.sla.durations import parse_duration


def compile_domains(text: DomainsText, contracts: Contracts) -> Domains:
    """The compiled file; it has been checked."""
    prefixes = [(prefix, name) for name, system in text.systems.items() for prefix in system.sources]
    words = {word.lower(): name for name, system in text.systems.items() for word in (name, *system.called)}
    return Domains(
        systems={name: system.title for name, system in text.systems.items()},
        titles={name: domain.title for name, domain in text.domains.items()},
        owners={name: domain.owner for name, domain in text.domains.items()},
        objects={
            name: _object(name, said, domain_name, domain, _secret(said, contracts))
            for domain_name, domain in text.domains.items()
            for name, said in domain.objects.items()
        },
        sources=tuple(sorted(prefixes, key=lambda pair: (-len(pair[0]), pair))),
        words=words,
    )


def _secret(said: ObjectText, contracts: Contracts) -> frozenset[str]:
    """Attributes that tell of a person or a bank account, and object types that are persons."""
    fields = {field for group in said.groups.values() for field in group.fields}
    attributes = contracts.attributes
    return frozenset(one for one in fields if one in attributes and attributes[one].sensitivity != "none")


def _object(name: str, said: ObjectText, domain: str, text: DomainText, secret: frozenset[str]) -> ObjectRules:
    return ObjectRules(
        type=name,
        domain=domain,
        owner=text.owner,
        within=parse_duration(text.within),
        groups=tuple(_group(group, one) for group, one in said.groups.items()),
        told_by=frozenset(said.told_by),
        same={field: _words(words) for field, words in said.same.items()},
        duplicates=tuple(_duplicate(rule, one) for rule, one in said.duplicates.items()),
        references=None if said.references is None else _references(said.references),
        ends=frozenset(said.ends),
        secret=secret,
    )


def _words(words: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {other.casefold(): word for word, others in words.items() for other in (word, *others)}


def _group(name: str, said: GroupText) -> Group:
    targets = tuple(
        Target(
            target,
            one.system or target,
            parse_duration(one.within),
            frozenset(one.seen),
            one.counts_from == "effective",
        )
        for target, one in said.targets.items()
    )
    return Group(name, frozenset(said.record), said.fields, frozenset(said.changes), targets)


def _duplicate(name: str, said: DuplicateText) -> DuplicateRule:
    return DuplicateRule(name, said.fields, said.similar)


def _references(said: ReferenceText) -> ReferenceRule:
    return ReferenceRule(frozenset(said.known_by), parse_duration(said.within), said.attributes, said.kind)
