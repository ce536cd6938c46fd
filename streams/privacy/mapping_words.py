"""The words of mappings: a status of a mapping's own table is no person's name."""

from collections.abc import Iterator
from pathlib import Path

from metrics.privacy.vocabulary import words_of_files
from streams.sources.load import SHIPPED, SIMULATED


def mapping_words(own: Path | None = None) -> Iterator[str]:
    """What the mappings speak of, but for their prose: those of one's own, those shipped, those of the simulator."""
    for folder in (own, SHIPPED, SIMULATED):
        if folder is not None:
            yield from words_of_files(sorted(folder.glob("*.yaml")))
