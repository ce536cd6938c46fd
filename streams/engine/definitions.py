"""Which definitions were in force: written to the store at start, so that a number can be traced to its rules."""

from typing import Any

import structlog

from metrics.definitions.registry import Catalogue
from streams.engine.feeds import WallClock
from streams.engine.ports import Reader, StoreWriter

log = structlog.get_logger(__name__)


def note_definitions(catalogue: Catalogue, reader: Reader, writer: StoreWriter, clock: WallClock) -> None:
    """Store what is new; warn where the content of a version changed, for its older cases followed other rules."""
    known = {
        (row["process"], row["version"]): row["hash"]
        for row in reader.rows("SELECT process, version, hash FROM v_definitions", {})
    }
    fresh = [
        loaded
        for loaded in catalogue.loaded
        if known.get((loaded.definition.process, loaded.definition.version)) != loaded.definition.hash
    ]
    for loaded in fresh:
        definition = loaded.definition
        if (definition.process, definition.version) in known:
            log.warning(
                "a definition changed without a new version; give it one, and open cases stay on theirs",
                process=definition.process,
                version=definition.version,
            )
    if fresh:
        columns: dict[str, list[Any]] = {
            "process": [loaded.definition.process for loaded in fresh],
            "version": [loaded.definition.version for loaded in fresh],
            "hash": [loaded.definition.hash for loaded in fresh],
            "yaml": [loaded.text for loaded in fresh],
            "loaded_at": [clock()] * len(fresh),
        }
        writer.send(writer.prepare("definitions", columns))
