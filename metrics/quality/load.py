"""Reads `domains.yaml`, and says everything that is wrong with it at once."""

from pathlib import Path
from typing import NamedTuple

from metrics.contracts.model import Contracts, shipped_contracts
from metrics.definitions.load import DOMAINS_FILE
from metrics.definitions.load import SHIPPED as SHIPPED_DEFINITIONS
from metrics.definitions.one_file import read_file
from metrics.quality.checks import check
from metrics.quality.compiling import compile_domains
from metrics.quality.model import Domains
from metrics.quality.schema import DomainsText

SHIPPED = Path(__file__).with_name(DOMAINS_FILE)


class LoadedDomains(NamedTuple):
    """A file as read: what was written, and what follows."""

    file: Path
    written: DomainsText
    domains: Domains


def load_domains(directory: Path | None = None, contracts: Contracts | None = None) -> LoadedDomains:
    """The domains that hold beside process definitions: the `domains.yaml` there, else the shipped one.

    Raises `DefinitionsError` with every mistake.
    """
    own = domains_file(directory) if directory is not None else None
    return read_domains(own or SHIPPED, contracts or shipped_contracts())


def domains_file(path: Path) -> Path | None:
    """The file of domains that belongs to a directory or file of definitions; the shipped one beside the shipped."""
    if path.name == DOMAINS_FILE:
        return path
    if path == SHIPPED_DEFINITIONS:
        return SHIPPED
    file = (path if path.is_dir() else path.parent) / DOMAINS_FILE
    return file if path.is_dir() and file.is_file() else None


def read_domains(file: Path, contracts: Contracts) -> LoadedDomains:
    """One file. Raises `DefinitionsError` with every mistake."""
    written = read_file(file, DomainsText, lambda said: check(said, contracts))
    return LoadedDomains(file, written, compile_domains(written, contracts))
