"""The golden cases as tests play them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from streams.sources import golden
from streams.sources.golden import Case, Played
from streams.sources.load import load_mapping
from streams.sources.mapping import Mapping

CASES = list(golden.cases(Path(__file__).parent))
NAMED = {f"{case.system}/{case.name}": case for case in CASES}
SYSTEMS = sorted({case.system for case in CASES})


@dataclass(frozen=True)
class Written:
    """A Kafka record as it comes back from the broker."""

    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    topic: str = "flowglass.events"
    partition: int = 0
    timestamp: int = 0


@cache
def load(name: str) -> Mapping:
    """A mapping by its name or file."""
    return load_mapping(name).mapping


def played(case: Case) -> tuple[Mapping, Played]:
    """The mapping of a case, and what it makes of the case's messages."""
    return _played(f"{case.system}/{case.name}")


@cache
def _played(name: str) -> tuple[Mapping, Played]:
    case = NAMED[name]
    mapping = load(case.mapping)
    return mapping, golden.play(case, mapping)
