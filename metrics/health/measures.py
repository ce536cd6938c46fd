"""What is measured of each hour: which queries give its figures, and which say whether it has to be judged again."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog

from metrics.contracts.model import shipped_contracts
from metrics.definitions.mistakes import DefinitionsError
from metrics.health.policy import PATIENCE
from metrics.quality.load import load_domains
from metrics.store.queries import DIRECTORY, query_text
from metrics.words import DAY

LOG = structlog.get_logger(__name__)

CHAIN: Final = DAY
"""A call that failed is tried again, and a message taken, within so long; what comes later is another message."""
NEVER: Final = -(1 << 63)
"""Before every time that the store can hold."""
CALLS: Final = "calls"
EVENTS: Final = "events"
PROPAGATION: Final = "propagation"


class Naming(NamedTuple):
    """Which system a source (by prefix) and a service (by its name in small letters) belong to; parallel lists."""

    prefixes: tuple[str, ...] = ()
    of_prefixes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    of_words: tuple[str, ...] = ()

    def values(self, measure: str) -> dict[str, Any]:
        """What the queries of a measure take besides the hours."""
        if measure == CALLS:
            words = {"words": list(self.words), "systems": list(self.of_words)}
            return {**words, "chain_us": CHAIN, "patience_us": PATIENCE}
        return {"prefixes": list(self.prefixes), "systems": list(self.of_prefixes)} if measure == EVENTS else {}


class Measure(NamedTuple):
    """`hours`, `prints`, `touched`: queries. `kept`: so long facts stay in the store after intake, None: for ever."""

    name: str
    hours: str
    prints: str
    kept: int | None
    touched: str = ""

    def forgotten(self, now: int) -> int:
        """Facts that were taken in before this instant may be gone from the store at `now` (microseconds)."""
        return NEVER if self.kept is None else now - self.kept

    def rules(self, naming: Naming) -> int:
        """64 bits that differ when hours would be judged in another way."""
        text = f"{query_text(DIRECTORY, self.hours)} {sorted(naming.values(self.name).items())}"
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


MEASURES: Final[Mapping[str, Measure]] = {
    one.name: one
    for one in (
        # A day less than the shortest TTL of the facts: an hour of which some are gone must not be judged again.
        Measure(CALLS, "health_call_hours", "health_call_prints", 89 * DAY, "health_touched_calls"),
        Measure(EVENTS, "health_event_hours", "health_event_prints", 399 * DAY, "health_touched_events"),
        Measure(PROPAGATION, "health_propagation_hours", "health_propagation_prints", None),
    )
}


@cache
def naming_of(definitions: Path | None) -> Naming:
    """As `domains.yaml` beside the definitions has it, else the shipped one; a file with mistakes counts as none."""
    contracts = shipped_contracts()
    try:
        found = load_domains(definitions, contracts).domains
    except DefinitionsError as error:
        LOG.warning("domains_not_read", mistakes=[str(one) for one in error.mistakes])
        found = load_domains(None, contracts).domains
    prefixes, words = found.sources, sorted(found.words.items())
    return Naming(
        tuple(prefix for prefix, _ in prefixes),
        tuple(system for _, system in prefixes),
        tuple(word for word, _ in words),
        tuple(system for _, system in words),
    )
