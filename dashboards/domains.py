"""The domains that answer for data, with their owners, and the systems that events come from."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import structlog

from dashboards.wording import humanised
from metrics.contracts.model import shipped_contracts
from metrics.definitions.mistakes import DefinitionsError
from metrics.quality.load import load_domains

LOG = structlog.get_logger(__name__)


class Domains(NamedTuple):
    """Domain name to title and owner, object type to domain, and system name to title.

    `sources` are (prefix of a source, system), longest first; `words` are other names of systems, in small letters.
    """

    titles: Mapping[str, str]
    owners: Mapping[str, str]
    of_object: Mapping[str, str]
    systems: Mapping[str, str]
    sources: tuple[tuple[str, str], ...]
    words: Mapping[str, str]

    def title(self, domain: str) -> str:
        """The domain in words."""
        return self.titles.get(domain) or humanised(domain) or "No domain"

    def system_title(self, system: str) -> str:
        """The system in words; one that nobody declared by its own name, as words."""
        return self.systems.get(system) or humanised(system.replace("-", "_"))

    def service_title(self, service: str) -> str:
        """A service of traces in words: the system behind it, else its own name."""
        return self.system_title(self.system_of(service))

    def system_of(self, service: str) -> str:
        """The system behind a service's name in traces."""
        plain = service.lower()
        return self.words.get(plain) or self.words.get(plain.replace("-", "_")) or service

    @property
    def owner_parameters(self) -> dict[str, list[str]]:
        """The owners as the parallel lists that queries take."""
        return {"domains": list(self.owners), "owners": list(self.owners.values())}

    @property
    def object_parameters(self) -> dict[str, list[str]]:
        """The domains of object types as the parallel lists that queries take."""
        return {"types": list(self.of_object), "type_domains": list(self.of_object.values())}

    @property
    def source_parameters(self) -> dict[str, list[str]]:
        """The systems of sources as the parallel lists that queries take."""
        return {"prefixes": [prefix for prefix, _ in self.sources], "systems": [name for _, name in self.sources]}


def read_domains(definitions: Path | None = None) -> Domains:
    """The domains beside the process definitions, else those shipped; a file with mistakes counts as none."""
    contracts = shipped_contracts()
    try:
        found = load_domains(definitions, contracts).domains
    except DefinitionsError as problem:
        LOG.warning("domains_not_read", problem=str(problem)[:2000])
        found = load_domains(None, contracts).domains
    titles = {**contracts.domain_titles, **found.titles}
    return Domains(titles, found.owners, contracts.domain_of_object, found.systems, found.sources, found.words)
