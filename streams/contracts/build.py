"""Every generated file of the contracts: its place below `docs/schema`, and its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metrics.contracts.json_schema import ENDING, schema_text, schemas
from metrics.contracts.model import Contracts, shipped_contracts
from metrics.definitions.load import load as load_definitions
from streams.contracts.asyncapi import EVENTS_FOLDER, document_text
from streams.contracts.page import Uses, milestones_of, page
from streams.sources.coverage import coverage
from streams.sources.load import SHIPPED, Library

FOLDER: Final = Path("docs/schema")
ASYNCAPI_FILE: Final = "asyncapi.yaml"
PAGE_FILE: Final = f"{EVENTS_FOLDER}/README.md"


@dataclass(frozen=True, slots=True)
class Stale:
    """Generated files that are not as they would be written now, by their place below the folder."""

    missing: tuple[str, ...]
    differing: tuple[str, ...]
    left_over: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.differing or self.left_over)

    def __str__(self) -> str:
        said = {"missing": self.missing, "out of date": self.differing, "left over": self.left_over}
        return "; ".join(f"{what}: {', '.join(names)}" for what, names in said.items() if names)


def shipped_uses() -> Uses:
    """Who emits and who uses the types, in the mappings and definitions that come with Flowglass.

    Raises `DefinitionsError` when one of them has mistakes.
    """
    library = Library((SHIPPED,))
    return Uses(coverage([library.load(name) for name in library.systems()]), milestones_of(load_definitions()))


def texts(contracts: Contracts | None = None, uses: Uses | None = None) -> dict[str, str]:
    """Place below the folder -> text, of every generated file."""
    known = contracts or shipped_contracts()
    found = {f"{EVENTS_FOLDER}/{name}": schema_text(schema) for name, schema in schemas(known).items()}
    found[ASYNCAPI_FILE] = document_text(known)
    found[PAGE_FILE] = page(known, uses or shipped_uses())
    return found


def write(folder: Path, wanted: Mapping[str, str]) -> Stale:
    """Write what differs and remove schemas that are no longer generated; returns what was not up to date."""
    stale = compare(folder, wanted)
    for name in (*stale.missing, *stale.differing):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted[name], encoding="utf-8")
    for name in stale.left_over:
        (folder / name).unlink()
    return stale


def compare(folder: Path, wanted: Mapping[str, str]) -> Stale:
    """What in the folder is not as it would be written."""
    present = {name: (folder / name).read_text(encoding="utf-8") for name in wanted if (folder / name).is_file()}
    schemas_there = {f"{EVENTS_FOLDER}/{file.name}" for file in (folder / EVENTS_FOLDER).glob(f"*{ENDING}")}
    return Stale(
        missing=tuple(sorted(wanted.keys() - present.keys())),
        differing=tuple(sorted(name for name, text in present.items() if text != wanted[name])),
        left_over=tuple(sorted(schemas_there - wanted.keys())),
    )
