"""Which sources speak of a type of event in another version than the contract's, or in several at once."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from metrics.queries.health_rows import ContractVersion


class Spoken(NamedTuple):
    """A type of event as one source tells it: (version, events, last time in microseconds), newest version last.

    `declared`: the newest version that has a contract; None when the type has none.
    """

    source: str
    stem: str
    versions: tuple[tuple[int, int, int], ...]
    declared: int | None

    @property
    def drift(self) -> str:
        """What is wrong, '' when the source keeps to the newest contract."""
        told = [version for version, *_ in self.versions]
        if self.declared is None:
            return "no contract"
        if max(told) > self.declared:
            return f"v{max(told)} is newer than the contract, v{self.declared}"
        if len(told) > 1:
            return "several versions at once"
        return f"behind: the contract is v{self.declared}" if told[0] < self.declared else ""


def declared_versions(types: Iterable[str]) -> dict[str, int]:
    """The newest version of each type's contract, by the name without it."""
    newest: dict[str, int] = {}
    for name in types:
        stem, _, version = name.rpartition(".v")
        if stem and version.isdigit():
            newest[stem] = max(newest.get(stem, 0), int(version))
    return newest


def spoken(rows: Iterable[ContractVersion], declared: Mapping[str, int]) -> list[Spoken]:
    """By source and type, those that drift first."""
    found: dict[tuple[str, str], list[ContractVersion]] = {}
    for row in rows:
        found.setdefault((row.source, row.stem), []).append(row)
    told = [
        Spoken(source, stem, tuple(sorted((one.version, one.events, one.last_us) for one in some)), declared.get(stem))
        for (source, stem), some in found.items()
    ]
    return sorted(told, key=lambda one: (not one.drift, one.source, one.stem))
