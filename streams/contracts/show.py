"""One contract as lines for people."""

from collections.abc import Iterator

from metrics.contracts.model import Attribute, Contract, Contracts
from streams.contracts.page import Uses


def described(contracts: Contracts, contract: Contract, uses: Uses) -> Iterator[str]:
    """What a type promises, who emits it and who uses it."""
    event = contract.event
    yield f"{contract.name}: {event.title}"
    yield f"  {event.meaning}"
    deprecated = ", deprecated" if contract.deprecated else ""
    yield f"  major version {contract.major}{deprecated}; contracts {contracts.version}"
    yield f"  owner       {contracts.domain_titles.get(contract.domain, contract.domain)}"
    yield f"  subject     {event.object}/<id>"
    for name in contract.required_objects:
        yield f"  names       {name} (required)"
    for name in contract.optional_objects:
        yield f"  names       {name}"
    for attribute in contract.attributes:
        yield f"  attribute   {_attribute(attribute, contract)}"
    yield f"  amount      {'required' if contract.amount_required else 'where it is known'}"
    systems = uses.coverage.get(contract.name, {})
    yield f"  from        {', '.join(sorted(systems)) or 'no shipped mapping'}"
    yield f"  used by     {', '.join(uses.milestones.get(contract.name, ())) or 'no shipped process'}"


def _attribute(attribute: Attribute, contract: Contract) -> str:
    remarks = [attribute.expected]
    if attribute.name in contract.required_attributes:
        remarks.append("required")
    if attribute.sensitivity != "none":
        remarks.append(f"sensitivity {attribute.sensitivity}")
    return f"{attribute.name}: {'; '.join(remarks)}"
